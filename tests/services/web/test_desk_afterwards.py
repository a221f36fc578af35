"""The gong and the calls months later: at the desk, page by page."""

import re

from tests.services.web.person import Person


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
