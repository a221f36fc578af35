"""A contract after the seal, over HTTP: values, doubt, amendment, what became of it, and what the ledger says."""

from tests.services.hall import Hall, both_give, pledge

GIVER, RECEIVER = "Probe-Werkstatt", "Probe-Chor"


async def traded(hall: Hall, **plan: object) -> tuple[str, str]:
    """A hall that trades, with a company and a non-profit on the floor."""
    await hall.plan(**plan)
    one, other = await hall.bring(GIVER, "company"), await hall.bring(RECEIVER, "nonprofit")
    await hall.gong()
    return one, other


async def test_one_pledge_delivered_and_the_other_not(hall: Hall) -> None:
    """A call tells of both pledges, and the contract's state follows from them: partly fulfilled, with the reason."""
    one, other = await traded(hall)
    contract = await hall.certified(one, other)
    call = {
        "party": other,
        "outcome": "reached",
        "told": [{"pledge": 0, "delivered": 1, "on": "2026-12-01"}, {"pledge": 1, "reason": "no_time"}],
        "note": "Frau Berger sagt, im Frühjahr vielleicht.",
    }
    await hall.done(f"contracts/{contract}/call", call, role="follow_up_officer")
    row = await hall.row(contract)
    assert row["state"] == "partly_fulfilled"
    assert [(one["status"], one["reason"]) for one in row["pledges"]] == [
        ("delivered", None),
        ("not_delivered", "no_time"),
    ]
    assert row["calls"][0] | {"at": ""} == {"party": other, "at": "", "outcome": "reached", "reminder": None}
    assert (await hall.results())["ledger"]["contracts"] == 1
    records = await hall.read("events", after=0, limit=200)
    assert "Berger" not in str(records)
    told = next(record for record in records["items"] if record["entry"]["type"].startswith("contract.follow_up"))
    assert list(told["entry"]["sealed"]) == ["note"]
    notes = await hall.get(f"contracts/{contract}/notes", role="follow_up_officer")
    assert [(note["note"], note["by"]) for note in notes.json()["notes"]] == [(call["note"], "Test follow_up_officer")]
    assert (await hall.get(f"contracts/{contract}/notes", role="integrator")).status_code == 403


async def test_a_value_is_estimated_and_corrected_and_nothing_is_overwritten(hall: Hall) -> None:
    """The valuation desk values what nobody had, and sets right what somebody had; the form says what it said."""
    one, other = await traded(hall)
    unvalued = {**pledge(one, other), "value": None}
    contract = await hall.straight(one, other, terms={"pledges": [unvalued, pledge(other, one)]})
    await hall.done(f"contracts/{contract}/certify", role="notary")
    before = (await hall.results())["ledger"]
    assert (before["value_minor"], before["unvalued"]) == (0, 1)
    rate = {"minor": 6_000, "basis": "hourly_rate", "rate_minor": 1_500, "minutes": 240}
    await hall.done(f"contracts/{contract}/estimate", {"pledge": 0, "value": rate}, role="valuer")
    value = {"minor": 9_000, "basis": "market_value"}
    correction = {"pledge": 0, "value": value, "reason": "wrong_quantity", "note": "Zwei Leute, nicht einer."}
    await hall.done(f"contracts/{contract}/correct-value", correction, role="valuer")
    row, after = await hall.row(contract), (await hall.results())["ledger"]
    assert (row["pledges"][0]["value"], row["pledges"][0]["standing"]["minor"]) == (None, 9_000)
    assert (row["corrections"], after["value_minor"], after["unvalued"]) == (1, 9_000, 0)
    await hall.refused("role-not-allowed", f"contracts/{contract}/correct-value", correction)


async def test_a_signature_without_mandate_doesnt_count_until_it_is_approved(hall: Hall) -> None:
    """A repudiated signature takes the contract off the board; its approval puts it back."""
    one, other = await traded(hall)
    contract = await hall.certified(one, other)
    await hall.done(f"contracts/{contract}/repudiate", {"party": one, "note": "Er war nur Besucher."})
    tally = (await hall.results())["ledger"]
    assert (tally["contracts"], tally["value_minor"], tally["repudiated"]) == (0, 0, 1)
    assert (await hall.row(contract))["state"] == "repudiated"
    await hall.done(f"contracts/{contract}/approve", {"party": one})
    tally = (await hall.results())["ledger"]
    assert (tally["contracts"], tally["repudiated"]) == (1, 0)


async def test_a_signature_with_a_mandate_is_not_repudiated(hall: Hall) -> None:
    """Who signs with the organisation's mandate binds it."""
    one, other = await traded(hall)
    party = await hall.read(f"participations/{one}", wait_for=await hall.position())
    organisation, person = party["organisation"], "00000000-0000-4000-8000-00000000000a"
    named = {"person": person, "name": "Uta Probe", "contact": "uta@example.org"}
    await hall.done(f"organisations/{organisation}/representatives", named)
    await hall.done(f"organisations/{organisation}/mandates", {"person": person, "mandate": "in_writing"})
    drafted = await hall.done(
        "contracts/from-form",
        {"marketplace": hall.marketplace, "parties": [one, other], "terms": both_give(one, other)},
    )
    row = await hall.row(drafted["id"])
    signature = {"party": one, "manner": "badge_and_pin", "person": person, "publicity": False}
    await hall.done(f"contracts/{row['id']}/sign", signature | {"terms_hash": row["terms_hash"]})
    await hall.refused("signed-with-mandate", f"contracts/{row['id']}/repudiate", {"party": one})


async def test_an_amendment_is_signed_by_all_and_the_terms_it_replaces_stay_readable(hall: Hall) -> None:
    """Certified terms change by an amendment alone; the number stays, and a replay shows what stood there before."""
    one, other = await traded(hall)
    contract = await hall.certified(one, other)
    before = await hall.position()
    terms = {"pledges": [*both_give(one, other)["pledges"], pledge(one, other, 2_000, "Noch ein Tag")]}
    await hall.done(f"contracts/{contract}/propose-amendment", {"by": one, "terms": terms})
    amended_hash = (await hall.row(contract))["amendment"]["terms_hash"]
    for party in (one, other):
        signature = {
            "party": party,
            "manner": "on_paper",
            "witness": hall.host.members["clerk"],
            "terms_hash": amended_hash,
            "publicity": True,
        }
        await hall.done(f"contracts/{contract}/sign-amendment", signature)
    row = await hall.row(contract)
    assert row["amendment"] is None
    assert (row["number"], row["amendments"], len(row["pledges"]), row["value"]["minor"]) == (1, 1, 3, 12_000)
    was = await hall.read(f"contracts/{contract}", as_of=before)
    assert (was["amendments"], len(was["pledges"]), was["value"]["minor"]) == (0, 2, 10_000)


async def test_a_dispute_shows_until_it_is_settled(hall: Hall) -> None:
    """A disputed contract counts, and says that it is disputed."""
    one, other = await traded(hall)
    contract = await hall.certified(one, other)
    complaint = {"by": other, "pledge": 0, "reason": "not_as_agreed"}
    await hall.done(f"contracts/{contract}/dispute", complaint, role="follow_up_officer")
    assert (await hall.row(contract))["state"] == "disputed"
    assert (await hall.results())["ledger"]["contracts"] == 1
    await hall.done(f"contracts/{contract}/settle-dispute", {}, role="follow_up_officer")
    assert (await hall.row(contract))["state"] == "certified"


async def test_both_sides_confirm_what_came(hall: Hall) -> None:
    """Delivery in two parts, then giver and receiver confirm."""
    one, other = await traded(hall)
    terms = {"pledges": [{**pledge(one, other), "quantity": 4}, pledge(other, one)]}
    contract = await hall.straight(one, other, terms=terms)
    await hall.done(f"contracts/{contract}/certify", role="notary")
    officer = "follow_up_officer"
    await hall.done(f"contracts/{contract}/first-contact", {"on": "2026-11-24"}, role=officer)
    await hall.done(f"contracts/{contract}/remind", {"parties": [one], "kind": "did_it_happen"}, role=officer)
    await hall.done(f"contracts/{contract}/delivery", {"pledge": 0, "delivered": 3}, role=officer)
    await hall.refused(
        "more-than-pledged", f"contracts/{contract}/delivery", {"pledge": 0, "delivered": 2}, role=officer
    )
    await hall.done(f"contracts/{contract}/delivery", {"pledge": 0, "delivered": 1}, role=officer)
    for party in (one, other):
        await hall.done(f"contracts/{contract}/confirm", {"pledge": 0, "by": party}, role=officer)
    first = (await hall.row(contract))["pledges"][0]
    assert (first["status"], first["delivered"], first["confirmed_by"]) == ("delivered", 4, sorted([one, other]))


async def test_what_a_contract_took_from_a_listing_is_free_again_when_it_is_annulled(hall: Hall) -> None:
    """A listing is let go by an annulment, and given by a delivery."""
    one, other = await traded(hall)
    offer = {"marketplace": hall.marketplace, "by": one, "kind": "offer", "area": "helping-hands"}
    listing = (await hall.done("listings", offer | {"title": "Gartentage", "quantity": 2, "unit": "Tag"}))["id"]
    terms = {"pledges": [{**pledge(one, other), "listing": listing}, pledge(other, one)]}
    kept, dropped = [await hall.straight(one, other, terms=terms) for _ in range(2)]
    await hall.done(f"contracts/{kept}/certify", role="notary")
    await hall.done(f"contracts/{kept}/delivery", {"pledge": 0, "delivered": 1}, role="follow_up_officer")
    await hall.done(f"contracts/{dropped}/annul", {"reason": "by_agreement"}, role="lead")
    (shown,) = (await hall.read("listings", marketplace=hall.marketplace, wait_for=await hall.position()))["items"]
    assert shown["left"] == 1
    assert (await hall.row(dropped))["state"] == "abandoned"
