"""Who comes to the desk, who doesn't, and what another site's page can't do there."""

import asyncio
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from domain.access.roles import Role
from domain.identity import KeyId, TenantId
from infra.clock import now
from infra.postgres.tenancy import Tenant
from services.application.asking import Caller
from services.cli.house import open_house
from services.cli.keys import revoke_key
from services.web.desk import session
from services.web.desk.router import create_desk
from tests.running import RunningService
from tests.services.web.person import Person

EDITIONS = ("", "/organisations", "/paper", "/form", "/notary", "/gong", "/gong/extend?minutes=5", "/gong/close")
"""Pages of an edition's desk."""

PAGES = (
    "/plan",
    *(f"/{{edition}}{page}" for page in (*EDITIONS, "/calls", "/announce")),
    *(f"/contracts/{{edition}}{page}" for page in ("", "/correct", "/call")),
)
"""All pages of the desk but the first; of contracts those of one that isn't there."""

SOMETHING = "5841178d-f27c-4bff-a397-1ef0d535b2eb"


@pytest.mark.parametrize("page", PAGES)
async def test_who_is_signed_out_is_led_to_the_key(person: Person, page: str) -> None:
    """Given nobody signed in, when a page of the desk is asked for, then the sign-in page knows where to go on."""
    path = person.desk + page.format(edition=SOMETHING)
    answer = await person.http.get(path)
    assert answer.status_code == 303
    await person.open(path)
    assert person.path == person.desk
    assert person.form("Anmelden").fields["next"] == urlsplit(path).path
    assert person.seen.begins == "secret"


async def test_signing_in_leads_to_where_one_wanted_to_go(person: Person) -> None:
    """Given a page that needs a key, when the key is typed, then that page comes; another site's address doesn't."""
    await person.open(f"{person.desk}/plan")
    await person.press("Anmelden", secret=person.host.keys["host_admin"])
    assert person.path == f"{person.desk}/plan"
    for elsewhere in ("https://example.org/", "//example.org/", f"{person.desk}/..//example.org", "/other/desk/plan"):
        answer = await person.http.post(
            person.desk,
            data={"secret": person.host.keys["host_admin"], "next": elsewhere},
            headers={"Origin": str(person.http.base_url).rstrip("/")},
        )
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(person.desk)


async def test_the_cookie_is_for_this_desk_alone(person: Person) -> None:
    """Given a sign-in, then no script reads its cookie, no other site sends it, no other host's desk gets it."""
    sign_in = {"secret": person.host.keys["clerk"]}
    origin = str(person.http.base_url).rstrip("/")
    plain = (await person.http.post(person.desk, data=sign_in, headers={"Origin": origin})).headers["set-cookie"]
    assert f"Path={person.desk};" in plain
    assert "HttpOnly" in plain
    assert "SameSite=strict" in plain
    assert "Secure" not in plain
    assert 0 < int(re.search(r"Max-Age=(\d+)", plain)[1]) <= 12 * 3600  # type: ignore[index]
    behind_tls = {"Origin": origin, "X-Forwarded-Proto": "https"}
    assert "Secure" in (await person.http.post(person.desk, data=sign_in, headers=behind_tls)).headers["set-cookie"]


async def test_what_stands_at_the_desk_is_for_nobodys_cache_or_index(clerk: Person) -> None:
    """Given pages of the desk, then they are never stored, never indexed, and load nothing from elsewhere."""
    for page in ("", *PAGES[:-3]):
        await clerk.open(clerk.desk + page.format(edition=clerk.edition.rpartition("/")[2]))
        assert clerk.headers["cache-control"] == "no-store"
        assert clerk.headers["x-robots-tag"] == "noindex"
        assert "form-action 'self'" in clerk.headers["content-security-policy"]
        assert "<script" not in clerk.page
        assert '<meta name="robots" content="noindex">' in clerk.page


@pytest.mark.parametrize("secret", ["", "hs", "hs.essen." + "x" * 43, "<script>alert(1)</script>"])
async def test_a_wrong_key_opens_nothing(person: Person, secret: str) -> None:
    """Given a key that isn't one, then the page says so at the field, and doesn't show what was typed."""
    await person.open(person.desk)
    told = await person.press("Anmelden", 401, secret=secret)
    assert "Dieser Schlüssel öffnet hier nichts" in told
    assert "Nicht angemeldet." in told
    assert "aufgezeichnet" not in told
    assert "steht noch da" not in told
    assert person.form("Anmelden").fields["secret"] == ""
    assert 'aria-describedby="secret-hint secret-fault"' in person.page
    assert person.http.cookies.get(session.COOKIE) is None


@pytest.mark.parametrize("around", ['"{}"', "'{}'", "„{}“", "“{}”", " »{}« "])
async def test_a_key_may_be_pasted_with_its_quotes(person: Person, around: str) -> None:
    """Given a key that was copied with the quotes around it, when it is pasted, then it signs in as the key does."""
    await person.open(person.desk)
    told = await person.press("Anmelden", secret=around.format(person.host.keys["clerk"]))
    assert "Am Pult angemeldet" in told


@pytest.mark.parametrize("role", ["broker", "auditor", "integrator"])
async def test_a_role_without_work_here_stays_outside(person: Person, role: str) -> None:
    """Given a key of a role that the desk has nothing for, then it says so."""
    await person.open(person.desk)
    assert "hat am Pult nichts zu tun" in await person.press("Anmelden", 403, secret=person.host.keys[role])


async def test_several_keys_sit_at_one_desk(person: Person) -> None:
    """Given a clerk, when the notary signs in too, then both are there, and signing out takes both away."""
    await person.sign_in("clerk", "notary")
    assert "angemeldet: Notar/in, Erfassung." in person.text
    await person.press("Abmelden")
    assert person.form("Anmelden")
    assert person.http.cookies.get(session.COOKIE, domain="127.0.0.1") is None


async def test_a_revoked_key_ends_its_session(person: Person, service: RunningService) -> None:
    """Given somebody signed in, when the key is revoked, then the desk is closed to them after a few seconds."""
    await person.sign_in("clerk")
    issued = await person.records("access.key_issued")
    key = next(one["entry"]["data"]["key"] for one in issued if one["entry"]["data"]["role"] == "clerk")
    async with open_house(service.urls(), service.settings()) as house:
        await revoke_key(house, person.host.tenant, KeyId(key))
    for _ in range(100):
        await person.open(person.desk)
        if "Ihr Schlüssel" in person.text:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("still signed in")


async def test_a_key_for_one_edition_opens_its_desk_alone(person: Person, service: RunningService) -> None:
    """Given a co-host's clerk, when another edition's page is asked for, then it wants a key that opens it."""
    other = "00000000-0000-4000-8000-000000000009"
    person.host.keys["co-host"], _ = await service.edition_key(person.host, "clerk", SOMETHING)
    await person.sign_in("co-host")
    assert (await person.http.get(f"{person.desk}/{SOMETHING}")).status_code == 404
    assert (await person.http.get(f"{person.desk}/{other}")).status_code == 303


class Ring:
    """A keyring on which every key is a clerk's."""

    async def holder(self, tenant: TenantId, key: str) -> Caller:  # noqa: ARG002 - as the real one
        return Caller(tenant=tenant, key=KeyId("k"), member="m", role=Role.CLERK)


async def test_a_session_ends_after_twelve_hours() -> None:
    """Given a cookie, when twelve hours are over, or it is from the future or isn't readable, then nobody is there."""
    tenant, at = TenantId("essen"), now()
    for since, there in (
        (at - timedelta(hours=11, minutes=59), 1),
        (at - timedelta(hours=12, seconds=1), 0),
        (at + timedelta(hours=1), 0),
    ):
        cookie = f"{int(since.timestamp())}.hs.essen.secret"
        assert len((await session.read(cookie, tenant, Ring(), at)).seats) == there  # type: ignore[arg-type]
    for nonsense in (None, "", "~~", "x.y", ".", "99999999999999.k", "²²²²²²²²²².k"):
        assert not (await session.read(nonsense, tenant, Ring(), at)).seats  # type: ignore[arg-type]


async def test_no_form_is_taken_from_elsewhere(clerk: Person) -> None:
    """Given a form of ours, when another site sends it, or its token is missing or false, then nothing is recorded."""
    await clerk.open(f"{clerk.edition}/organisations")
    before = len(await clerk.records(""))
    action, fields = clerk.filled("Eintragen", name="Fremd", side="company")
    assert "kam nicht vom Pult" in await clerk.send(action, fields, 403, Origin="https://example.org")
    await clerk.send(action, fields, 403, Origin="null")
    await clerk.send(action, fields, 403, **{"Sec-Fetch-Site": "cross-site"})
    await clerk.send(action, fields, 403, **{"Sec-Fetch-Site": "same-site"})
    await clerk.send(action, {name: told for name, told in fields.items() if name != "token"}, 403)
    await clerk.send(action, fields | {"token": "0" * 64}, 403)
    await clerk.send(action, fields | {"token": "ä"}, 403)
    assert len(await clerk.records("")) == before
    await clerk.send(action, fields, 200, **{"Sec-Fetch-Site": "same-origin", "Origin": "null"})
    assert "Fremd: ist da" in clerk.text


async def test_signing_in_is_not_for_other_sites_either(person: Person) -> None:
    """Given the sign-in form, when another site sends it, then nobody is signed in."""
    await person.send(person.desk, {"secret": person.host.keys["clerk"]}, 403, Origin="https://example.org")
    assert person.http.cookies.get(session.COOKIE) is None


async def test_a_form_can_be_sent_after_signing_in_again(clerk: Person) -> None:
    """Given a form that is open when its session ends, when its person signs in again, then it can still be sent."""
    await clerk.open(f"{clerk.edition}/organisations")
    action, fields = clerk.filled("Eintragen", name="Geduld e. V.", side="nonprofit")
    clerk.http.cookies.clear()
    assert "nicht mehr angemeldet" in await clerk.send(action, fields, 401)
    await clerk.sign_in("clerk")
    assert "Geduld e. V.: ist da" in await clerk.send(action, fields)


@pytest.mark.parametrize("sent", [b"\xff", b"a=1&a=2", b"x" * 10 + b"&" * 500, b"name=%ff", b""])
async def test_what_is_no_form_is_refused(clerk: Person, sent: bytes) -> None:
    """Given a body that no form of ours sends, then the answer is a page, and no fault of ours."""
    headers = {"Origin": str(clerk.http.base_url).rstrip("/"), "Content-Type": "application/x-www-form-urlencoded"}
    answer = await clerk.http.post(f"{clerk.edition}/organisations", content=sent, headers=headers)
    assert answer.status_code in (400, 403)
    wrong_type = headers | {"Content-Type": "application/json"}
    answer = await clerk.http.post(f"{clerk.edition}/organisations", content=b"{}", headers=wrong_type)
    assert answer.status_code == 400
    assert "Das lässt sich nicht lesen" in answer.text


async def test_another_hosts_desk_is_another_desk(clerk: Person, service: RunningService) -> None:
    """Given a clerk of one host, when they come to another's desk, then they are nobody there."""
    other = await service.new_host()
    cookie = clerk.http.cookies.get(session.COOKIE)
    answer = await clerk.http.get(f"/{other.tenant}/desk", headers={"Cookie": f"{session.COOKIE}={cookie}"})
    assert "Ihr Schlüssel" in answer.text
    async with httpx2.AsyncClient(base_url=service.url) as stranger:
        assert (await stranger.get("/no-such-host/desk")).status_code == 404


async def gone() -> list[Tenant]:
    """Nobody knows the hosts: the database is away."""
    raise ConnectionRefusedError


async def test_without_its_records_the_desk_keeps_what_was_typed() -> None:
    """Given a database that is away, when a form is sent, then the page says that loading it again sends it again."""
    nothing: Any = None
    app = Litestar([create_desk(nothing, nothing, nothing, gone)], openapi_config=None, logging_config=None)
    async with AsyncTestClient(app) as pages:
        sent = await pages.post(f"/essen/desk/{SOMETHING}/form", data={"title-1-1": "Brot"})
        assert sent.status_code == 503
        assert "Laden Sie diese Seite gleich neu" in sent.text
        assert sent.headers["cache-control"] == "no-store"
        assert (await pages.get("/essen/desk")).status_code == 503
