"""Paper: forms filled by hand and typed in later, over HTTP."""

from datetime import timedelta
from typing import Any

from infra.clock import now
from tests.services.hall import Hall, both_give


def minutes_ago(minutes: int) -> str:
    """A moment so long ago."""
    return (now() - timedelta(minutes=minutes)).isoformat()


def paper(hall: Hall, one: str, other: str, number: str, **changed: Any) -> dict[str, Any]:
    """A form of two parties, both of whom signed it."""
    return {
        "marketplace": hall.marketplace,
        "parties": [one, other],
        "terms": both_give(one, other),
        "form_number": number,
        "occurred_at": now().isoformat(),
        "signatures": [{"party": one, "publicity": True}, {"party": other, "publicity": False}],
    } | changed


async def with_blanks(hall: Hall) -> tuple[str, str]:
    """A hall that trades, whose blank forms A1 to A20 were recorded before the gong."""
    await hall.plan()
    series = {"prefix": "A", "first": 1, "last": 20}
    await hall.done(f"marketplaces/{hall.marketplace}/paper-series", series, role="lead")
    one, other = await hall.bring("Probe-Bäckerei", "company"), await hall.bring("Probe-Tafel", "nonprofit")
    await hall.gong()
    return one, other


async def test_a_form_typed_in_after_the_gong_counts_if_its_blank_was_recorded_before_it(hall: Hall) -> None:
    """It is handed in as if in time, certified, and marked as captured from paper in ledger and results."""
    one, other = await with_blanks(hall)
    filled_at = now().isoformat()
    await hall.closing_gong()
    late = paper(hall, one, other, "A-017", occurred_at=filled_at)
    await hall.refused("form-number-unknown", "contracts/from-paper", late | {"form_number": "B17"})
    typed_in = await hall.done("contracts/from-paper", late | {"form_number": "a17"})
    contract = typed_in["id"]
    await hall.done(f"contracts/{contract}/submit")
    await hall.done(f"contracts/{contract}/certify", role="notary")
    row, tally = await hall.row(contract), (await hall.results())["ledger"]
    assert (row["source"], row["form_number"], row["state"]) == ("paper", "a17", "certified")
    assert row["occurred_at"] < row["drafted_at"]
    assert [party["witness"] for party in row["parties"]] == [hall.host.members["clerk"]] * 2
    assert (tally["contracts"], tally["from_paper"]) == (1, 1)
    steps = (await hall.read(f"contracts/{contract}/trail"))["items"]
    captured = next(step for step in steps if step["type"] == "contract.captured_from_paper.v1")
    assert captured["actor"]["id"] == hall.host.members["clerk"]


async def test_a_form_was_filled_while_trading_was_open(hall: Hall) -> None:
    """A time before the opening gong, or still to come, is refused."""
    one, other = await with_blanks(hall)
    for wrong in (minutes_ago(600), minutes_ago(-10)):
        body = paper(hall, one, other, "A1", occurred_at=wrong)
        await hall.refused("outside-trading", "contracts/from-paper", body)


async def test_a_form_was_filled_before_the_closing_gong_however_early_it_rang(hall: Hall) -> None:
    """Given a gong rung before the announced end, then what was filled after it is refused, also within the grace."""
    one, other = await with_blanks(hall)
    in_time = now().isoformat()
    await hall.closing_gong()
    late = paper(hall, one, other, "A1", occurred_at=now().isoformat())
    await hall.refused("outside-trading", "contracts/from-paper", late)
    await hall.done("contracts/from-paper", late | {"occurred_at": in_time})


async def test_two_paper_forms_with_one_number_are_both_kept_and_shown(hall: Hall) -> None:
    """Nothing is dropped: both stand in the ledger, the list of shared numbers names them, the notary sees a flag."""
    one, other = await with_blanks(hall)
    contracts = [
        (await hall.done("contracts/from-paper", paper(hall, one, other, number)))["id"] for number in ("A7", "a07")
    ]
    for contract in contracts:
        await hall.done(f"contracts/{contract}/submit")
    position = await hall.position()
    shared = await hall.read(f"marketplaces/{hall.marketplace}/shared-form-numbers", wait_for=position)
    assert [[row["id"] for row in item["contracts"]] for item in shared["items"]] == [contracts]
    queue = await hall.read(f"marketplaces/{hall.marketplace}/notary-queue")
    assert [("form_number_twice" in form["flags"]) for form in queue["forms"]] == [True, True]


async def test_no_blank_is_recorded_after_the_gong(hall: Hall) -> None:
    """Whoever could add a series afterwards could add contracts."""
    await with_blanks(hall)
    series = {"prefix": "C", "first": 1, "last": 20}
    await hall.refused("not-in-preparation", f"marketplaces/{hall.marketplace}/paper-series", series, role="lead")
