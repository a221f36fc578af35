"""From a figure in the paper to the contracts behind it and their records, over HTTP."""

from typing import Any

from tests.services.hall import Hall

UNKNOWN = {"value": None, "qualifier": "unknown"}


def said(contracts: int, euro: int) -> dict[str, Any]:
    """Figures as a host announces them."""
    return {
        "agreements": {"value": contracts, "qualifier": "exact", "noun": "Kontrakte", "strength": "agreed"},
        "value": {"value": euro, "qualifier": "about", "unit": "EUR"},
        "business_side": UNKNOWN,
        "nonprofit_side": UNKNOWN,
        "participants": UNKNOWN,
    }


async def test_from_a_figure_to_its_contracts_to_their_records(hall: Hall) -> None:
    """Given an announcement drawn from the ledger, then it leads to contracts, and each of them to its records."""
    edition = await hall.plan(rehearsal=False)
    one = await hall.bring("Bäckerei Brot", "company", rehearsal=False)
    other = await hall.bring("Tafel", "nonprofit", rehearsal=False)
    await hall.gong()
    contract = await hall.certified(one, other)
    seen = await hall.position()
    body = {"marketplace": edition, "figures": said(1, 100), "source": "Vertragsbuch", "as_of": seen}
    beyond = await hall.post("statements", body | {"as_of": seen + 1}, role="host_admin")
    assert (beyond.status_code, beyond.json()["type"]) == (422, "/problems/not-in-the-log-yet")
    receipt = await hall.done("statements", body, role="host_admin")
    assert [record["type"] for record in receipt["records"]] == [
        "results.announced.v1",
        "results.drawn_from_ledger.v1",
    ]
    statement = receipt["id"]

    late = await hall.certified(one, other)
    first = await hall.read(
        f"statements/{statement}/contracts", as_of=receipt["position"], wait_for=await hall.position()
    )
    assert [row["id"] for row in first["items"]] == [contract]
    (row,) = first["items"]
    types = []
    for position in row["lineage"]:
        (record,) = (await hall.read("events", after=position - 1, limit=1))["items"]
        assert record["entry"]["stream"] == contract
        types.append(record["entry"]["type"])
    assert types[0] == "contract.drafted.v1"
    assert types[-1] == "contract.certified.v1"

    moved = await hall.read(f"marketplaces/{edition}/results/changes", since=seen)
    assert [(change["contract"], change["kind"], change["type"]) for change in moved["changes"]] == [
        (late, "came", "contract.certified.v1")
    ]
    assert moved["after"]["contracts"] - moved["before"]["contracts"] == moved["changes"][0]["contracts"] == 1
    assert moved["after"]["value_minor"] - moved["before"]["value_minor"] == moved["changes"][0]["value_minor"]
    none = await hall.read(f"marketplaces/{edition}/results/changes", since=0, until=row["position"] - 1)
    assert (none["changes"], none["after"]["contracts"]) == ([], 0)

    counted = {"figures": said(2, 200), "source": "Vertragsbuch", "as_of": await hall.position()}
    nameless = await hall.post(f"statements/{statement}/correct", counted, role="host_admin")
    assert nameless.status_code == 422
    corrected = await hall.done(
        f"statements/{statement}/correct", counted | {"reason": "counted_wrongly"}, role="host_admin"
    )
    told = await hall.read(f"statements/{statement}", wait_for=corrected["position"])
    assert [(word["figures"]["agreements"]["value"], word["reason"]) for word in told["words"]] == [
        (1, None),
        (2, "counted_wrongly"),
    ]
    assert [word["ledger"]["contracts"] for word in told["words"]] == [1, 2]
    assert [word["drawn_from"] for word in told["words"]] == [seen, counted["as_of"]]
    results = await hall.read(f"marketplaces/{edition}/results")
    assert results["statements"][0]["reason"] == "counted_wrongly"
    assert len(results["statements"][0]["earlier"]) == 1
    then = await hall.read(f"statements/{statement}", as_of=receipt["position"])
    assert [word["stands"] for word in then["words"]] == [True]


async def test_why_a_count_fell_and_a_value_moved(hall: Hall) -> None:
    """Given a revoked certification, an annulled contract and a corrected value, then each is told with its reason."""
    edition = await hall.plan()
    one, other = await hall.bring("Bäckerei Brot", "company"), await hall.bring("Tafel", "nonprofit")
    await hall.gong()
    valued, revoked, annulled = [await hall.certified(one, other) for _ in range(3)]
    since = await hall.position()
    value = {"minor": 12_500, "basis": "market_value"}
    await hall.done(
        f"contracts/{valued}/correct-value", {"pledge": 0, "value": value, "reason": "implausible"}, role="valuer"
    )
    await hall.done(f"contracts/{revoked}/revoke", {"reason": "wrong_terms"}, role="notary")
    await hall.done(f"contracts/{annulled}/annul", {"reason": "by_agreement"}, role="host_admin")
    told = await hall.read(f"marketplaces/{edition}/results/changes", since=since, wait_for=await hall.position())
    assert [(one["contract"], one["kind"], one["state"], one["value_minor"]) for one in told["changes"]] == [
        (valued, "revalued", "certified", 2_500),
        (revoked, "ceased", "void", -10_000),
        (annulled, "ceased", "annulled", -10_000),
    ]
    assert [one["details"]["reason"] for one in told["changes"]] == ["implausible", "wrong_terms", "by_agreement"]
    assert [told["after"][name] - told["before"][name] for name in ("contracts", "value_minor")] == [-2, -17_500]
    report = await hall.read(f"marketplaces/{edition}/report")
    assert [report[name] for name in ("contracts", "value_minor", "revoked", "annulled")] == [1, 12_500, 1, 1]
    assert sum(area["value_minor"] for area in report["areas"]) == report["value_minor"]


async def test_figures_from_elsewhere_lead_nowhere(hall: Hall) -> None:
    """Given figures from a newspaper, then asking for their contracts says so, and unknown statements aren't there."""
    edition = await hall.plan(rehearsal=False)
    body = {"marketplace": edition, "figures": said(97, 200_000), "source": "Lokalzeitung"}
    receipt = await hall.done("statements", body, role="host_admin")
    answer = await hall.get(f"statements/{receipt['id']}/contracts", wait_for=receipt["position"])
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-drawn-from-ledger")
    (word,) = (await hall.read(f"statements/{receipt['id']}"))["words"]
    assert (word["drawn_from"], word["ledger"], word["source"]) == (None, None, "Lokalzeitung")
    assert (await hall.get(f"statements/{edition}")).status_code == 404
    assert (await hall.get(f"marketplaces/{edition}/results/changes")).status_code == 400
    assert (await hall.get(f"marketplaces/{edition}/results/changes", since=5, until=4)).status_code == 400


async def test_the_report_of_an_edition(hall: Hall) -> None:
    """Given a contract and a party without one, then the report tells them by area, side and time, as of a position."""
    edition = await hall.plan()
    one, other = await hall.bring("Bäckerei Brot", "company"), await hall.bring("Tafel", "nonprofit")
    await hall.bring("Chor", "nonprofit")
    await hall.gong()
    before = await hall.position()
    await hall.certified(one, other)
    told = await hall.read(f"marketplaces/{edition}/report", wait_for=await hall.position())
    assert (told["contracts"], told["value_minor"], told["counted"]) == (1, 10_000, "companies")
    (area,) = (area for area in told["areas"] if area["contracts"]["count"])
    assert (area["label"], area["pledges"]) == (
        "Tatkraft",
        {"count": 2, "of": 2, "denominator": "pledges_of_counted_contracts"},
    )
    sides = {side["side"]: side for side in told["sides"]}
    assert (sides["company"]["given_minor"], sides["nonprofit"]["given_minor"]) == (10_000, 5_000)
    assert sides["nonprofit"]["without_contract"] == {
        "count": 1,
        "of": 2,
        "denominator": "organisations_that_took_part",
    }
    assert told["over_time"]["slots"] == [{"from_minute": 0, "contracts": 1, "value_minor": 10_000}]
    assert told["tables"]["agreed"]["count"] == 1
    then = await hall.read(f"marketplaces/{edition}/report", as_of=before)
    assert (then["contracts"], then["position"], then["tables"]["recorded"]) == (0, before, 0)
    assert then["over_time"]["opened_at"] == told["over_time"]["opened_at"]
