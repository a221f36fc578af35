"""Auditing by sample, and announced figures against the ledger."""

import json
from pathlib import Path
from random import Random

import pytest

from domain.codec import entry_bytes
from domain.results.figures import Figure, Qualifier
from domain.results.statement import DrawnFromLedger, ResultsAnnounced
from services.auditor.bundle import Bundle
from services.auditor.reconcile import fits
from services.auditor.sample import drawn, sample, write_receipts
from services.auditor.trust import Held
from tests.auditor.bundles import history, told_of
from tests.auditor.test_commands import handschlag
from tests.infra.projections.histories import History, figures


def test_whoever_names_the_seed_draws_the_same(tmp_path: Path) -> None:
    """Given a bundle, then a seed draws the same contracts again, another seed others, each with its records."""
    path = told_of(history(11, contracts=40)).write(tmp_path / "bundle.zip")
    with Bundle(path) as bundle:
        one, again, other = (sample(bundle, seed, 5) for seed in ("a", "a", "b"))
    assert one == again
    assert [row.id for row in one.rows] != [row.id for row in other.rows]
    assert set(one.records) == {position for row in one.rows for position in row.lineage}
    assert drawn(one.rows, "c", 2) == drawn(list(reversed(one.rows)), "c", 2)


def test_every_record_of_a_sample_has_a_receipt_that_can_be_kept(tmp_path: Path) -> None:
    """Given the receipts of a sample, then each leads from its record to the signed checkpoint."""
    path = told_of(history(11)).write(tmp_path / "bundle.zip")
    with Bundle(path) as bundle:
        found = sample(bundle, "a", 2)
    assert write_receipts(found, tmp_path / "receipts") == len(found.records)
    for position, raw in found.records.items():
        held = Held.read(tmp_path / "receipts" / f"{position}.tlog-proof")
        assert (held.position, held.entry) == (position, raw)


def test_announced_figures_are_compared_with_the_ledger_they_were_drawn_from(tmp_path: Path) -> None:
    """Given two statements drawn from the ledger, one of them wrong, then the sample says which."""
    told = History(Random(5))
    edition = told.edition()
    told.open(edition)
    parties = told.pair(edition)
    before = len(told.told)
    for _ in range(12):
        told.deal(edition, parties)
    with Bundle(told_of([entry_bytes(each) for each in told.told]).write(tmp_path / "first.zip")) as bundle:
        counted = sum(row.counts for row in sample(bundle, "", 100).rows)
    at = len(told.told)
    for count in (counted, counted + 1):
        statement = told.id()
        announced = figures(count)
        told.tell(statement, ResultsAnnounced(marketplace=edition, figures=announced, source="Buch", notes=()))
        told.tell(statement, DrawnFromLedger(position=at))
    assert at > before
    path = told_of([entry_bytes(each) for each in told.told]).write(tmp_path / "bundle.zip")
    with Bundle(path) as bundle:
        compared = [one for one in sample(bundle, "a", 1).announced if one.drawn_from is not None]
    assert [(one.announced, one.contracts, one.agrees) for one in compared] == [
        (counted, counted, True),
        (counted + 1, counted, False),
    ]
    run = handschlag("sample", str(path), "--seed", "a", "--count", "1")
    assert run.returncode == 0, run.stderr
    assert "DOESN'T AGREE" in run.stdout
    assert json.loads(handschlag("sample", str(path), "--seed", "a", "--json").stdout)["seed"] == "a"
    assert handschlag("sample", str(tmp_path / "nowhere"), "--seed", "a").returncode == 2


@pytest.mark.parametrize(
    ("qualifier", "said", "so"),
    [
        (Qualifier.EXACT, 97, True),
        (Qualifier.EXACT, 98, False),
        (Qualifier.OVER, 90, True),
        (Qualifier.OVER, 98, False),
        (Qualifier.JUST_UNDER, 100, True),
        (Qualifier.JUST_UNDER, 96, False),
        (Qualifier.ABOUT, 100, True),
        (Qualifier.ABOUT, 120, False),
    ],
)
def test_a_qualified_figure_fits_or_doesnt(qualifier: Qualifier, said: int, so: bool) -> None:
    """Given 97 contracts, then this is how they may be announced."""
    assert fits(Figure(value=said, qualifier=qualifier), 97, 97) is so
