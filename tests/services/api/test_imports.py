"""Files over HTTP: previewed, confirmed, and nothing done twice."""

import asyncio
import io
from typing import Any

import httpx2
from openpyxl import Workbook

from infra.clock import fresh_id
from services.application.importing.table import Form
from tests.services.hall import Hall

ORGANISATIONS = "Name;Seite\nProbe-Bäckerei Groß;Unternehmen\nProbe-Tafel e.V.;gemeinnützig\nProbe-Chor;Verein\n"


async def send(
    hall: Hall, what: str, content: bytes, *, role: str = "clerk", form: str = Form.CSV, **query: Any
) -> httpx2.Response:
    """Send a file."""
    headers = {"Authorization": f"Bearer {hall.host.keys[role]}", "Content-Type": form}
    address = f"/v1/{hall.host.tenant}/imports/{what}"
    return await hall.http.post(address, content=content, headers=headers, params=query)


async def previewed(hall: Hall, content: bytes, **asked: Any) -> dict[str, Any]:
    """A file's preview, by all that was recorded."""
    answer = await send(hall, "preview", content, **asked, wait_for=await hall.position())
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def confirmed(hall: Hall, content: bytes, **asked: Any) -> dict[str, Any]:
    """A file that was previewed and taken over."""
    digest = (await previewed(hall, content, **asked))["digest"]
    answer = await send(hall, "confirm", content, **asked, digest=digest)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def workbook(*rows: tuple[Any, ...]) -> bytes:
    """An XLSX workbook of these rows."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


async def test_a_file_of_organisations_is_previewed_and_taken_over_once(hall: Hall) -> None:
    """Given a file for an edition, when it is previewed nothing is recorded; confirmed twice, all is there once."""
    await hall.plan()
    asked = {"kind": "organisations", "marketplace": hall.marketplace}
    content = ORGANISATIONS.encode("cp1252")
    before = await hall.position()
    told = await previewed(hall, content, **asked)
    assert (told["new"], told["there_already"], told["bad"], told["duplicates"]) == (3, 0, [], [])
    assert told["encoding"] == "Windows-1252"
    assert told["rows"][0]["values"] == {"name": "Probe-Bäckerei Groß", "side": "company", "sole_trader": False}
    assert await hall.position() == before

    first = await send(hall, "confirm", content, **asked, digest=told["digest"])
    assert (first.status_code, first.json()["recorded"]) == (201, 3)
    again = await send(hall, "confirm", content, **asked, digest=told["digest"])
    assert (again.json()["recorded"], again.json()["there_already"]) == (0, 3)
    other_caller = await send(hall, "confirm", content, role="host_admin", **asked, digest=told["digest"])
    assert (other_caller.json()["recorded"], other_caller.json()["there_already"]) == (0, 3)
    assert await hall.position() == before + 6
    known = (await hall.read("organisations", wait_for=before + 6))["items"]
    assert [one["name"] for one in known] == ["Probe-Bäckerei Groß", "Probe-Tafel e.V.", "Probe-Chor"]
    parts = (await hall.read("participations", marketplace=hall.marketplace))["items"]
    assert [(one["name"], one["state"]) for one in parts] == [(one["name"], "requested") for one in known]


async def test_the_preview_names_every_bad_row_and_nothing_of_the_file_is_taken_over(hall: Hall) -> None:
    """Given a file with bad rows, when it is previewed, then each is named; confirmed, it is refused as a whole."""
    rows = ("Name,Seite,Farbe", "Bäckerei,Unternehmen,rot", "Tafel,links,blau", ",Verein,", "BAECKEREI GmbH,company,")
    content = "\n".join(rows).encode()
    told = await previewed(hall, content, kind="organisations")
    assert [(bad["row"], bad["column"], bad["code"]) for bad in told["bad"]] == [
        (1, "Farbe", "column-unknown"),
        (3, "Seite", "not-a-side"),
        (4, "Name", "cell-missing"),
        (5, None, "row-twice"),
    ]
    assert all(bad["detail"].endswith(".") for bad in told["bad"])
    before = await hall.position()
    answer = await send(hall, "confirm", content, kind="organisations", digest=told["digest"])
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/rows-unusable")
    assert await hall.position() == before


async def test_another_file_than_the_previewed_one_is_refused(hall: Hall) -> None:
    """Given a preview, when other bytes, or the same for something else, are confirmed, then that is refused."""
    content = ORGANISATIONS.encode()
    digest = (await previewed(hall, content, kind="organisations"))["digest"]
    changed = await send(hall, "confirm", content + b"Probe-Hort;Verein\n", kind="organisations", digest=digest)
    assert (changed.status_code, changed.json()["type"]) == (409, "/problems/preview-first")
    await hall.plan()
    asked = {"kind": "organisations", "marketplace": hall.marketplace}
    assert (await send(hall, "confirm", content, **asked, digest=digest)).json()["type"] == "/problems/preview-first"


async def test_what_is_known_is_found_and_what_looks_alike_is_shown(hall: Hall) -> None:
    """Given known organisations, when a file spells them otherwise, then they are found; a near name is shown."""
    await hall.plan()
    for name in ("Probe-Bäckerei Groß GmbH", "Probe-Tafell"):
        await hall.done("organisations", {"name": name, "side": "company", "rehearsal": True})
    content = b"name\tside\nPROBE-BAECKEREI GROSS\tcompany\nProbe-Tafel\tnonprofit\nProbe Taffel\tnonprofit\n"
    told = await previewed(hall, content, kind="organisations", marketplace=hall.marketplace)
    near = [(one["row"], (one["organisation"] or {}).get("name"), one["other_row"]) for one in told["duplicates"]]
    assert sorted(near, key=str) == [(3, "Probe-Tafell", None), (4, "Probe-Tafell", None), (4, None, 3)]
    assert told["new"] == 3
    done = await confirmed(hall, content, kind="organisations", marketplace=hall.marketplace)
    assert done["recorded"] == 3
    names = [one["name"] for one in (await hall.read("organisations", wait_for=done["position"]))["items"]]
    assert names == ["Probe-Bäckerei Groß GmbH", "Probe-Tafell", "Probe-Tafel", "Probe Taffel"]


async def test_contacts_are_taken_over_under_seal_and_one_person_may_speak_for_several(hall: Hall) -> None:
    """Given two organisations, when their contacts come from a workbook, then one person in two rows is one person."""
    await hall.plan()
    await confirmed(hall, ORGANISATIONS.encode(), kind="organisations", marketplace=hall.marketplace)
    content = workbook(
        ("Organisation", "Vertretung", "E-Mail", "Telefon", "Vollmacht"),
        ("Probe-Bäckerei Groß", "Alba Muster", "alba@example.org", None, "schriftlich"),
        ("probe-tafel", "Alba Muster", "alba@example.org", None, None),
        ("Probe-Chor", "Ben Beispiel", None, 4920112345.0, "kraft Amtes"),
    )
    asked = {"kind": "contacts", "marketplace": hall.marketplace, "form": Form.XLSX}
    done = await confirmed(hall, content, **asked)
    assert (done["recorded"], done["there_already"], done["refused"]) == (3, 0, 0)
    bakery, food_bank, choir = (await hall.read("organisations", wait_for=done["position"]))["items"]
    (alba,), (ben,) = bakery["representatives"], choir["representatives"]
    assert food_bank["representatives"] == [alba]
    assert (bakery["mandates"], choir["mandates"]) == ({alba: "in_writing"}, {ben: "by_office"})
    assert (await confirmed(hall, content, **asked))["there_already"] == 3
    corrected = workbook(
        ("Organisation", "Vertretung", "Telefon", "Vollmacht"),
        ("Probe-Bäckerei Groß", "Alba Muster", "0201 1234", "kraft Amtes"),
        ("Probe-Hort", "Carla Muster", None, None),
    )
    told = await previewed(hall, corrected, **asked)
    assert [(bad["row"], bad["column"], bad["code"]) for bad in told["bad"]] == [
        (3, "Organisation", "organisation-unknown")
    ]
    assert [row["there_already"] for row in told["rows"]] == [False]
    entries = (
        await hall.http.get(
            f"/v1/{hall.host.tenant}/events",
            params={"limit": 200},
            headers={"Authorization": f"Bearer {hall.host.keys['auditor']}"},
        )
    ).text
    assert "Alba" not in entries
    assert "example.org" not in entries


async def test_listings_are_taken_over_for_those_who_take_part(hall: Hall) -> None:
    """Given an admitted bakery, when its offers come in a file, then they are on the list; the others' rows are bad."""
    await hall.plan()
    await hall.bring("Probe-Bäckerei", "company")
    await hall.done("organisations", {"name": "Probe-Kino", "side": "company", "rehearsal": True})
    header = "Organisation;Art;Bereich;Titel;Menge;Einheit\n"
    good = 'Probe-Bäckerei;Angebot;Tatkraft;"Brot,\nfrisch";10;Körbe\n'
    good += "Probe-Bäckerei;Gesuch;know-how;Ein Plakat;1;Stück\n"
    asked = {"kind": "listings", "marketplace": hall.marketplace}
    bad = "Probe-Kino;Angebot;Tatkraft;Karten;5;Stück\nProbe-Bäckerei;Angebot;Geld;Euro;zehn;Stück\n"
    bad += "Probe-Bäckerei;Tausch;Geld;Euro;0;Stück\nProbe-Bäckerei;Angebot;Geld;Spende;5;Stück\n"
    told = await previewed(hall, (header + good + bad).encode(), **asked)
    assert [(one["row"], one["column"], one["code"]) for one in told["bad"]] == [
        (4, "Organisation", "not-taking-part"),
        (5, "Menge", "not-a-quantity"),
        (6, "Art", "not-a-kind"),
        (6, "Menge", "not-a-quantity"),
        (7, "Bereich", "area-unknown"),
    ]
    done = await confirmed(hall, (header + good).encode(), **asked)
    assert done["recorded"] == 2
    listed = (await hall.read("listings", marketplace=hall.marketplace, wait_for=done["position"]))["items"]
    assert [(one["kind"], one["area"], one["title"], one["quantity"]) for one in listed] == [
        ("offer", "helping-hands", "Brot, frisch", 10),
        ("need", "know-how", "Ein Plakat", 1),
    ]
    same_and_more = (header + good + "Probe-Bäckerei;Gesuch;know-how;Ein Flyer;1;Stück\n").encode()
    assert (await confirmed(hall, same_and_more, **asked))["recorded"] == 1
    without = await send(hall, "preview", (header + good).encode(), kind="listings")
    assert (without.status_code, without.json()["type"]) == (422, "/problems/edition-missing")


async def test_files_are_the_desks_and_of_two_kinds_and_of_two_megabytes(hall: Hall) -> None:
    """Given other roles, types, sizes or addresses, when a file is sent, then each gets its documented problem."""
    content = ORGANISATIONS.encode()
    asked = {"kind": "organisations"}
    answers = [
        (await send(hall, "preview", content, **asked, role="broker"), 403, "role-not-allowed"),
        (await send(hall, "confirm", content, **asked, role="notary", digest="0" * 64), 409, "preview-first"),
        (await send(hall, "preview", content, **asked, form="application/json"), 415, "file-type-unusable"),
        (await send(hall, "preview", b" " * (2 * 1024 * 1024 + 1), **asked), 413, "body-too-large"),
        (await send(hall, "preview", content), 400, "query-unusable"),
        (await send(hall, "preview", content, kind="contracts"), 400, "query-unusable"),
        (await send(hall, "preview", content, **asked, colour="red"), 400, "query-unusable"),
        (await send(hall, "confirm", content, **asked), 400, "query-unusable"),
        (await send(hall, "preview", content, **asked, marketplace=fresh_id()), 404, "not-there"),
    ]
    assert [(answer.status_code, answer.json()["type"]) for answer, _, _ in answers] == [
        (status, f"/problems/{name}") for _, status, name in answers
    ]
    large = b"Name;Seite\n" + b"\n" * (1024 * 1024)
    assert (await previewed(hall, large, **asked))["bad"][0]["code"] == "file-empty"


async def test_a_confirmation_that_broke_off_is_repeated_and_does_nothing_twice(hall: Hall) -> None:
    """Given a caller who hung up, and two who confirm the same file at once, then each row was recorded once."""
    await hall.plan()
    content = ("Name;Seite\n" + "".join(f"Probe-Werkstatt {n};Firma\n" for n in range(40))).encode()
    asked = {"kind": "organisations", "marketplace": hall.marketplace}
    digest = (await previewed(hall, content, **asked))["digest"]
    before = await hall.position()
    leaving = asyncio.create_task(send(hall, "confirm", content, **asked, digest=digest))
    await asyncio.sleep(0.05)
    leaving.cancel()
    answers = await asyncio.gather(
        *(send(hall, "confirm", content, role=role, **asked, digest=digest) for role in ("clerk", "host_admin"))
    )
    assert all(answer.status_code == 201 and answer.json()["refused"] == 0 for answer in answers), answers
    again = (await send(hall, "confirm", content, **asked, digest=digest)).json()
    assert (again["recorded"], again["there_already"]) == (0, 40)
    assert await hall.position() == before + 80


async def test_a_file_is_its_own_key(hall: Hall) -> None:
    """Given a lost answer, when the file is confirmed again, no key being asked for, it says where all can be read.

    Given another file under the first one's digest, then it is refused: what is confirmed is what was previewed.
    """
    await hall.plan()
    content, asked = ORGANISATIONS.encode(), {"kind": "organisations", "marketplace": hall.marketplace}
    digest = (await previewed(hall, content, **asked))["digest"]
    lost = await send(hall, "confirm", content, **asked, digest=digest)
    assert (lost.status_code, lost.json()["recorded"]) == (201, 3)
    again = (await send(hall, "confirm", content, **asked, digest=digest, wait_for=lost.json()["position"])).json()
    assert (again["recorded"], again["there_already"]) == (0, 3)
    assert lost.json()["position"] <= again["position"] <= await hall.position()
    shown = (await hall.read("participations", marketplace=hall.marketplace, wait_for=again["position"]))["items"]
    assert len(shown) == 3
    other = await send(hall, "confirm", content + b"Probe-Hort;Verein\n", **asked, digest=digest)
    assert (other.status_code, other.json()["type"]) == (409, "/problems/preview-first")
    confirm = (await hall.http.get("/openapi.json")).json()["paths"]["/v1/{tenant}/imports/confirm"]["post"]
    assert "Idempotency-Key" not in [parameter["name"] for parameter in confirm["parameters"]]
    assert "422" in confirm["responses"]
    assert "key" not in confirm["summary"]
