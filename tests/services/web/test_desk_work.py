"""What holds for every page of the desk: both languages, hostile words, rules told in words, one edition only."""

import pytest

from tests.running import RunningService
from tests.services.web.made_up import HOSTILE
from tests.services.web.person import Person


async def test_a_rule_of_the_marketplace_is_told_in_german_and_in_english(clerk: Person) -> None:
    """Given a step that a rule forbids, then its sentence stands on top in the page's language, and all stays typed."""
    await clerk.open(f"{clerk.edition}/organisations")
    action, fields = clerk.filled("Eintragen", name="x" * 201, side="company")
    assert "Ein Text ist zu lang." in await clerk.send(action, fields, 409)
    assert clerk.form("Eintragen").fields["name"] == "x" * 201
    assert "A text is too long." in await clerk.send(f"{action}?lang=en", fields, 409)
    assert 'role="alert"' in clerk.page


async def test_hostile_words_stay_words(clerk: Person) -> None:
    """Given names and titles that look like markup, then they are shown as typed, on every page of the desk."""
    await clerk.enter(HOSTILE, "company")
    await clerk.enter("Tafel Essen", "nonprofit")
    await clerk.open(f"{clerk.edition}/gong")
    await clerk.press("Gong:")
    bad = {"party-1": HOSTILE, "title-1-1": HOSTILE, "form_number": HOSTILE, "unit-1-1": HOSTILE, "area-2-1": ""}
    await clerk.hand_in(422, **bad)
    assert "<script>alert" not in clerk.page
    await clerk.hand_in(**(bad | {"area-2-1": "wissen"}))
    await clerk.sign_in("notary")
    for page in ("", "/organisations", "/form", "/notary", "/gong", "/announce"):
        await clerk.open(clerk.edition + page)
        assert "<script>alert" not in clerk.page, page
    assert HOSTILE.strip() in await clerk.open(f"{clerk.edition}/notary")


async def test_what_isnt_there_has_no_desk(clerk: Person) -> None:
    """Given ids of nothing, then the answer is a page that says so."""
    nothing = f"{clerk.desk}/5841178d-f27c-4bff-a397-1ef0d535b2eb"
    for page in (
        "",
        "/organisations",
        "/form",
        "/notary",
        "/gong",
        "/gong/close",
        "/gong/extend?minutes=5",
        "/announce",
    ):
        await clerk.open(nothing + page, 404)
    await clerk.open(f"{clerk.desk}/contracts/5841178d-f27c-4bff-a397-1ef0d535b2eb", 404)
    await clerk.open(f"{clerk.desk}/contracts/5841178d-f27c-4bff-a397-1ef0d535b2eb/correct", 404)
    await clerk.open(f"{clerk.desk}/not-an-id", 404)


@pytest.mark.parametrize("lang", ["de", "en"])
async def test_every_page_speaks_both_languages(trading: Person, lang: str) -> None:
    """Given a chosen language, then pages are in it, and their forms and links keep to it."""
    for page in (
        "",
        "/organisations",
        "/form",
        "/notary",
        "/gong",
        "/gong/close",
        "/gong/extend?minutes=5",
        "/announce",
    ):
        sign = "&" if "?" in page else "?"
        await trading.open(f"{trading.edition}{page}{sign}lang={lang}")
        assert f'<html lang="{lang}"' in trading.page
        assert all(f"lang={lang}" in form.action for form in trading.seen.forms if form.method == "post")


async def test_a_co_hosts_clerk_works_at_one_edition(trading: Person, service: RunningService) -> None:
    """Given a key for one edition, then its clerk works there, and another edition's forms and names stay unseen."""
    await trading.hand_in()
    contract = (await trading.records("contract.drafted"))[0]["entry"]["stream"]
    await trading.open(f"{trading.desk}/plan")
    await trading.press("Planen", title="Probe im Stadtteil", rehearsal="yes")
    theirs = trading.path
    await trading.press("Anmeldung öffnen")
    trading.host.keys["co-host"], _ = await service.edition_key(trading.host, "clerk", theirs.rpartition("/")[2])
    await trading.press("Abmelden")
    await trading.sign_in("co-host")
    assert "Probe im Stadtteil" in await trading.open(trading.desk)
    assert "Probe im Rathaus" not in trading.text
    assert "Marktplatz planen" not in trading.text
    for page in ("", "/correct", "/call"):
        await trading.open(f"{trading.desk}/contracts/{contract}{page}", 404)
    await trading.open(f"{theirs}/form?just={contract}")
    assert "P-001" not in trading.text
    await trading.open(f"{theirs}/organisations")
    assert "Tafel Essen" not in trading.page
    assert "Nachbarschaft e. V.: ist da" in await trading.press(
        "Eintragen", name="Nachbarschaft e. V.", side="nonprofit"
    )
