"""What is announced at the desk: figures with the state of the ledger that they come from."""

from tests.services.hall import Hall
from tests.services.web.person import Person


async def trades(person: Person) -> None:
    """A real edition that trades, two organisations on the floor."""
    await person.sign_in("host_admin", "clerk", "notary")
    await person.open(f"{person.desk}/plan")
    await person.press("Planen", title="Marktplatz Essen")
    person.edition = person.path
    await person.press("Anmeldung öffnen")
    await person.enter("Bäckerei Morgenrot", "company")
    await person.enter("Tafel Essen", "nonprofit")
    await person.open(f"{person.edition}/gong")
    await person.press("Gong:")


async def is_over(person: Person) -> None:
    """A real edition that is over, with one contract."""
    await trades(person)
    await person.hand_in()
    await person.open(f"{person.edition}/notary")
    await person.press("Beglaubigen")
    await person.open(f"{person.edition}/gong/close")
    await person.press("Ja, Schlussgong")
    assert "Geben Sie die Zahlen bekannt" in person.text


async def test_results_are_announced_and_corrected(person: Person) -> None:
    """Given a real edition that is over, when its figures are announced, then they come from the ledger, as chosen."""
    await is_over(person)
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


async def test_a_correction_keeps_the_state_that_its_figures_come_from(person: Person) -> None:
    """Given a contract revoked since, when something else is corrected, then the old state stays, unless chosen."""
    await is_over(person)
    await person.open(f"{person.edition}/announce")
    await person.press("Bekannt geben")
    (first,) = await person.records("results.drawn_from_ledger")
    ((certified,), hall) = await person.records("contract.certified"), Hall(person.http, person.host)
    contract = certified["entry"]["stream"]
    version = len((await hall.read(f"contracts/{contract}"))["lineage"])
    body = {"reason": "certified_by_mistake"}
    revoked = await hall.post(f"contracts/{contract}/revoke", body, role="notary", match=version)
    assert revoked.status_code == 201, revoked.text
    now = revoked.json()["position"]
    await person.open(f"{person.edition}/announce?at={now}")
    assert "jetzt: Eintrag" in person.text
    assert "Bitte wählen." in await person.press("Meldung berichtigen", 422, participants="60")
    await person.press("Meldung berichtigen", reason="counted_wrongly")
    drawn = [each["entry"]["data"]["position"] for each in await person.records("results.drawn_from_ledger")]
    assert drawn == [first["entry"]["data"]["position"]] * 2
    await person.open(f"{person.edition}/announce")
    chosen = {"position": str(now), "agreements": "0", "value": ""}
    assert "Bitte wählen." in await person.press("Meldung berichtigen", 422, reason="", **chosen)
    assert person.form("Meldung berichtigen").fields["position"] == str(now), "kept when shown again"
    await person.press("Meldung berichtigen", reason="counted_wrongly")
    assert (await person.records("results.drawn_from_ledger"))[-1]["entry"]["data"]["position"] == now


async def test_what_was_typed_keeps_the_state_that_was_seen(person: Person) -> None:
    """Given figures of one moment, when a fault is mended after the ledger has moved on, then that moment is told."""
    await trades(person)
    await person.hand_in()
    await person.open(f"{person.edition}/announce")
    seen = person.form("Bekannt geben").fields["position"]
    action, fields = person.filled("Bekannt geben", participants="viele")
    await person.hand_in(form_number="P-002")
    await person.send(action, fields, 422)
    await person.press("Bekannt geben", participants="")
    (drawn,) = await person.records("results.drawn_from_ledger")
    assert str(drawn["entry"]["data"]["position"]) == seen


async def test_an_empty_ledger_is_no_source(person: Person) -> None:
    """Given an edition without any form, when it is announced, then nothing says that the ledger gave its figures."""
    await trades(person)
    await person.open(f"{person.edition}/announce")
    assert "Die Zahlen stammen aus dem Hauptbuch" not in person.text
    action, fields = person.filled("Bekannt geben")
    await person.send(action, fields | {"drawn": "yes", "position": "9" * 17}, 400)
    await person.send(action, fields)
    assert len(await person.records("results.announced")) == 1
    assert not await person.records("results.drawn_from_ledger")


async def test_a_rehearsal_is_never_announced(trading: Person) -> None:
    """Given a rehearsal, when the announcement is opened, then it says why there is none."""
    assert "nie bekannt gegeben" in await trading.open(f"{trading.edition}/announce")
