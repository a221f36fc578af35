"""The form at the desk: typed in, sent twice, half done; nothing that was typed is lost."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.services.hall import Hall
from tests.services.web.person import FORM, Person


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
    assert "Nur zum Teil aufgezeichnet" in trading.text
    assert "noch nicht unterschrieben" not in trading.text


async def test_a_correction_changes_only_what_was_typed(trading: Person) -> None:
    """Given terms that the page shows half of, and an area retired since, when a title is mended, all else stays."""
    await trading.hand_in(**{"signed-2": "", "contact": "2", "days": "7"})
    form, hall = trading.path, Hall(trading.http, trading.host)
    (drafted,) = await trading.records("contract.drafted")
    terms = drafted["entry"]["data"]["form"]["terms"]
    terms["pledges"][0] |= {"due_from": "2026-10-01"}
    terms["pledges"][0]["value"] |= {"minor": 9_600, "rate_minor": 1_200}
    terms["pledges"][1]["value"] |= {"basis": "market_value"}
    version = len((await hall.read(f"contracts/{drafted['entry']['stream']}"))["lineage"])
    sent = await hall.post(f"contracts/{drafted['entry']['stream']}/correct", {"terms": terms}, match=version)
    assert sent.status_code == 201, sent.text
    edition = trading.edition.removeprefix(f"{trading.desk}/")
    seen = (await hall.read(f"marketplaces/{edition}"))["version"]
    retired = await hall.post(
        f"marketplaces/{edition}/retire-area", {"area": "tatkraft"}, role="host_admin", match=seen
    )
    await trading.open(f"{form}/correct?at={retired.json()['position']}")
    assert "Stunden (je 12 €)" in trading.text
    assert "Termin, ab" in trading.text
    old, fields = trading.filled("Aufzeichnen", **{"title-1-1": "Kuchen"})
    await trading.open(f"{form}/correct")
    await trading.press("Aufzeichnen", **{"title-1-1": "Torte", "hours-1-1": "2"})
    await trading.send(old, fields | {"begun": "99"}, 400)
    await trading.send(old, fields, 412)
    await trading.press("Aufzeichnen")
    terms["pledges"][0]["title"] = "Kuchen"
    assert (await trading.records("contract.form_corrected"))[-1]["entry"]["data"]["terms"] == terms


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


def _origin(person: Person) -> dict[str, str]:
    return {"Origin": str(person.http.base_url).rstrip("/")}
