"""The report: a page that somebody who is no programmer understands, and the same for programs."""

import json
from collections.abc import Iterator

from services.auditor.printable import printable
from services.auditor.reconcile import Reconciled, announced
from services.auditor.verify import Report, Verdict

_SAID = {
    Verdict.VERIFIED: "VERIFIED. The history is whole, it is the one that was signed with a key you trust, and the "
    "ledger follows from it.",
    Verdict.CONSISTENT: "CONSISTENT WITH ITSELF, and no more: you named no key that you trust (--key), so whoever made "
    "this bundle could have made all of it.",
    Verdict.PUBLIC_VERIFIED: "WHAT IS PUBLIC IS VERIFIED, and no more: the service shows a history that was signed "
    "with a key you trust. Its records, and so its ledger, were not seen: that takes an auditor's access key "
    "(--api-key-file).",
    Verdict.PUBLIC_CONSISTENT: "WHAT IS PUBLIC IS CONSISTENT WITH ITSELF, and no more: you named no key that you trust "
    "(--key), and the records, and so the ledger, were not seen: that takes an auditor's access key (--api-key-file).",
    Verdict.FINDINGS: "NOT AS IT SHOULD BE. What was found stands below.",
}


def words(report: Report) -> Iterator[str]:
    """The report in lines of plain words, whatever the bundle or the service says of itself."""
    return map(printable, _words(report))


def _words(report: Report) -> Iterator[str]:
    yield _SAID[report.verdict]
    yield ""
    if report.size is not None:
        yield f"Log        {report.origin}"
        yield f"Records    {report.size:,}"
        yield f"Root       {report.root}"
    if report.contracts is not None:
        yield f"Contracts  {report.contracts:,} rebuilt from the records and compared with the ledger, row by row"
    if report.held:
        yield f"Held       compared with {', '.join(report.held)}"
    else:
        yield "Held       nothing: an older checkpoint (--held) would show whether earlier history was rewritten"
    if report.older:
        yield f"Earlier    {report.older:,} older checkpoints, {report.older_pinned:,} of them signed by keys you named"
    if report.opened:
        yield f"Opened     {report.opened:,} disclosed values are what their records committed to"
    if report.announced:
        agreeing = sum(bool(one.agrees) for one in report.announced)
        yield f"Announced  {agreeing:,} of {len(report.announced):,} statements drawn from the ledger agree with it"
    if report.witnessed:
        yield _witnesses(report)
    else:
        yield "Witnesses  not asked for (--policy): an operator could show others another history"
    for one in report.announced:
        if not one.agrees:
            yield f"           {announced(one)}"
    yield from _unchecked(report)
    if report.counted:
        yield ""
        yield from _findings(report)


def _unchecked(report: Report) -> Iterator[str]:
    others = report.explained_otherwise
    if others:
        some = ", ".join(others[:3]) + (", …" if others[3:] else "")
        yield f"Schemas    {len(others):,} aren't this verifier's own: of another release, or changed ({some})"
    if report.unchecked:
        yield f"Not checked: {', '.join(report.unchecked)}; these are words and programs, not records"


def _witnesses(report: Report) -> str:
    if report.cosigned is None:
        return "Witnesses  not enough of them have cosigned"
    if report.cosigned == report.size:
        return "Witnesses  enough of them have cosigned all of it"
    return f"Witnesses  enough of them have cosigned the first {report.cosigned:,} records, and not yet the later ones"


def _findings(report: Report) -> Iterator[str]:
    if report.first_bad is not None:
        yield f"The first bad record is number {report.first_bad:,}."
    for found in report.findings:
        place = "" if found.position is None else f" (record {found.position:,})"
        yield f"- {found.sentence}{place} [{found.kind}]"
    if report.counted > len(report.findings):
        yield f"… and {report.counted - len(report.findings):,} more."


def told(report: Report) -> str:
    """The report as JSON, in ASCII: it is valid in whatever encoding it is written."""
    return json.dumps(
        {
            "verdict": report.verdict.value,
            "tenant": report.tenant,
            "origin": report.origin,
            "size": report.size,
            "root": report.root,
            "contracts": report.contracts,
            "ledger_digest": report.ledger_digest,
            "keys": report.keys,
            "held": report.held,
            "seen": "what is public" if report.public else "everything",
            "witnessed": report.witnessed,
            "cosigned": report.cosigned,
            "older": report.older,
            "older_under_your_keys": report.older_pinned,
            "opened": report.opened,
            "not_checked": report.unchecked,
            "explained_otherwise": report.explained_otherwise,
            "announced": [
                {name: getattr(one, name) for name in Reconciled.__dataclass_fields__} for one in report.announced
            ],
            "first_bad": report.first_bad,
            "findings_counted": report.counted,
            "findings": [
                {"kind": found.kind, "position": found.position, "sentence": found.sentence}
                for found in report.findings
            ],
        },
        indent=2,
    )
