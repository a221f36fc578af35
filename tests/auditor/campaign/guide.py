"""The table of the auditors' guide: the verdicts as they were written before the attacks were run."""

from dataclasses import dataclass
from pathlib import Path

from services.auditor.verify import Verdict

GUIDE = Path(__file__).parents[3] / "docs" / "auditors.md"
EVIDENCE = ("nothing", "the key", "a checkpoint", "a receipt", "2 of 3 witnesses")
HEAD = f"| Attack | The service itself | {' | '.join(EVIDENCE)} | First bad record |"

_WORDS = {"found": Verdict.FINDINGS, "verified": Verdict.VERIFIED, "consistent": Verdict.CONSISTENT}


@dataclass(frozen=True, slots=True)
class Expected:
    """What is to come of an attack: what the service says, the verdict by evidence, whether a record is named."""

    service: str
    verdicts: dict[str, Verdict]
    named: bool

    def names_a_record_with(self, evidence: str) -> bool:
        """Whether the last column speaks of this evidence: the least with which the attack is found, or any."""
        found = [name for name in EVIDENCE if self.verdicts[name] is Verdict.FINDINGS]
        return evidence in found[: len(found) if len(found) == len(EVIDENCE) else 1]


def expected() -> dict[str, Expected]:
    """The table's rows by the attack's words."""
    lines = GUIDE.read_text().splitlines()
    rows = [line for line in lines[lines.index(HEAD) + 2 :] if line.startswith("|") or not line]
    found: dict[str, Expected] = {}
    for line in rows:
        if not line:
            break
        attack, service, *cells, named = (cell.strip().strip("*") for cell in line.strip("|").split("|"))
        verdicts = dict(zip(EVIDENCE, (_WORDS[cell] for cell in cells), strict=True))
        found[attack] = Expected(service, verdicts, named == "named")
    return found
