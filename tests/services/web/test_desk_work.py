"""Work at the desk, page by page: what is recorded, what is refused, and that nothing typed is lost."""

import asyncio
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.running import RunningService, client
from tests.services.hall import Hall
from tests.services.web.made_up import HOSTILE
from tests.services.web.person import FORM, Person

PLACES = (
    "",
    "/paper",
    "/organisations",
    "/form",
    "/notary",
    "/gong",
    "/gong/close",
    "/gong/extend?minutes=5",
    "/calls",
    "/announce",
)
"""The pages of an edition's desk."""


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


async def test_a_form_sent_twice_is_recorded_once(trading: Person) -> None:
    """Given a double click, a reload and a way back, when the same form is sent again, then nothing happens twice."""
    await trading.open(f"{trading.edition}/organisations")
    action, fields = trading.filled("Eintragen", name="Doppelt GmbH", side="company")
    await asyncio.gather(*(trading.http.post(action, data=fields, headers=_origin(trading)) for _ in range(3)))
    assert "Doppelt GmbH: ist da" in await trading.send(action, fields)
    assert len(await trading.records("organisation.registered")) == 3
    await trading.open(f"{trading.edition}/form")
    action, fields = trading.filled("Aufzeichnen", **FORM)
    await trading.send(action, fields)
    assert "liegt beim Notar" in await trading.send(action, fields)
    for what, how_often in (("contract.drafted", 1), ("contract.signed", 2), ("contract.submitted", 1)):
        assert len(await trading.records(what)) == how_often


async def test_a_form_sent_again_with_other_words_asks_first(trading: Person) -> None:
    """Given a form that was sent, when it is changed and sent again, then the page asks, and once more records it."""
    await trading.open(f"{trading.edition}/form")
    action, fields = trading.filled("Aufzeichnen", **FORM)
    await trading.send(action, fields)
    changed = fields | {"form_number": "P-002", "title-1-1": "Kuchen"}
    assert "schon gesendet, mit anderem Inhalt" in await trading.send(action, changed, 422)
    assert trading.form("Aufzeichnen").fields["title-1-1"] == "Kuchen"
    assert "P-002: liegt beim Notar" in await trading.press("Aufzeichnen", **{"signed-1": "yes", "signed-2": "yes"})


async def test_what_is_typed_in_is_what_is_recorded(trading: Person) -> None:
    """Given a paper form, when it is typed in, then parties, pledges, values and signatures stand in the log."""
    assert "liegt beim Notar (Brot für das Sommerfest ⇄ Ein Abend mit Musik)" in await trading.hand_in(
        **{"until-1-1": "24.12.2026", "contact": "1"}
    )
    (drafted,) = await trading.records("contract.drafted")
    form = drafted["entry"]["data"]["form"]
    one, other = form["terms"]["pledges"]
    assert form["form_number"] == "P-001"
    assert (one["title"], one["quantity"], one["unit"]) == ("Brot für das Sommerfest", 8, "Stunden")
    assert (one["value"]["minor"], one["value"]["basis"], one["value"]["minutes"]) == (12_000, "hourly_rate", 480)
    assert one["due_until"] == "2026-12-24"
    assert (other["value"]["minor"], other["value"]["basis"]) == (25_000, "stated")
    assert (other["giver"], other["receiver"]) == (one["receiver"], one["giver"])
    assert form["terms"]["first_contact_by"] == one["giver"]
    signed = [each["entry"]["data"]["signature"] for each in await trading.records("contract.signed")]
    assert [each["publicity"] for each in signed] == [True, False]
    assert {each["witness"] for each in signed} == {trading.host.members["clerk"]}


async def test_a_numbered_form_is_typed_in_from_paper(trading: Person) -> None:
    """Given a form with a number and a time, then the log says that it came from paper, and when it was filled in."""
    (opened,) = await trading.records("marketplace.trading_opened")
    await trading.hand_in(**{"signed-2": ""})
    (captured,) = await trading.records("contract.captured_from_paper")
    assert captured["entry"]["data"]["occurred_at"] >= opened["entry"]["time"]
    assert len(await trading.records("contract.signed")) == 1
    await trading.press("Unterschriften", **{"signed-2": "yes"})
    assert "Bitte eine Uhrzeit" in await trading.hand_in(422, time="halb sieben")
    await trading.hand_in(form_number="")
    assert len(await trading.records("contract.drafted")) == 2
    assert len(await trading.records("contract.captured_from_paper")) == 1


async def test_the_broker_is_credited(trading: Person) -> None:
    """Given a host's broker, when the form names them, then the log and the notary know who helped."""
    broker = trading.host.members["broker"]
    assert "Bitte wählen." in await trading.hand_in(422, broker=trading.host.members["clerk"])
    await trading.hand_in(broker=broker)
    (drafted,) = await trading.records("contract.drafted")
    assert drafted["entry"]["data"]["form"]["broker"] == broker
    await trading.open(f"{trading.edition}/notary")
    assert "Test broker" in trading.text


async def test_after_the_gong_only_recorded_numbers_count(clerk: Person) -> None:
    """Given blank forms recorded before the gong, when one is typed in after it, then it goes to the notary."""
    await clerk.open(f"{clerk.edition}/paper")
    assert "ganze Zahl" in await clerk.press("Erfassen", 422, prefix="P-", first="1", last="")
    assert "P-1 bis P-50" in await clerk.press("Erfassen", last="50")
    assert "schon erfasst" in await clerk.press("Erfassen", 409, prefix="P-", first="50", last="60")
    await clerk.enter("Bäckerei Morgenrot", "company")
    await clerk.enter("Tafel Essen", "nonprofit")
    await clerk.open(f"{clerk.edition}/gong")
    await clerk.press("Gong:")
    (opened,) = await clerk.records("marketplace.trading_opened")
    assert "kommen keine Nummern mehr dazu" in await clerk.open(f"{clerk.edition}/paper")
    await clerk.open(f"{clerk.edition}/gong/close")
    await clerk.press("Ja, Schlussgong")
    told = await clerk.hand_in(422, form_number="")
    assert "Nach dem Gong braucht das Formular seine Nummer." in told
    assert "Bitte eine Uhrzeit wie" in told
    rang = datetime.fromisoformat(opened["entry"]["time"]).astimezone(ZoneInfo("Europe/Berlin"))
    at = f"{rang:%H:%M}"
    assert "Diese ist nicht dabei" in await clerk.hand_in(409, form_number="X-1", time=at)
    early = f"{rang - timedelta(minutes=10):%H:%M}"
    assert "zwischen den Gongs" in await clerk.hand_in(409, form_number="P-17", time=early)
    assert "P-17: liegt beim Notar" in await clerk.hand_in(form_number="P-17", time=at)


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


async def test_a_value_nobody_knows_is_unknown(trading: Person) -> None:
    """Given a pledge without hours and euro, then its value is unknown and never zero."""
    await trading.hand_in(**{"hours-1-1": ""})
    (drafted,) = await trading.records("contract.drafted")
    assert drafted["entry"]["data"]["form"]["terms"]["pledges"][0]["value"] is None


async def test_a_refused_form_keeps_what_was_typed(trading: Person) -> None:
    """Given a form with mistakes, then each stands at its field, and everything typed is still there."""
    told = await trading.hand_in(
        422,
        **{"party-2": "Unbekannt", "hours-1-1": "viele", "area-2-1": "", "hours-2-1": "2", "quantity-1-1": "halb"},
    )
    for words in ("Niemand dieses Namens", "Bitte Stunden wie", "Bitte wählen.", "nicht beides", "eine ganze Zahl"):
        assert words in told
    kept = trading.form("Aufzeichnen").fields
    assert (kept["party-2"], kept["title-2-1"], kept["signed-1"]) == ("Unbekannt", "Ein Abend mit Musik", "yes")
    assert trading.seen.begins == "hours-1-1", "the first in the order of the page"
    assert not await trading.records("contract.")
    told = await trading.hand_in(422, **{"party-2": "bäckerei morgenrot"})
    assert "steht schon auf dem Formular" in told


async def test_a_rule_of_the_marketplace_is_told_in_german_and_in_english(clerk: Person) -> None:
    """Given a step that a rule forbids, then its sentence stands on top in the page's language, and all stays typed."""
    await clerk.open(f"{clerk.edition}/organisations")
    action, fields = clerk.filled("Eintragen", name="x" * 201, side="company")
    assert "Ein Text ist zu lang." in await clerk.send(action, fields, 409)
    assert clerk.form("Eintragen").fields["name"] == "x" * 201
    assert "A text is too long." in await clerk.send(f"{action}?lang=en", fields, 409)
    assert 'role="alert"' in clerk.page


async def test_rows_are_added_and_nothing_is_lost(trading: Person) -> None:
    """Given a form half typed, when a pledge and a party are added, then three parties trade on one form."""
    await trading.enter("Sportverein", "nonprofit")
    await trading.open(f"{trading.edition}/form")
    await trading.press("Noch eine Leistung von Partei 1", **FORM)
    assert trading.seen.begins == "title-1-2"
    await trading.press("Dritte Partei dazu", **{"title-1-2": "Kuchen", "area-1-2": "sachen", "kind-1-2": "goods"})
    assert trading.seen.begins == "party-3"
    third = {"party-3": "Sportverein", "title-3-1": "Turnhalle", "area-3-1": "sachen", "kind-3-1": "use", "to-3-1": "1"}
    assert "Bitte wählen, wer das bekommt" in await trading.press("Aufzeichnen", 422, **third, **{"signed-3": "yes"})
    to = {"to-1-1": "2", "to-1-2": "3", "to-2-1": "1"}
    assert "liegt beim Notar" in await trading.press("Aufzeichnen", **to)
    (drafted,) = await trading.records("contract.drafted")
    assert len(drafted["entry"]["data"]["form"]["terms"]["pledges"]) == 4
    assert len(await trading.records("contract.signed")) == 3


async def test_a_form_without_all_signatures_waits(trading: Person) -> None:
    """Given a form that one party hasn't signed, then it waits, and goes to the notary with the last signature."""
    told = await trading.hand_in(**{"signed-2": ""})
    assert "Es fehlen noch Unterschriften" in told
    assert not await trading.records("contract.submitted")
    assert "Das Formular liegt beim Notar." in await trading.press("Unterschriften", **{"signed-2": "yes"})


async def test_after_the_gong_a_half_done_form_says_what_is_missing(trading: Person) -> None:
    """Given a draft, when the gong has rung before it is handed in, then its page tells why it isn't taken."""
    await trading.hand_in(**{"signed-2": ""})
    contract = trading.path
    await trading.open(f"{trading.edition}/gong/close")
    await trading.press("Ja, Schlussgong")
    await trading.open(contract)
    assert "Der Gong ist erklungen" in await trading.press("Unterschriften", 409, **{"signed-2": "yes"})
    assert len(await trading.records("contract.signed")) == 2


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


async def test_a_form_is_returned_with_reasons_and_comes_again(trading: Person) -> None:
    """Given a form with a flaw, when the notary returns it, then the clerk reads why, mends it, and it comes again."""
    await trading.sign_in("notary")
    await trading.hand_in()
    await trading.open(f"{trading.edition}/notary")
    assert "mindestens einen Grund" in await trading.press("Zurückgeben", 422)
    assert "zurückgegeben" in await trading.press("Zurückgeben", **{"reason-date_missing": "yes"})
    contract = (await trading.records("contract.returned"))[0]["entry"]["stream"]
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


async def test_a_stale_correction_keeps_what_was_typed(trading: Person) -> None:
    """Given a form that another clerk corrected meanwhile, when ours is sent, then it stays typed and can be sent."""
    await trading.hand_in(**{"signed-2": ""})
    await trading.open(f"{trading.path}/correct")
    old, fields = trading.filled("Aufzeichnen", **{"title-1-1": "Kuchen"})
    await trading.open(trading.path)
    await trading.press("Aufzeichnen", **{"title-1-1": "Torte"})
    assert "Das hat sich geändert" in await trading.send(old, fields, 412)
    assert trading.form("Aufzeichnen").fields["title-1-1"] == "Kuchen"
    await trading.press("Aufzeichnen")
    assert "Kuchen" in trading.text


async def test_the_gong_asks_once_more(trading: Person) -> None:
    """Given trading, when it is extended and closed, then a page names what will be, and a stale one does nothing."""
    await trading.open(f"{trading.edition}/gong")
    await trading.open(f"{trading.edition}/gong/extend?minutes=10")
    assert re.search(r"Ja, bis \d\d:\d\d Uhr verlängern", trading.text)
    action, fields = trading.filled("Ja, bis")
    await trading.press("Ja, bis")
    assert len(await trading.records("marketplace.trading_extended")) == 1
    other = fields | {"key": "5841178d-f27c-4bff-a397-1ef0d535b2eb"}
    assert "Das hat sich geändert" in await trading.send(action, other, 412)
    await trading.open(f"{trading.edition}/gong/extend?minutes=0", 422)
    assert trading.seen.begins == "minutes"
    await trading.open(f"{trading.edition}/gong/close")
    assert trading.seen.begins == "button"
    await trading.press("Ja, Schlussgong")
    assert "nichts mehr zu tun" in trading.text
    assert "Der Gong hat den Handel beendet" in await trading.open(f"{trading.edition}/gong")


async def test_who_may_not_ring_is_told_so(trading: Person) -> None:
    """Given a clerk without the host's key, when the gong's page is opened or its form sent, then it says who may."""
    await trading.open(f"{trading.edition}/gong/close")
    action, fields = trading.filled("Ja, Schlussgong")
    await trading.press("Abmelden")
    await trading.sign_in("clerk")
    assert "Das darf keiner der angemeldeten Schlüssel" in await trading.open(f"{trading.edition}/gong/close")
    fields["token"] = trading.form("Abmelden").fields["token"]
    assert "Das darf keiner der angemeldeten Schlüssel" in await trading.send(action, fields, 403)
    assert not await trading.records("marketplace.trading_closed")


async def test_calls_tell_what_came_of_it(trading: Person) -> None:
    """Given a contract, when its parties are called months later, then the rate follows what they say."""
    await trading.sign_in("notary")
    await trading.hand_in()
    await trading.open(f"{trading.edition}/notary")
    await trading.press("Beglaubigen")
    await trading.open(f"{trading.edition}/gong/close")
    await trading.press("Ja, Schlussgong")
    assert "Fragen Sie nach" in trading.text
    await trading.open(f"{trading.edition}/calls")
    assert "heute beglaubigt" in await trading.press("Nachfrage beginnen")
    contract = (await trading.records("contract.certified"))[0]["entry"]["stream"]
    await trading.open(f"{trading.desk}/contracts/{contract}/call")
    assert "Bitte wählen." in await trading.press("Anruf aufzeichnen", 422, **{"said-0": "all"})
    party = (await trading.records("contract.drafted"))[0]["entry"]["data"]["form"]["parties"][0]["participation"]
    said = {"party": party, "outcome": "not_reached", "note": "Frau Muster ruft zurück"}
    assert "Wer nicht erreicht wurde" in await trading.press("Anruf aufzeichnen", 409, **said)
    told = await trading.press("Anruf aufzeichnen", outcome="reached", **{"said-0": "", "came-0": "3", "said-1": "all"})
    assert "Anruf aufgezeichnet. läuft." in told
    await trading.open(f"{trading.desk}/contracts/{contract}/call")
    assert "davon schon 3" in trading.text
    said = {"party": party, "outcome": "reached", "came-0": "5"}
    assert "1 von 1 eingelöst: 100,0 %" in await trading.press("Anruf aufzeichnen", **said)
    called = await trading.records("contract.follow_up_called")
    assert len(called) == 2
    assert "Muster" not in str(called), "a note is kept under seal"


async def test_results_are_announced_and_corrected(person: Person) -> None:
    """Given a real edition that is over, when its figures are announced, then they come from the ledger, as chosen."""
    await person.sign_in("host_admin", "clerk", "notary")
    await person.open(f"{person.desk}/plan")
    await person.press("Planen", title="Marktplatz Essen")
    person.edition = person.path
    await person.press("Anmeldung öffnen")
    await person.enter("Bäckerei Morgenrot", "company")
    await person.enter("Tafel Essen", "nonprofit")
    await person.open(f"{person.edition}/gong")
    await person.press("Gong:")
    await person.hand_in()
    await person.open(f"{person.edition}/notary")
    await person.press("Beglaubigen")
    await person.open(f"{person.edition}/gong/close")
    await person.press("Ja, Schlussgong")
    assert "Geben Sie die Zahlen bekannt" in person.text
    await person.open(f"{person.edition}/announce")
    fields = person.form("Bekannt geben").fields
    assert (fields["agreements"], fields["value"], fields["business_side"]) == ("1", "120", "1")
    assert fields["source"].startswith("Hauptbuch, Stand ")
    assert "ganze Zahl" in await person.press("Bekannt geben", 422, value="12,50")
    await person.press("Bekannt geben", value="1.200", **{"value-how": "just_under"})
    await person.open(f"{person.edition}/announce")
    assert "Bekannt gegeben: 1 Vereinbarung, knapp 1.200 Euro." in person.text
    changed = {"participants": "60", "participants-how": "over", "source": "Gezählt an der Tür"}
    assert "Bitte wählen." in await person.press("Meldung berichtigen", 422, **changed)
    await person.press("Meldung berichtigen", reason="counted_wrongly", drawn="")
    (corrected,) = await person.records("results.corrected")
    figures = corrected["entry"]["data"]["figures"]
    assert (figures["participants"]["value"], figures["participants"]["qualifier"]) == (60, "over")
    (drawn,) = await person.records("results.drawn_from_ledger")
    assert drawn["entry"]["data"]["position"] > 0
    (announced,) = await person.records("results.announced")
    assert announced["entry"]["data"]["figures"]["participants"]["qualifier"] == "unknown"


async def test_a_rehearsal_is_never_announced(trading: Person) -> None:
    """Given a rehearsal, when the announcement is opened, then it says why there is none."""
    assert "nie bekannt gegeben" in await trading.open(f"{trading.edition}/announce")


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


def _origin(person: Person) -> dict[str, str]:
    return {"Origin": str(person.http.base_url).rstrip("/")}


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
