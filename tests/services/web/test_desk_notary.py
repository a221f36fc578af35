"""The notary's desk, page by page."""

from tests.running import RunningService, client
from tests.services.hall import Hall
from tests.services.web.person import Person


async def test_the_notary_looks_where_it_is_marked(trading: Person) -> None:
    """Given a title like money and a number used twice, then the notary's page says so, and leaves the word to them."""
    await trading.hand_in()
    await trading.hand_in(**{"title-1-1": "500 Euro in bar"})
    await trading.sign_in("notary")
    told = await trading.open(f"{trading.edition}/notary")
    assert "Diese Formularnummer steht auf mehr als einem Formular." in told
    assert "Ein Titel sieht nach Geld aus." not in told
    await trading.press("Beglaubigen: Nr. 1")
    assert "Ein Titel sieht nach Geld aus." in trading.text


async def test_the_notary_ticks_the_hosts_checklist(person: Person, service: RunningService) -> None:
    """Given a checklist, when the notary certifies without it, then nothing is certified and the ticks stay."""
    await person.sign_in("host_admin", "clerk", "notary")
    await person.open(f"{person.desk}/plan")
    await person.press("Planen", title="Probe mit Liste", rehearsal="yes")
    person.edition = person.path
    async with client(service) as http:
        items = [{"id": "parties", "label": "Beide Parteien sind da"}, {"id": "dates", "label": "Jeder Termin steht"}]
        path = f"marketplaces/{person.edition.rpartition('/')[2]}/checklist"
        done = await Hall(http, person.host).post(path, {"items": items}, role="host_admin", match=1)
        assert done.status_code == 201, done.text
    await person.open(f"{person.edition}?at={done.json()['position']}")
    await person.press("Anmeldung öffnen")
    await person.enter("Bäckerei Morgenrot", "company")
    await person.enter("Tafel Essen", "nonprofit")
    await person.open(f"{person.edition}/gong")
    await person.press("Gong:")
    await person.hand_in()
    await person.open(f"{person.edition}/notary")
    assert person.seen.begins == "check-parties"
    assert "fehlt noch etwas" in await person.press("Beglaubigen", 409, **{"check-parties": "yes"})
    assert person.form("Beglaubigen").fields["check-parties"] == "yes"
    await person.press("Beglaubigen", **{"check-dates": "yes"})
    (checked,) = await person.records("contract.checked")
    assert set(checked["entry"]["data"]["items"]) == {"parties", "dates"}


async def test_the_notary_certifies_in_order(trading: Person) -> None:
    """Given two forms, when the notary certifies, then the first handed in is on, and gets the first number."""
    await trading.hand_in()
    await trading.hand_in(form_number="P-002")
    await trading.open(f"{trading.edition}/notary")
    assert "Das darf keiner der angemeldeten Schlüssel" in trading.text
    await trading.sign_in("notary")
    await trading.open(f"{trading.edition}/notary")
    assert "2 Vereinbarungen liegen beim Notar" in trading.text
    assert trading.seen.begins == "verdict"
    action, fields = trading.filled("Beglaubigen")
    assert "Vereinbarung 1: beglaubigt" in await trading.press("Beglaubigen")
    assert "Formular P-002" in trading.text
    assert "Vereinbarung 1: beglaubigt" in await trading.send(action, fields), "sent twice, certified once"
    assert len(await trading.records("contract.certified")) == 1
    await trading.open(trading.edition)
    assert "1 Vereinbarung" in trading.text


async def test_an_unsigned_form_is_found_again(trading: Person) -> None:
    """Given a form that nobody has signed, when the page is left, then the desk leads back to it until it is in."""
    await trading.hand_in(**{"signed-1": "", "signed-2": ""})
    contract = (await trading.records("contract.drafted"))[0]["entry"]["stream"]
    await trading.open(trading.edition)
    assert f'href="{trading.desk}/contracts/{contract}"' in trading.page
    assert "Ein Formular liegt noch nicht beim Notar." in trading.text
    await trading.open(f"{trading.desk}/contracts/{contract}")
    await trading.press("Unterschriften aufzeichnen", **{"signed-1": "yes", "signed-2": "yes"})
    assert "Offene Formulare" not in await trading.open(trading.edition)


async def test_a_form_is_returned_with_reasons_and_comes_again(trading: Person) -> None:
    """Given a form with a flaw, when the notary returns it, then the clerk reads why, mends it, and it comes again."""
    await trading.sign_in("notary")
    await trading.hand_in()
    await trading.open(f"{trading.edition}/notary")
    assert "mindestens einen Grund" in await trading.press("Zurückgeben", 422)
    assert "zurückgegeben" in await trading.press("Zurückgeben", **{"reason-date_missing": "yes"})
    contract = (await trading.records("contract.returned"))[0]["entry"]["stream"]
    assert "Ein Formular liegt noch nicht beim Notar." in await trading.open(f"{trading.edition}/gong/close")
    assert "Ein Formular hat der Notar zurückgegeben." in await trading.open(trading.edition)
    assert f'href="{trading.desk}/contracts/{contract}"' in trading.page
    assert "Termin fehlt" in await trading.open(f"{trading.desk}/contracts/{contract}")
    await trading.open(f"{trading.desk}/contracts/{contract}/correct")
    fields = trading.form("Aufzeichnen").fields
    assert (fields["title-1-1"], fields["hours-1-1"], fields["euro-2-1"]) == ("Brot für das Sommerfest", "8", "250")
    mended = {"until-1-1": "01.12.2026", "signed-1": "yes", "signed-2": "yes"}
    assert "Das Formular liegt beim Notar." in await trading.press("Aufzeichnen", **mended)
    await trading.open(f"{trading.edition}/notary")
    assert "einmal zurück" in trading.text
    assert "beglaubigt" in await trading.press("Beglaubigen")


async def test_what_changed_meanwhile_is_told(trading: Person) -> None:
    """Given a page that is old, when its form is sent, then nothing is done, and the page tells what happened since."""
    await trading.sign_in("notary")
    await trading.hand_in()
    await trading.open(f"{trading.edition}/notary")
    old, fields = trading.filled("Beglaubigen")
    await trading.press("Zurückgeben", **{"reason-unreadable": "yes"})
    told = await trading.send(old, fields, 412)
    assert "Das hat sich geändert, seit Sie es gesehen haben." in told
    assert "nicht lesbar" in told
    assert not await trading.records("contract.certified")
