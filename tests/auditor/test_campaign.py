"""A superuser attacks the log on a real PostgreSQL: every verdict is the one that the auditors' guide wrote before.

`HANDSCHLAG_ATTACKS` says how many attacks are made altogether, each judged by an auditor who holds one kind of
evidence, in turn, on a log of some thousand records. Short form: one of each kind on a log of some hundred records.
"""

import math
import os
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from services.auditor.verify import Verdict
from tests.auditor.campaign.attacks import ATTACKS
from tests.auditor.campaign.guide import EVIDENCE, Expected, expected
from tests.auditor.campaign.judging import evidence, export, forge, intruding, judged
from tests.auditor.campaign.scene import MOMENTS, Scene, prepared, sign_once
from tests.auditor.campaign.server import running_server

ASKED = int(os.environ.get("HANDSCHLAG_ATTACKS", "0"))
ROUNDS = max(1, math.ceil(ASKED / len(ATTACKS)))
CONTRACTS = 90 if ASKED else 8
"""Of each of two editions; with everything round them, some 2,100 records, or some 400."""


@pytest.fixture(scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """A server of our own with the genuine log."""
    with running_server() as server:
        found = await prepared(server, tmp_path_factory.mktemp("campaign"), CONTRACTS)
        yield found
        for witness in found.witnesses:
            await witness.http.aclose()
            witness.book.close()


def test_guide_and_campaign_have_one_table() -> None:
    """Given the guide's table, then it tells of every attack that is made, and of no other."""
    assert list(expected()) == list(ATTACKS)


async def test_the_genuine_log_gives_no_finding_whatever_is_held(scene: Scene, tmp_path: Path) -> None:
    """Given nobody's attack, then signer and exporter have nothing to say, and no evidence finds anything."""
    async with scene.copied() as (server, home):
        assert await sign_once(server, home) is None
        exported = await export(scene, server, tmp_path / "bundle.zip")
    assert exported.genuine
    found = {name: report.verdict for name, report in judged(exported.path, evidence(scene, tmp_path))}
    assert found == dict.fromkeys(EVIDENCE, Verdict.VERIFIED) | {"nothing": Verdict.CONSISTENT}
    assert list(scene.sizes) == list(MOMENTS)


@pytest.mark.parametrize("attack", ATTACKS)
async def test_every_attack_gets_the_verdict_that_was_written_before(scene: Scene, attack: str, tmp_path: Path) -> None:
    """Given an attack, then what the service says, and each verdict by what an auditor holds, are the guide's."""
    for seed in range(ROUNDS):
        await _attacked(scene, attack, expected()[attack], seed, tmp_path)


def _held(said: Expected, seed: int) -> tuple[str, ...]:
    """What is held in this round: one kind of evidence after the other; in the short form, all that tell apart."""
    if ASKED:
        return (EVIDENCE[seed % len(EVIDENCE)],)
    return EVIDENCE if len(set(said.verdicts.values())) > 1 else ("the key",)


async def _attacked(scene: Scene, attack: str, said: Expected, seed: int, tmp_path: Path) -> None:
    of = (attack, seed)
    async with intruding(scene) as at:
        done = await ATTACKS[attack](at, Random(seed))
        refusal = await sign_once(at.server, at.home)
        exported = await export(scene, at.server, tmp_path / "bundle.zip")
        forged = await forge(at, exported, tmp_path / "forged.zip") if seed % 2 == 0 else None
    words = [*(["signer refuses"] if refusal else []), *([] if exported.genuine else ["export warns"])]
    assert (", ".join(words) or "–") == said.service, (*of, refusal)
    trusts = {name: trust for name, trust in evidence(scene, tmp_path).items() if name in _held(said, seed)}
    for name, report in judged(exported.path, trusts):
        assert report.verdict is said.verdicts[name], (*of, name, report.findings[:5])
        if said.names_a_record_with(name):
            assert report.first_bad == (done.first if said.named else None), (*of, name, done, report.findings[:5])
    if forged is not None:
        for name, report in judged(forged, trusts):
            assert report.verdict is said.verdicts[name], (*of, name, "forged", report.findings[:5])
