"""The press has the figures; then a contract is annulled, a certification revoked, a figure corrected."""

from typing import Any

from infra.clock import now
from tests.services.hall import Hall

UNKNOWN = {"value": None, "qualifier": "unknown"}


def said(contracts: int) -> dict[str, Any]:
    """Figures as a host announces them."""
    return {
        "agreements": {"value": contracts, "qualifier": "exact", "noun": "Kontrakte", "strength": "agreed"},
        "value": {"value": contracts * 100, "qualifier": "just_under", "unit": "EUR"},
        "business_side": UNKNOWN,
        "nonprofit_side": UNKNOWN,
        "participants": UNKNOWN,
    }


async def real_edition(hall: Hall) -> tuple[str, str]:
    """A real edition that trades."""
    await hall.plan(rehearsal=False, title="Marktplatz")
    one = await hall.bring("Bäckerei Brot", "company", rehearsal=False)
    other = await hall.bring("Tafel", "nonprofit", rehearsal=False)
    await hall.gong()
    return one, other


async def test_a_contract_annulled_and_a_certification_revoked_after_the_announcement(hall: Hall) -> None:
    """The statement is corrected with its reason; the first one stays readable and its moment replayable."""
    one, other = await real_edition(hall)
    contracts = [await hall.certified(one, other) for _ in range(4)]
    await hall.closing_gong()
    seen = await hall.position()
    body = {"marketplace": hall.marketplace, "figures": said(4), "source": "Vertragsbuch", "as_of": seen}
    statement = (await hall.done("statements", body, role="lead"))["id"]

    await hall.done(f"contracts/{contracts[1]}/annul", {"reason": "by_agreement"}, role="lead")
    mistake = {"reason": "certified_by_mistake", "note": "Falsches Formular gegriffen."}
    await hall.done(f"contracts/{contracts[2]}/revoke", mistake, role="notary")
    void = await hall.row(contracts[2])
    assert (void["state"], void["number"], void["ended_reason"]) == ("void", 3, "certified_by_mistake")
    now_it_is = (await hall.results())["ledger"]
    assert (now_it_is["contracts"], now_it_is["annulled"], now_it_is["revoked"]) == (2, 1, 1)
    again = await hall.post(f"contracts/{contracts[2]}/certify", role="notary")
    assert again.json()["type"] == "/problems/contract-is-over"

    correction = {
        "figures": said(2),
        "source": "Vertragsbuch",
        "notes": ["Zwei Kontrakte gelten nicht mehr."],
        "as_of": await hall.position(),
        "reason": "contract_annulled",
    }
    await hall.done(f"statements/{statement}/correct", correction, role="lead")
    results = await hall.results()
    (stands,) = results["statements"]
    assert stands["figures"]["agreements"]["value"] == 2
    assert [earlier["agreements"]["value"] for earlier in stands["earlier"]] == [4]
    then = await hall.results(as_of=seen)
    assert (then["ledger"]["contracts"], then["ledger"]["annulled"], then["ledger"]["revoked"]) == (4, 0, 0)
    assert (await hall.read(f"contracts/{contracts[2]}", as_of=seen))["state"] == "certified"

    moved = await hall.read(f"marketplaces/{hall.marketplace}/results/changes", since=seen)
    assert {(change["contract"], change["state"]) for change in moved["changes"]} == {
        (contracts[1], "annulled"),
        (contracts[2], "void"),
    }


async def test_a_number_is_never_given_again(hall: Hall) -> None:
    """After a revocation the next contract gets the next number."""
    one, other = await real_edition(hall)
    first = await hall.certified(one, other)
    await hall.done(f"contracts/{first}/revoke", {"reason": "wrong_terms"}, role="notary")
    second = await hall.certified(one, other)
    assert [(await hall.row(contract))["number"] for contract in (first, second)] == [1, 2]


async def test_a_replay_to_an_instant_equals_the_results_shown_at_that_instant(hall: Hall) -> None:
    """What the board showed is what a replay to that moment says, whatever came later."""
    one, other = await real_edition(hall)
    shown = []
    for _ in range(3):
        contract = await hall.certified(one, other)
        shown.append((now().isoformat(), (await hall.results())["ledger"]))
    await hall.done(f"contracts/{contract}/annul", {"reason": "written_twice"}, role="lead")
    shown.append((now().isoformat(), (await hall.results())["ledger"]))
    assert [ledger["contracts"] for _, ledger in shown] == [1, 2, 3, 2]
    for moment, ledger in shown:
        assert (await hall.results(as_of=moment))["ledger"] == ledger
