"""An edition is planned, and guests come in: at the desk, page by page."""

from tests.services.web.person import Person


async def test_an_edition_is_planned_with_three_words(clerk: Person) -> None:
    """Given a blank desk, when an edition is planned and opened, then everything else has a sensible default."""
    (planned,) = await clerk.records("marketplace.planned")
    plan = planned["entry"]["data"]["plan"]
    assert (plan["title"], plan["date"], plan["trading_minutes"]) == ("Probe im Rathaus", "2026-11-24", 120)
    assert [area["id"] for area in plan["areas"]] == ["tatkraft", "wissen", "sachen"]
    assert plan["rehearsal"] is True
    assert "Tragen Sie ein, wer kommt" in clerk.text
    await clerk.open(f"{clerk.desk}/plan")
    assert clerk.form("Planen").fields["areas"] == "Tatkraft\nWissen\nSachen"


async def test_what_cant_be_read_stands_at_its_field(clerk: Person) -> None:
    """Given a plan with nonsense, then each field says what is wrong, the first has the focus, and all stays typed."""
    await clerk.open(f"{clerk.desk}/plan")
    told = await clerk.press("Planen", 422, title="", date="31.02.2026", minutes="lange", areas="Wissen\nwissen!")
    assert clerk.seen.begins == "title"
    for words in ("Hier fehlt etwas.", "ein Datum wie 24.11.2026", "eine ganze Zahl", "einen eigenen Namen"):
        assert words in told
    assert clerk.form("Planen").fields["date"] == "31.02.2026"
    assert len(await clerk.records("marketplace.planned")) == 1


async def test_an_organisation_comes_in_with_one_submit(clerk: Person) -> None:
    """Given a name and a side, when they are here, then they are registered, asked for, admitted and checked in."""
    assert "Bäckerei Morgenrot: ist da" in await clerk.enter("Bäckerei Morgenrot", "company")
    types = [one["entry"]["type"] for one in await clerk.records("organisation.", "participation.")]
    assert types == [
        "organisation.registered.v1",
        "participation.requested.v1",
        "participation.admitted.v1",
        "participation.checked_in.v1",
    ]
    assert {one["entry"]["actor"]["role"] for one in await clerk.records("participation.")} == {"clerk"}


async def test_who_isnt_here_yet_arrives_later(clerk: Person) -> None:
    """Given an organisation that isn't here yet, when its button is pressed, then it is."""
    assert "Tafel Essen: zugelassen" in await clerk.enter("Tafel Essen", "nonprofit", here="")
    assert "Tafel Essen: ist da" in await clerk.press("ist da")


async def test_a_known_name_is_not_registered_twice(clerk: Person) -> None:
    """Given an organisation that the host knows, when its name is entered again, then it is the same one."""
    await clerk.enter("Tafel Essen", "nonprofit", here="")
    assert "Tafel Essen: ist da" in await clerk.enter("tafel essen", "nonprofit")
    assert len(await clerk.records("organisation.registered")) == 1
    assert "auf der anderen Seite" in await clerk.enter("Tafel Essen", "company", 422)
    assert "bitte wählen" in (await clerk.enter("Neu", "", 422)).lower()
    assert clerk.form("Eintragen").fields["name"] == "Neu"


async def test_a_sole_traders_name_is_sealed(clerk: Person) -> None:
    """Given a name that is a person's, then the log doesn't hold it, and the desk shows it."""
    assert "Erika Muster: ist da" in await clerk.enter("Erika Muster", "company", sole_trader="yes")
    (registered,) = await clerk.records("organisation.registered")
    assert registered["entry"]["data"]["name"] is None
