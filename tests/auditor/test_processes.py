"""A bundle's verdict doesn't depend on how many processes went through it: not in content, and not in order."""

import json
import os
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.codec import canonical, entry_bytes
from domain.transparency import bundle as members
from domain.transparency import checkpoint as checkpoints
from domain.transparency.commitment import commitment
from services.auditor import helpers
from services.auditor.bundle import Bundle
from services.auditor.sharing import shares
from services.auditor.trust import Held, Trust
from services.auditor.verify import Report, Verdict, verify
from tests.auditor.bundles import OPERATOR, Told, history, signed_over, told_of
from tests.auditor.editions import editions
from tests.auditor.test_tampering import VERDICTS

pytestmark = pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")

PROCESSES = (2, 3)
CHANGES = int(os.environ.get("HANDSCHLAG_ATTACKS", "28"))
SALT = b"s" * 32


@pytest.fixture(scope="module")
def genuine() -> list[bytes]:
    """A host's history: two editions with announced figures, contracts revalued, revoked and delivered."""
    return [entry_bytes(envelope) for envelope in editions(5, 2, 12).told]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[helpers.Helper]:
    """The helpers that were begun."""
    told: list[helpers.Helper] = []
    begin = helpers._begun

    def note(work: Callable[[Callable[[object], None]], None]) -> helpers.Helper:
        told.append(begin(work))
        return told[-1]

    monkeypatch.setattr(helpers, "_begun", note)
    return told


def reports(told: Told, path: Path, *held: bytes) -> list[Report]:
    """What one process says, and what several say."""
    kept = tuple(Held("kept", *checkpoints.parse(raw)) for raw in held)
    with Bundle(told.write(path)) as bundle:
        trust = Trust(keys=(OPERATOR.vkey,), held=kept)
        return [verify(bundle, trust, lambda *_: None, processes) for processes in (1, *PROCESSES)]


def test_a_genuine_bundle_is_confirmed_by_several(
    genuine: list[bytes], tmp_path: Path, begun: list[helpers.Helper]
) -> None:
    """Given editions with announced figures, then all processes together say what one does, and judged it once."""
    alone, *together = reports(told_of(genuine), tmp_path / "bundle.zip", signed_over(genuine[:77]))
    assert together == [alone] * len(PROCESSES)
    assert (alone.verdict, alone.contracts, len(alone.announced)) == (Verdict.VERIFIED, 24, 2)
    assert all(one.agrees for one in alone.announced)
    assert len(begun) == sum(PROCESSES) - len(PROCESSES)


@pytest.mark.parametrize("attack", VERDICTS, ids=lambda attack: attack.__name__)
def test_an_attack_is_told_by_several_as_by_one(
    attack: Callable[[Random, list[bytes]], Told], genuine: list[bytes], tmp_path: Path
) -> None:
    """Given any attack of the campaign, then findings, their order, and all else that is told are the same."""
    for seed in range(2):
        told = attack(Random(seed), list(genuine))
        alone, *together = reports(told, tmp_path / "bundle.zip", signed_over(genuine))
        assert together == [alone] * len(PROCESSES)


def twist(random: Random, told: list[bytes]) -> None:
    """Change a history somewhere: what a stream says, whose it is, which number it gave, where it stands."""
    place, other = random.randrange(len(told)), random.randrange(len(told))
    match random.randrange(8):
        case 0:
            del told[place]
        case 1:
            told.insert(other, told[place])
        case 2:
            told[place], told[other] = told[other], told[place]
        case 3:
            told[place] = re.sub(rb'"version":\d+', b'"version":%d' % random.randrange(1, 4), told[place])
        case 4:
            stream = re.search(rb'"stream":"([^"]*)"', told[other])
            assert stream is not None
            told[place] = re.sub(rb'"stream":"[^"]*"', stream[0], told[place])
        case 5:
            certified = [at for at, raw in enumerate(told) if b'"number":' in raw or b"register.numbered" in raw]
            at = random.choice(certified)
            told[at] = re.sub(rb'"(number|version)":\d+', b'"\\1":%d' % random.randrange(9), told[at])
        case 6:
            numbered = [at for at, raw in enumerate(told) if b"register.numbered" in raw]
            one, two = random.sample(numbered, 2)
            contract = re.search(rb'"contract":"[^"]*"', told[two])
            assert contract is not None
            told[one] = re.sub(rb'"contract":"[^"]*"', contract[0], told[one])
        case _:
            told[place] = told[place].replace(b'"', b"'", random.randrange(1, 3))


def test_whatever_is_changed_and_signed_is_told_by_several_as_by_one(genuine: list[bytes], tmp_path: Path) -> None:
    """Given histories twisted at some places and signed anew, then all say the same, whatever that is."""
    verdicts: dict[Verdict, int] = defaultdict(int)
    for seed in range(CHANGES):
        random, told = Random(seed), list(genuine)
        for _ in range(random.choice((1, 1, 1, 4, 40))):
            twist(random, told)
        alone, *together = reports(told_of(told), tmp_path / "bundle.zip")
        assert together == [alone] * len(PROCESSES), seed
        verdicts[alone.verdict] += 1
    assert verdicts[Verdict.FINDINGS] > 0


def test_disclosed_values_are_opened_by_one_process_for_all(tmp_path: Path) -> None:
    """Given disclosures, one of which isn't what was committed to, then all say so at its record."""
    entries = history(11)
    told = json.loads(entries[10]) | {"sealed": {"name": commitment(SALT, "Ada", "name")}}
    entries[10] = canonical(told)
    for value in ("Ada", "Eva"):
        opened = canonical({"position": 11, "field": "name", "salt": SALT.hex(), "value": value}) + b"\n"
        bundle = told_of(list(entries))
        bundle.more[members.DISCLOSURES] = opened
        alone, *together = reports(bundle, tmp_path / "bundle.zip")
        assert together == [alone] * len(PROCESSES)
        assert (alone.opened, alone.counted) == ((1, 0) if value == "Ada" else (0, 1))


@given(st.binary(max_size=60) | st.sampled_from(history(11)), st.integers(2, 9))
def test_every_entry_is_of_one_share(raw: bytes, processes: int) -> None:
    """Given any bytes, in shape or not, then exactly one process judges them."""
    assert [share.has(raw) for share in shares(processes)].count(True) == 1


def test_a_stream_is_of_one_share() -> None:
    """Given a history, then the entries of a stream are all of the same share, and no process has nothing to do."""
    for processes in range(2, 5):
        owners: dict[str, set[int]] = defaultdict(set)
        for raw in history(11, contracts=40):
            owner = next(number for number, share in enumerate(shares(processes)) if share.has(raw))
            owners[json.loads(raw)["stream"]].add(owner)
        assert all(len(owner) == 1 for owner in owners.values())
        assert set.union(*owners.values()) == set(range(processes))


def test_a_stream_whose_name_looks_like_something_else_is_of_one_share() -> None:
    """Given stream ids that hold what stands round them in an entry, then their entries are of one share."""
    for odd in ('","time":"', '"stream":"', "a\\", '"', 'x","time":"2006'):
        name = json.dumps(odd, ensure_ascii=False)
        raws = [
            b'{"sealed":{"stream":"%d"},"stream":%s,"time":"%d","type":"a","v":1,"version":%d}'
            % (number, name.encode(), number, number)
            for number in range(50)
        ]
        assert len({tuple(share.has(raw) for share in shares(4)) for raw in raws}) == 1
