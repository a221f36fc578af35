"""`verify FILE [--key VKEY …] [--policy FILE] [--held FILE …] [--json]`; ends with 0, 1 (findings) or 2."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from domain.transparency.note import NoteMalformed, VerifierKey
from domain.transparency.policy import Policy, PolicyMalformed
from services.auditor import report as reports
from services.auditor.bundle import Bundle, CantOpen
from services.auditor.history import Progress
from services.auditor.trust import Held, Trust
from services.auditor.verify import verify

GENUINE, FOUND, NO_BUNDLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a bundle and print the report; answers the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        trust = _trust(asked)
    except (OSError, NoteMalformed, PolicyMalformed) as error:
        sys.stderr.write(f"verify: {error}\n")
        return NO_BUNDLE
    try:
        with Bundle(asked.file) as bundle:
            report = verify(bundle, trust, _bar() if sys.stderr.isatty() and not asked.json else _silent)
    except CantOpen as error:
        sys.stderr.write(f"verify: this is no bundle that can be opened: {error}\n")
        return NO_BUNDLE
    sys.stdout.write((reports.told(report) if asked.json else "\n".join(reports.words(report))) + "\n")
    return FOUND if report.counted else GENUINE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify", description="Check an export bundle offline: history, signatures, ledger."
    )
    parser.add_argument("file", type=Path, help="the bundle, a ZIP")
    parser.add_argument("--key", action="append", default=[], help="a verifier key (vkey) that you trust; repeatable")
    parser.add_argument("--policy", type=Path, help="a tlog-policy file that names witnesses and their quorum")
    parser.add_argument("--held", action="append", default=[], type=Path, help="a checkpoint that you kept; repeatable")
    parser.add_argument("--json", action="store_true", help="the report for programs")
    return parser


def _trust(asked: argparse.Namespace) -> Trust:
    return Trust(
        keys=tuple(VerifierKey.parse(key) for key in asked.key),
        policy=None if asked.policy is None else Policy.parse(asked.policy.read_bytes()),
        held=tuple(Held.read(path) for path in asked.held),
    )


def _bar() -> Progress:
    def show(done: int, of: int) -> None:
        share = 100 * done // max(of, 1)
        end = "\n" if done >= of else ""
        sys.stderr.write(f"\r{'#' * (share // 4):<25} {share:3d} %  {done:,} of {of:,} records{end}")
        sys.stderr.flush()

    return show


def _silent(_done: int, _of: int) -> None:
    pass
