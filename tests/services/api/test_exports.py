"""Ledger and report as files, and an edition as ValueFlows, over HTTP."""

import csv
import io
import json
from typing import Any
from zipfile import ZipFile

from services.api.exporting import ledger as tables
from services.api.exporting.valueflows import CONTEXT
from tests.services.hall import Hall, pledge

HOSTILE = '=HYPERLINK("http://example.org")'


async def small_edition(hall: Hall) -> tuple[str, str]:
    """An edition with one certified contract of hostile words, and one form that isn't certified."""
    edition = await hall.plan(title="=Probe")
    one, other = await hall.bring("@Bäckerei, Brot", "company"), await hall.bring("Tafel", "nonprofit")
    offer = {
        "marketplace": edition,
        "by": one,
        "kind": "offer",
        "area": "helping-hands",
        "title": "Brote",
        "quantity": 10,
        "unit": "Stück",
    }
    listing = (await hall.done("listings", offer))["id"]
    await hall.gong()
    given = pledge(one, other, 123_450, HOSTILE) | {"listing": listing, "quantity": 3, "unit": "Stück"}
    back = pledge(other, one, 5_000, "Ein Raum") | {"kind": "use", "unit": "Stunde", "due_until": "2027-03-31"}
    negotiation = await hall.agree(one, other, pledges=[given, back])
    contract = (await hall.done("contracts/from-negotiation", {"negotiation": negotiation}))["id"]
    await hall.sign(contract, one, other)
    await hall.done(f"contracts/{contract}/submit")
    await hall.done(f"contracts/{contract}/certify", role="notary")
    draft = await hall.agree(one, other)
    await hall.done("contracts/from-negotiation", {"negotiation": draft})
    return edition, contract


def table(text: bytes) -> list[dict[str, str]]:
    """A CSV file's records by its header."""
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""), strict=True))


async def test_the_ledger_as_csv(hall: Hall) -> None:
    """One row a contract or a pledge, in either language, as of a position, with nothing that runs."""
    edition, contract = await small_edition(hall)
    seen = await hall.position()
    answer = await hall.get(f"marketplaces/{edition}/ledger.csv", wait_for=seen, role="clerk")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="ledger.csv"'
    first, draft = table(answer.content)
    assert first["Marktplatz"] == "'=Probe"
    assert (first["Unternehmen"], first["Stand"], first["Nummer"]) == ("'@Bäckerei, Brot", "beglaubigt", "1")
    assert first["Schätzwert (Euro), keine Zuwendungsbestätigung"] == "1234,50"
    assert first["Beglaubigt"].endswith(("+01:00", "+02:00"))
    assert (draft["Stand"], draft["Nummer"]) == ("aufgesetzt", "")

    pledges = table((await hall.get("ledger.csv", part="pledges", lang="en")).content)
    assert [one["Pledge"] for one in pledges][:2] == [f"'{HOSTILE}", "Ein Raum"]
    assert (pledges[0]["Estimated value (EUR), no donation receipt"], pledges[0]["Contract (id)"]) == (
        "1234.50",
        contract,
    )
    assert pledges[1]["Until"] == "2027-03-31"
    row = await hall.read(f"contracts/{contract}")
    then = table((await hall.get("ledger.csv", as_of=row["lineage"][0])).content)
    assert [one["Stand"] for one in then] == ["aufgesetzt"]


async def test_the_ledger_as_a_workbook(hall: Hall) -> None:
    """A sheet of contracts and a sheet of pledges, every word text."""
    edition, contract = await small_edition(hall)
    answer = await hall.get(f"marketplaces/{edition}/ledger.xlsx", wait_for=await hall.position())
    with ZipFile(io.BytesIO(answer.content)) as book:
        names = book.read("xl/workbook.xml").decode()
        assert "Verträge" in names
        assert "Leistungen" in names
        sheets = [book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2)]
    assert contract in sheets[0]
    assert "=HYPERLINK" in sheets[1]
    assert not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)
    assert sheets[0].count("<row ") == 3
    assert len(tables.CONTRACTS) == sheets[0].split("</row>")[0].count("<c ")


async def test_the_report_as_csv_and_workbook(hall: Hall) -> None:
    """Every figure of the report, with what it is of."""
    edition, _ = await small_edition(hall)
    seen = await hall.position()
    rows = table((await hall.get(f"marketplaces/{edition}/report.csv", wait_for=seen, lang="en")).content)
    told = {(row["Part"], row["Of what"], row["Figure"]): row for row in rows}
    whole = told["Marketplace", "'=Probe", "contracts"]
    assert (whole["Count"], whole["Estimated value (EUR), no donation receipt"]) == ("1", "1234.50")
    with_whom = told["Who with whom", "company with non-profit", "contracts"]
    assert (with_whom["Count"], with_whom["of"], with_whom["What these are"]) == ("1", "1", "counted contracts")
    german = table((await hall.get(f"marketplaces/{edition}/report.csv")).content)
    assert len(german) == len(rows)
    book = await hall.get(f"marketplaces/{edition}/report.xlsx")
    with ZipFile(io.BytesIO(book.content)) as opened:
        assert opened.read("xl/worksheets/sheet1.xml").decode().count("<row ") == len(rows) + 1


async def test_an_edition_in_the_words_of_valueflows(hall: Hall) -> None:
    """A JSON-LD document of its own: every term is in its context, everything pointed to is there."""
    edition, contract = await small_edition(hall)
    await hall.done(f"contracts/{contract}/delivery", {"pledge": 0, "delivered": 2}, role="follow_up_officer")
    answer = await hall.get(f"marketplaces/{edition}/valueflows.jsonld", wait_for=await hall.position())
    assert answer.headers["content-type"].startswith("application/ld+json")
    document = json.loads(answer.content)
    assert document["@context"] == dict(CONTEXT)
    nodes = {node["@id"]: node for node in document["@graph"]}
    assert len(nodes) == len(document["@graph"])
    for node in nodes.values():
        must_be_understood(node, nodes)

    of_type: dict[str, list[Any]] = {}
    for node in nodes.values():
        of_type.setdefault(node["@type"], []).append(node)
    (agreement,) = of_type["Agreement"]
    assert agreement["@id"] == f"urn:uuid:{contract}"
    given, back = of_type["Commitment"]
    assert given["clauseOf"] == back["reciprocalClauseOf"] == agreement["@id"]
    assert (given["action"], back["action"]) == ("vf:deliverService", "vf:use")
    (intent,) = of_type["Intent"]
    assert given["satisfies"] == intent["@id"]
    assert (intent["availableQuantity"]["hasNumericalValue"], given["resourceQuantity"]["hasNumericalValue"]) == (7, 3)
    assert back["effortQuantity"]["hasNumericalValue"] == 1
    (delivery,) = of_type["EconomicEvent"]
    assert (delivery["fulfills"], delivery["realizationOf"]) == (given["@id"], agreement["@id"])
    assert (delivery["resourceQuantity"]["hasNumericalValue"], given["finished"]) == (2, False)
    assert back["due"] == "2027-03-31T23:59:59+02:00"
    assert {node["name"] for node in of_type["Organization"]} == {"@Bäckerei, Brot", "Tafel"}
    assert {unit.get("omUnitIdentifier", "").rpartition("/")[2] for unit in of_type["Unit"]} == {"one", "hour"}


def must_be_understood(node: dict[str, Any], nodes: dict[str, Any]) -> None:
    """Every member is a term of the context; a link leads to a node or into the vocabulary."""
    for member, value in node.items():
        if isinstance(value, dict):
            must_be_understood(value, nodes)
        if member == "@id":
            continue
        words = [value] if member == "@type" else [member]
        for word in words:
            assert word in CONTEXT, word
        meaning = CONTEXT.get(member)
        if isinstance(meaning, dict) and meaning["@type"] == "@id":
            assert value in nodes or value.startswith("vf:"), value


async def test_files_are_for_those_with_a_key(hall: Hall) -> None:
    """No key: 401; another's edition: 404; a language that isn't spoken, or a part that isn't there: 400."""
    edition = await hall.plan()
    seen = await hall.position()
    for name in ("ledger.csv", "ledger.xlsx", "report.csv", "report.xlsx", "valueflows.jsonld"):
        path = f"marketplaces/{edition}/{name}"
        assert (await hall.http.get(f"/v1/{hall.host.tenant}/{path}")).status_code == 401
        assert (await hall.get(path, wait_for=seen)).status_code == 200
        assert (await hall.get(f"marketplaces/{hall.host.members['clerk']}/{name}")).status_code == 404
        assert (await hall.get(f"marketplaces/nothing/{name}")).status_code == 404
        assert (await hall.get(path, lang="fr")).status_code == 400
    assert (await hall.get("ledger.csv", part="listings")).status_code == 400
    assert (await hall.get("ledger.csv", as_of="yesterday")).status_code == 400
