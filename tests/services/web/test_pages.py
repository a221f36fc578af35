"""What the pages show of what the application answers, read as HTML by people who have no script."""

from collections.abc import AsyncIterator
from datetime import date
from html.parser import HTMLParser

import pytest
from asyncpg import ConnectionDoesNotExistError
from litestar import Litestar
from litestar.testing import AsyncTestClient
from msgspec import structs

from domain.contract.fulfilment import NonFulfilmentReason, PledgeStatus
from domain.identity import MarketplaceId, TenantId
from domain.ledger.row import LedgerState, Source
from domain.marketplace.plan import Counted, Plan
from domain.money import Basis, Value
from domain.organisation.events import Side
from domain.results.statement import Statement
from infra.projections.across import SeasonEdition
from services.application.reading.trouble import CursorExpired, Parked, ProjectionBehind
from services.application.views import ValueView
from services.web.assets import ASSETS
from tests.services.web.made_up import (
    HOSTILE,
    LONG,
    REPORT,
    SOURCE,
    announced,
    edition,
    party,
    pledge,
    results,
    row,
    rows,
    step,
    thing,
)
from tests.services.web.reader import Reader, app

BOARD = f"/essen/marketplaces/{thing(1)}"
Client = AsyncTestClient[Litestar]


@pytest.fixture
def reader() -> Reader:
    return Reader(editions=[results(edition(), 2)], rows=rows(2), steps=[step("contract.certified.v1", number=2)])


@pytest.fixture
async def pages(reader: Reader) -> AsyncIterator[Client]:
    async with AsyncTestClient(app(reader)) as client:
        yield client


async def read(pages: Client, path: str, status: int = 200, **headers: str) -> str:
    answer = await pages.get(path, headers=headers)
    assert answer.status_code == status, answer.text
    return " ".join(answer.text.replace("\N{NO-BREAK SPACE}", " ").split())


def season() -> list[SeasonEdition]:
    """The season of 2006 as the views hold it."""
    made = []
    for number, told in enumerate(REPORT["marketplaces"]):
        plan = edition(rehearsal=False)
        held = {name: getattr(plan, name) for name in Plan.__slots__ if hasattr(plan, name)}
        held |= {"date": told["date"] and date.fromisoformat(told["date"]), "title": told["title"] or told["city"]}
        said = Statement(
            marketplace=MarketplaceId(plan.id),  # type: ignore[arg-type]
            figures=announced(told),
            source=SOURCE,
            notes=tuple(told["notes"]),
            corrections=0,
        )
        home = MarketplaceId(thing(number))  # type: ignore[arg-type]
        made.append(SeasonEdition(TenantId(told["host"]), told["city"], None, home, Plan(**held), said))
    return made


async def test_the_front_page_says_what_was_announced(pages: Client, reader: Reader) -> None:
    """Six hosts with qualifiers in words; what is missing, mixed or only initiated is said beside the sum."""
    reader.editions.append(results(edition(2, rehearsal=False, state="planned"), 0))
    reader.announced.extend(season())
    page = await read(pages, "/")
    for words in (
        "Sechs Städte:", "über 556 Vereinbarungen,", "rund 680.000 Euro.",
        "97 Kontrakte, knapp 200.000 Euro",
        "87 soziale Partnerschaften angebahnt, Gegenwert: keine Angabe",
        "40 Personen aus Unternehmen", "rund 150 gemeinnützige Organisationen", "über 130 Personen",
        "Datum nicht bekannt",
        "wer Veranstalter war, ist nicht genannt.",
        "Im Gegenwert fehlt, weil dort niemand eine Zahl nennt: Jena und Berlin.",
        "Mitgezählt, obwohl erst angebahnt: Jena.",
        "Kontrakte, soziale Partnerschaften, schriftliche Vereinbarungen, Kooperationen und Projekte.",
        'href="/jena"',
    ):  # fmt: skip
        assert words in page, words
    assert "0 Euro Gegenwert" not in page
    assert await read(pages, "/season/2006")
    await read(pages, "/season/1999", 404)


async def test_no_season_is_no_error(reader: Reader, pages: Client) -> None:
    """A service without editions says so, in words."""
    reader.editions.clear()
    assert "Noch keine Saison" in await read(pages, "/")


@pytest.mark.parametrize("path", [BOARD, f"{BOARD}/ledger", f"/essen/contracts/{thing(1002)}"])
async def test_a_rehearsal_is_marked_everywhere(pages: Client, path: str) -> None:
    """Title, head and, in English, the English word."""
    page = await read(pages, path)
    assert "<title>PROBE: " in page
    assert "<strong>Probe</strong>" in page
    english = await read(pages, f"{path}?lang=en")
    assert "<title>REHEARSAL: " in english
    assert "<strong>Rehearsal</strong>" in english


async def test_a_real_edition_is_not(pages: Client, reader: Reader) -> None:
    """Nor does it bear the mark by accident."""
    reader.editions[0] = results(edition(rehearsal=False), 2)
    page = await read(pages, BOARD)
    assert "PROBE" not in page
    assert 'class="rehearsal"' not in page


async def test_hostile_names_stay_text(pages: Client, reader: Reader) -> None:
    """A party's name, a title or an edition's can't bring markup into a page."""
    hostile = row(2, party(Side.COMPANY, HOSTILE), party(Side.NONPROFIT, LONG))
    reader.rows[:] = [hostile]
    reader.editions[0] = results(edition(title=HOSTILE, noun=HOSTILE, venue=HOSTILE), 1)
    reader.steps[:] = [step("contract.drafted.v1", pledges=[HOSTILE], form_number=HOSTILE)]
    for path in ("/", "/essen", BOARD, f"{BOARD}?lang=en", f"{BOARD}/ledger", f"/essen/contracts/{hostile.id}"):
        page = await read(pages, path)
        assert "<script>alert" not in page, path
    assert "&lt;script&gt;" in page


async def test_the_board_shows_count_value_and_what_they_are(pages: Client, reader: Reader) -> None:
    """Number, noun, estimate and the newest, the notary's queue beside them."""
    reader.editions[0] = results(edition(), 97, at_notary=15, unvalued=1)
    page = await read(pages, BOARD)
    for words in (
        '<span class="figure">97</span>', "Kontrakte, beglaubigt", "121.250 € Gegenwert",
        "Schätzwert, keine Zuwendungsbestätigung", "Eine Leistung ist noch nicht geschätzt.",
        "15 Vereinbarungen liegen beim Notar.", "Handel läuft", "noch 47 Minuten", 'aria-live="off"',
    ):  # fmt: skip
        assert words in page, words
    assert 'data-theme="dark"' in page
    assert 'data-theme="light"' in await read(pages, f"{BOARD}?theme=light")
    assert all(reader.public), "pages read as the public"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("planned", "Noch ist es still im Saal."),
        ("registering", "Die Anmeldung ist offen."),
        ("trading", "Die erste Vereinbarung kommt meist nach wenigen Minuten."),
        ("over", "Das ist der Endstand."),
        ("called_off", "Dieser Marktplatz ist abgesagt."),
    ],
)
async def test_the_board_has_words_before_and_after(pages: Client, reader: Reader, state: str, words: str) -> None:
    """Before the first gong, with no contract yet, after the last gong, and when nothing takes place."""
    reader.editions[0] = results(edition(state=state), 0)
    reader.rows.clear()
    assert words in await read(pages, BOARD)


async def test_the_board_of_what_was_only_announced(pages: Client, reader: Reader) -> None:
    """Without contracts in the ledger the board shows the announcement, never a zero nor a seal."""
    said = announced(REPORT["marketplaces"][1])
    reader.editions[0] = results(edition(rehearsal=False, state="planned"), 0, said=said)
    page = await read(pages, BOARD)
    assert "87 soziale Partnerschaften angebahnt" in page
    assert "beglaubigt" not in page.partition("<main")[2].partition("</main>")[0]
    assert 'class="figure"' not in page


async def test_the_ledger_is_a_table(pages: Client, reader: Reader) -> None:
    """With a caption and headings, a way on, a filter that works as a form, and what is unknown in words."""
    reader.rows[:] = [row(401, state=LedgerState.DRAFTED), *rows(400)]
    page = await read(pages, f"{BOARD}/ledger")
    assert page.count('<tr role="row" data-id') == 50
    assert "<caption>" in page
    assert "after=more" in page
    drafts = await read(pages, f"{BOARD}/ledger?state=drafted")
    assert drafts.count('<tr role="row" data-id') == 1
    assert '<option value="drafted" selected>Entwurf</option>' in drafts
    assert (await read(pages, f"{BOARD}/ledger?rows=200")).count('<tr role="row" data-id') == 200
    assert "Keine Vereinbarung im Stand „strittig“" in await read(pages, f"{BOARD}/ledger?state=disputed")


async def test_no_estimate_is_no_zero(pages: Client, reader: Reader) -> None:
    """A contract whose counted pledges nobody valued, or that has none to count, is worth no `0 €`."""
    company, nonprofit = party(Side.COMPANY, "Bäckerei"), party(Side.NONPROFIT, "Tafel")
    nothing = ValueView(minor=0, currency="EUR", counted=Counted.COMPANIES, unvalued=1)
    reader.rows[:] = [
        row(2, pledges=[pledge(company, nonprofit, "Brot", None)], value=nothing),
        row(1, nonprofit, party(Side.NONPROFIT, "Chor", 2), value=nothing),
    ]
    page = await read(pages, f"{BOARD}/ledger")
    assert "nicht geschätzt" in page
    assert "nichts zu zählen" in page
    assert " 0 €" not in page


async def test_a_contract_bears_the_seal_and_its_small_print(pages: Client) -> None:
    """Certified means the seal, and the sentence that it is no notary's deed."""
    page = await read(pages, f"/essen/contracts/{thing(1002)}")
    for words in (
        'class="seal"', "keine notarielle Urkunde", "keine qualifizierte elektronische Signatur",
        "Brot für das Sommerfest", "nicht geschätzt", "Beglaubigt unter Nummer 2.", "Protokoll Nr. 1",
        "18:04:06 Uhr", "Ortszeit (MESZ)",
    ):  # fmt: skip
        assert words in page, words


async def test_a_form_without_negotiation_says_so(pages: Client, reader: Reader) -> None:
    """A draft has no seal; what was only talked about is said to be."""
    draft = row(3, state=LedgerState.DRAFTED, source=Source.FORM, form_number="A-017")
    reader.rows.append(draft)
    page = await read(pages, f"/essen/contracts/{draft.id}")
    assert "ohne aufgezeichnete Verhandlung geschrieben" in page
    assert 'class="seal"' not in page
    assert "notarielle Urkunde" not in page


async def test_a_contract_tells_what_became_of_it(pages: Client, reader: Reader) -> None:
    """Each pledge says what came of it, a corrected value what stands on the form, paper when it was filled."""
    company, club = party(Side.COMPANY, "Bäckerei Morgenrot"), party(Side.NONPROFIT, "Tafel Essen")
    bread, poster = pledge(company, club, "Brot"), pledge(club, company, "Ein Plakat")
    worth = Value(minor=90_000, currency="EUR", basis=Basis.MARKET_VALUE, rate_minor=None, minutes=None)
    told = [
        structs.replace(bread, status=PledgeStatus.PARTLY_DELIVERED, delivered=1, standing=worth),
        structs.replace(poster, status=PledgeStatus.NOT_DELIVERED, reason=NonFulfilmentReason.NEED_GONE),
    ]
    filled = "2006-09-18T15:30:00.000000Z"
    contract = row(
        3, company, club, state=LedgerState.PARTLY_FULFILLED, pledges=told, amendments=1,
        source=Source.PAPER, form_number="A17", occurred_at=filled,
    )  # fmt: skip
    reader.rows.append(contract)
    page = await read(pages, f"/essen/contracts/{contract.id}")
    for words in (
        "teilweise eingelöst, 1 von 2", "nicht eingelöst: Bedarf entfallen", "auf dem Formular: 1.250 €", "900 €",
        "ausgefüllt um 17:30 Uhr", "Einmal geändert, von allen unterschrieben.",
    ):  # fmt: skip
        assert words in page, words
    assert "Papier" in await read(pages, f"{BOARD}/ledger")


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        (LedgerState.VOID, "wrong_terms", "Die Nummer bleibt vergeben. Grund: falscher Inhalt."),
        (LedgerState.ANNULLED, "by_agreement", "gilt nicht mehr und zählt nicht. Grund: im Einvernehmen."),
        (LedgerState.REPUDIATED, None, "Eine Unterschrift wird angezweifelt."),
    ],
)
async def test_what_no_longer_counts_says_why(
    pages: Client, reader: Reader, state: LedgerState, reason: str | None, words: str
) -> None:
    """No seal, an alarm in words; and the board says why the count fell."""
    contract = row(4, state=state, ended_reason=reason)
    reader.rows.append(contract)
    page = await read(pages, f"/essen/contracts/{contract.id}")
    assert words in page
    assert 'class="seal"' not in page
    reader.editions = [results(edition(state="over"), 2, revoked=1, annulled=2)]
    board = await read(pages, BOARD)
    assert "Nicht mehr gezählt: eine zurückgenommene Beglaubigung und 2 aufgehobene Vereinbarungen." in board


@pytest.mark.parametrize(
    "path", ["/nobody", f"/essen/marketplaces/{thing(99)}", "/essen/contracts/x", "/essen/a/b/c/d", "/static/x.css"]
)
async def test_what_isnt_there_is_said_in_the_same_look(pages: Client, path: str) -> None:
    """404 in words, with a way out, and the same headers."""
    answer = await pages.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("trouble", "status", "words"),
    [
        (ProjectionBehind(9, 3), 503, "Die Anzeige holt gerade auf"),
        (
            ConnectionDoesNotExistError("secret"),
            503,
            "gerade nicht erreichbar",
        ),
        (ConnectionRefusedError("secret"), 503, "gerade nicht erreichbar"),
        (Parked(), 503, "Das lässt sich gerade nicht zeigen"),
        (CursorExpired(), 400, "Diese Adresse ist unvollständig"),
        (RuntimeError("secret"), 500, "Da ist etwas schiefgegangen"),
    ],
)
async def test_trouble_is_said_in_words(
    pages: Client, reader: Reader, trouble: Exception, status: int, words: str
) -> None:
    """What happened, that nothing is lost, what to do; no internals."""
    reader.trouble = trouble
    page = await read(pages, BOARD, status)
    assert words in page
    assert "erloren ist nichts" in page or "ichts ist verloren" in page
    assert "secret" not in page


async def test_headers_let_nothing_in_from_elsewhere(pages: Client) -> None:
    """No inline script or style, nobody's frame; assets by their hash are kept for ever, pages never unasked."""
    answer = await pages.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert answer.headers["Vary"] == "Accept-Language"
    assert answer.headers["Cache-Control"] == "no-cache"
    for asset in ASSETS.values():
        served = await pages.get(f"/static/{asset.name}")
        assert served.status_code == 200
        assert "immutable" in served.headers["Cache-Control"]
        assert asset.name in answer.text


class _Outline(HTMLParser):
    """What a page loads and links to, and its inline parts."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.loaded += [held[name] or "" for name in ("src", "href", "action") if name in held]
        self.inline += [tag for name in held if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in held) else []


@pytest.mark.parametrize("path", ["/", "/essen", BOARD, f"{BOARD}/ledger", f"/essen/contracts/{thing(1002)}", "/x"])
async def test_a_page_is_of_one_piece(pages: Client, path: str) -> None:
    """Everything comes from here and nothing is inline; the language is said, and kept on links once chosen."""
    answer = await pages.get(f"{path}?lang=en")
    outline = _Outline()
    outline.feed(answer.text)
    assert not outline.inline
    assert all(address.startswith(("/", "#")) for address in outline.loaded)
    assert '<html lang="en"' in answer.text
    assert f'href="{path}?lang=de"' in answer.text
    ours = [one for one in outline.loaded if one.startswith("/") and not one.startswith("/static/")]
    assert all("lang=" in address for address in ours)
