"""The last minutes: the notary's queue, the gong, and what counts after it."""

import asyncio

from tests.services.hall import Hall, both_give, pledge


async def test_fifteen_forms_in_the_last_minute(hall: Hall) -> None:
    """Those handed in before the gong are certified after it, in the order of the queue; later ones are refused."""
    await hall.plan()
    one, other = await hall.bring("Probe-Spedition", "company"), await hall.bring("Probe-Museum", "nonprofit")
    await hall.gong()
    late = await hall.form(one, other)
    forms = [await hall.form(one, other) for _ in range(15)]
    await asyncio.gather(*(hall.done(f"contracts/{form}/submit") for form in forms))
    await hall.closing_gong()
    await hall.refused("too-late", f"contracts/{late}/submit")
    terms = {"marketplace": hall.marketplace, "parties": [one, other], "terms": both_give(one, other)}
    await hall.refused("trading-not-open", "contracts/from-form", terms)

    queue = await hall.read(f"marketplaces/{hall.marketplace}/notary-queue", wait_for=await hall.position())
    assert [form["place"] for form in queue["forms"]] == list(range(1, 16))
    handed_in = [form["contract"]["submitted_at"] for form in queue["forms"]]
    assert handed_in == sorted(handed_in)
    assert queue["next_number"] == 1
    for form in queue["forms"]:
        assert hall.versions[form["contract"]["id"]] == form["version"]
        await hall.done(f"contracts/{form['contract']['id']}/certify", role="notary")
    rows = {row["id"]: row for row in (await hall.read("ledger", wait_for=await hall.position()))["items"]}
    assert [rows[form["contract"]["id"]]["number"] for form in queue["forms"]] == list(range(1, 16))
    assert (await hall.results())["ledger"]["contracts"] == 15


async def test_a_form_returned_after_the_gong_comes_again(hall: Hall) -> None:
    """What was handed in before the gong may be corrected, signed and handed in again after it, with the reason."""
    await hall.plan()
    one, other = await hall.bring("Probe-Kanzlei", "company"), await hall.bring("Probe-Verein", "nonprofit")
    await hall.gong()
    gift = pledge(one, other, 50_000, "Eine Geldspende für den Verein")
    form = await hall.straight(one, other, terms={"pledges": [gift, pledge(other, one)]})
    await hall.closing_gong()
    queue = await hall.read(f"marketplaces/{hall.marketplace}/notary-queue", wait_for=await hall.position())
    assert "money_like" in queue["forms"][0]["flags"]
    await hall.done(f"contracts/{form}/return", {"reasons": ["money"]}, role="notary")
    await hall.done(f"contracts/{form}/correct", {"terms": both_give(one, other)})
    await hall.sign(form, one, other)
    await hall.done(f"contracts/{form}/submit")
    await hall.done(f"contracts/{form}/certify", role="notary")
    row = await hall.row(form)
    assert (row["number"], row["returns"], row["return_reasons"]) == (1, 1, ["money"])


async def test_a_title_that_looks_like_money_is_flagged_and_never_blocked(hall: Hall) -> None:
    """The notary sees the flag and decides: organising a charity run is help."""
    await hall.plan()
    one, other = await hall.bring("Probe-Agentur", "company"), await hall.bring("Probe-Läufer", "nonprofit")
    await hall.gong()
    run = pledge(one, other, 30_000, "Einen Spendenlauf organisieren: Plakate statt Geld")
    form = await hall.straight(one, other, terms={"pledges": [run, pledge(other, one)]})
    assert (await hall.row(form))["pledges"][0]["money_like"]
    await hall.done(f"contracts/{form}/certify", role="notary")
    assert (await hall.row(form))["state"] == "certified"


async def test_the_notary_goes_through_the_hosts_checklist(hall: Hall) -> None:
    """Every item is confirmed before the seal; what isn't on the list isn't confirmed."""
    await hall.plan()
    items = [{"id": "complete", "label": "Vollständig"}, {"id": "contact", "label": "Kontakt genannt"}]
    await hall.done(f"marketplaces/{hall.marketplace}/checklist", {"items": items}, role="lead")
    one, other = await hall.bring("Probe-Druckerei", "company"), await hall.bring("Probe-Theater", "nonprofit")
    await hall.gong()
    form = await hall.straight(one, other)
    certify = f"contracts/{form}/certify"
    await hall.refused("checklist-incomplete", certify, {"checked": ["complete"]}, role="notary")
    await hall.refused("not-on-the-checklist", certify, {"checked": ["complete", "contact", "x"]}, role="notary")
    await hall.done(certify, {"checked": ["complete", "contact"]}, role="notary")
    assert (await hall.row(form))["checked"] == ["complete", "contact"]


async def test_a_one_sided_contract_under_each_policy(hall: Hall) -> None:
    """Strict refuses it, encouraged takes and flags it, off takes it."""
    for policy in ("strict", "encouraged", "off"):
        await hall.plan(title=f"Probe: {policy}", reciprocity=policy)
        one, other = await hall.bring("Probe-Hotel", "company"), await hall.bring("Probe-Hospiz", "nonprofit")
        await hall.gong()
        body = {
            "marketplace": hall.marketplace,
            "parties": [one, other],
            "terms": {"pledges": [pledge(one, other)]},
        }
        if policy == "strict":
            await hall.refused("one-sided", "contracts/from-form", body)
            continue
        form = await hall.straight(one, other, terms=body["terms"])
        queue = await hall.read(f"marketplaces/{hall.marketplace}/notary-queue", wait_for=await hall.position())
        assert "one_sided" in queue["forms"][0]["flags"]
        await hall.done(f"contracts/{form}/certify", role="notary")
        tally = (await hall.results())["ledger"]
        assert (tally["contracts"], tally["one_sided"]) == (1, 1)


async def test_three_parties_and_two_non_profits_count_once_each(hall: Hall) -> None:
    """A contract counts once, however many sit at its table and on whichever side of the hall."""
    await hall.plan()
    firm = await hall.bring("Probe-Baumarkt", "company")
    choir, club = await hall.bring("Probe-Chor", "nonprofit"), await hall.bring("Probe-Klub", "nonprofit")
    await hall.gong()
    ring = {"pledges": [pledge(firm, choir), pledge(choir, club), pledge(club, firm)]}
    three = await hall.straight(firm, choir, club, terms=ring)
    pair = await hall.straight(choir, club)
    for form in (three, pair):
        await hall.done(f"contracts/{form}/certify", role="notary")
    tally = (await hall.results())["ledger"]
    assert (tally["contracts"], tally["value_minor"]) == (2, 10_000)


async def test_a_new_rate_table_leaves_old_values_as_they_are(hall: Hall) -> None:
    """Rates are versioned: what was valued by the old table keeps its value, what comes later goes by the new one."""
    await hall.plan(hourly_rate_minor=1_500)
    one, other = await hall.bring("Probe-Bank", "company"), await hall.bring("Probe-Schule", "nonprofit")
    await hall.gong()
    hours = {"minor": 6_000, "basis": "hourly_rate", "rate_minor": 1_500, "minutes": 240}
    terms = {"pledges": [{**pledge(one, other), "value": hours}, pledge(other, one)]}
    old = await hall.straight(one, other, terms=terms)
    await hall.done(f"contracts/{old}/certify", role="notary")
    table = {"hourly_rate_minor": 2_000, "rates": [{"area": "know-how", "hourly_rate_minor": 4_000}]}
    await hall.done(f"marketplaces/{hall.marketplace}/rate-table", table, role="lead")
    edition = await hall.read(f"marketplaces/{hall.marketplace}", wait_for=await hall.position())
    assert (edition["hourly_rate_minor"], edition["rates_version"]) == (2_000, 2)
    row = await hall.row(old)
    assert row["pledges"][0]["standing"] == {**hours, "currency": "EUR"}
    assert (await hall.results())["ledger"]["value_minor"] == 6_000


async def test_forms_keep_the_label_that_was_signed(hall: Hall) -> None:
    """An area renamed during trading reads anew on later forms; a retired one takes no more, and stays where it is."""
    await hall.plan()
    one, other = await hall.bring("Probe-Küche", "company"), await hall.bring("Probe-Hort", "nonprofit")
    await hall.gong()
    before = await hall.straight(one, other)
    area = {"area": "helping-hands", "label": "Zupacken"}
    await hall.done(f"marketplaces/{hall.marketplace}/rename-area", area, role="lead")
    after = await hall.straight(one, other)
    labels = [{pledge["area_label"] for pledge in (await hall.row(form))["pledges"]} for form in (before, after)]
    assert labels == [{"Tatkraft"}, {"Zupacken"}]
    await hall.done(f"marketplaces/{hall.marketplace}/retire-area", {"area": "helping-hands"}, role="lead")
    body = {"marketplace": hall.marketplace, "parties": [one, other], "terms": both_give(one, other)}
    await hall.refused("area-unknown", "contracts/from-form", body)
    assert {pledge["area_label"] for pledge in (await hall.row(after))["pledges"]} == {"Zupacken"}
