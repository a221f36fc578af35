"""One request at a host's desk: who is signed in, what they sent, what is done for them, what they see next."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from domain.access.roles import MAY
from domain.frozen import dataclass
from domain.identity import ContractId, MarketplaceId, StreamId, TenantId
from domain.refusal import NotThere, Refusal
from infra.clock import fresh_id, now
from infra.postgres.tenancy import Tenant
from services.application.asking import Caller, Receipt, Wish
from services.application.commands import Application
from services.application.doorkeeping import Keyring
from services.application.queries import Queries
from services.application.reach import is_out_of_reach
from services.application.trouble import KeyInFlight, KeyReused, LogOutOfReach, RoleNotAllowed, TooBusy, VersionStale
from services.application.views import LedgerRowView
from services.web.desk import session
from services.web.desk.typed import KEY, TOKEN, VERSION, Typed, Unreadable
from services.web.rendering import HEADERS, Asking, page
from services.web.rooms import Hosts, stream
from services.web.steps import sentence
from services.web.words import refusals_de, refusals_en

PRIVATE: Mapping[str, str] = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Vary": "Cookie, Accept-Language"}
"""On everything at the desk: it is for the people who are signed in, and for nobody's index or cache."""

Asked = Request[Any, Any, Any]

_SENTENCES: Mapping[str, Mapping[str, str]] = {"de": refusals_de.SENTENCES, "en": refusals_en.SENTENCES}

_STATUS: Mapping[type[Refusal], int] = {
    KeyReused: 422,
    NotThere: 404,
    RoleNotAllowed: 403,
    VersionStale: 412,
    TooBusy: 503,
    KeyInFlight: 503,
    LogOutOfReach: 503,
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a page says in its bar, after `words`: why something wasn't done, and what changed meanwhile."""

    sentence: str
    changes: list[str]
    words: str = "desk.alarm"


@dataclass(frozen=True, slots=True)
class Shown:
    """How a page is shown: for the first time as it stands, or again with what was typed and what is wrong with it.

    `typed` None lets the page fill in its own beginning; `focus` is the field where the person goes on.
    """

    status: int = 200
    typed: Typed | None = None
    alarm: Alarm | None = None
    focus: str | None = None


FIRST = Shown()


class SignedOut(Exception):
    """Nobody is signed in at this browser, or no longer."""


class NotFromHere(Exception):
    """A form that didn't come from a page of ours."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The handlers' one dependency at the desk."""

    application: Application
    queries: Queries
    keyring: Keyring
    hosts: Hosts

    async def come_in(self, request: Asked, tenant: str) -> "Visit":
        """Whoever comes, signed in or not; `NotThere` when there is no such host."""
        for host in await self.hosts():
            if host.tenant == tenant:
                cookie = request.cookies.get(session.COOKIE)
                seats = await session.read(cookie, TenantId(tenant), self.keyring, now())
                edition = request.path_params.get("edition")
                return Visit(self, request, host, Asking(request), seats if edition is None else seats.at(edition))
        raise NotThere

    async def enter(self, request: Asked, tenant: str) -> "Visit":
        """Whoever is signed in; raises `SignedOut`. Shows nothing older than the `?at=` that a page of ours sent on."""
        visit = await self.come_in(request, tenant)
        if not visit.session.seats:
            raise SignedOut
        at = visit.asking.query.get("at", "")
        if at.isascii() and at.isdigit() and len(at) < 16:
            await self.queries.wait_for(visit.tenant, int(at))
        return visit


@dataclass(slots=True)
class Visit:
    """A request at a host's desk."""

    desk: Desk
    request: Asked
    host: Tenant
    asking: Asking
    session: session.Session
    typed: Typed | None = None

    @property
    def tenant(self) -> TenantId:
        """The host's name."""
        return self.host.tenant

    @property
    def home(self) -> str:
        """The desk's own address."""
        return f"/{self.tenant}/desk"

    def may(self, command: type) -> Caller | None:
        """Who of those signed in may ask for that; the narrowest role first."""
        return next((seat.caller for seat in self.session.seats if seat.caller.role in MAY[command]), None)

    async def written(self, contract: ContractId) -> LedgerRowView:
        """What stands on a form, for whoever has something to do with its edition; `NotThere` for others."""
        row = await self.desk.queries.contract(self.tenant, contract)
        self.session = self.session.at(row.marketplace)
        if not self.session.seats:
            raise NotThere
        return row

    async def just(self, home: MarketplaceId, how: Shown) -> LedgerRowView | None:
        """The edition's contract of which a page of ours tells (`?just=`) that something was just done with it."""
        told = self.asking.query.get("just")
        if told is None or how is not FIRST:
            return None
        row = await self.desk.queries.contract(self.tenant, ContractId(stream(told)))
        return row if row.marketplace == home else None

    async def sent(self) -> Typed:
        """The form that was sent, from a page of ours. Raises `NotFromHere` and `Unreadable`."""
        must_come_from_here(self.request)
        typed = Typed.sent(self.request.headers.get("content-type", ""), await self.request.body())
        if not self.session.vouches_for(typed.get(TOKEN)):
            raise NotFromHere
        self.typed = typed
        return typed

    async def do(
        self, step: str, target: StreamId, command: Any, *, creates: bool = False, seen: int | None = None
    ) -> Receipt:
        """Carry out one command of the form that was sent.

        `step` names it among those of the same form: repeated, the form gets each step's first answer. `seen` is the
        version at which the thing was seen, by default the form's own. Raises a `Refusal`; what can't be known to be
        recorded or not is `LogOutOfReach`, after which the same form can be sent again.
        """
        typed = self.typed or Typed()
        caller = self.may(type(command))
        if caller is None:
            raise RoleNotAllowed
        wish = Wish(
            caller=caller,
            key=f"desk.{form_key(typed)}.{step}",
            fingerprint=self._fingerprint(caller, step, typed),
            if_match=None if creates else version_seen(typed) if seen is None else seen,
            correlation=self.request.scope["state"].get("request_id"),
        )
        try:
            return await self.desk.application.carry_out(wish, target, command, creates=creates)
        except Refusal:
            raise
        except Exception as error:
            if is_out_of_reach(error):
                raise LogOutOfReach from error
            raise

    def _fingerprint(self, caller: Caller, step: str, typed: Typed) -> bytes:
        """What the form may be sent again as: the same member, the same texts."""
        said = sorted((name, value) for name, value in typed.values.items() if name != TOKEN)
        return sha256(repr((self.request.url.path, caller.member, step, said)).encode()).digest()

    def show(self, template: str, how: Shown = FIRST, **shown: object) -> Response[str]:
        """A page of the desk; a form that wasn't sent yet gets a fresh key. The person goes on at the first fault."""
        held = how.typed or Typed()
        answer = page(
            f"desk/{template}",
            self.asking,
            status=how.status,
            host=self.host,
            desk=self.home,
            visit=self,
            typed=held,
            form_key=held.get(KEY) or fresh_id(),
            token=self.session.token if self.session.seats else "",
            alarm=how.alarm,
            focus=held.first_fault or how.focus,
            **shown,
        )
        answer.headers.update(PRIVATE)
        return answer

    async def alarmed(self, refusal: Refusal, thing: StreamId | None = None) -> Shown:
        """The page again, with what was typed and why it was refused.

        Of a `thing` that changed meanwhile the alarm tells what happened to it since it was seen.
        """
        typed = self.typed or Typed()
        changes: list[str] = []
        if isinstance(refusal, KeyReused):
            typed = Typed({name: value for name, value in typed.values.items() if name != KEY}, typed.faults)
        if isinstance(refusal, VersionStale) and thing is not None:
            changes = await self._changes(thing, version_seen(typed))
        return Shown(status_of(refusal), typed, Alarm(self.sentence(refusal), changes))

    async def _changes(self, thing: StreamId, seen: int) -> list[str]:
        """What happened to a thing after its version `seen`, as sentences."""
        queries = self.desk.queries
        await queries.wait_for(self.tenant, (await self.desk.application.log.head(self.tenant)).size)
        steps = [step for step in (await queries.trail(self.tenant, thing)).items if step.stream == thing]
        return [sentence(step, {}, self.asking.speech) for step in steps[seen:]]

    def sentence(self, refusal: Refusal) -> str:
        """What the person reads."""
        return _SENTENCES[self.asking.speech.lang].get(refusal.type_name(), refusal.sentence)

    def go(self, path: str, done: Receipt | None = None, *, cookie: Cookie | None = None, **query: object) -> Redirect:
        """On to another page (303), so that loading it again sends nothing again; it shows what was `done`."""
        if done is not None:
            query["at"] = done.position
        headers = {**HEADERS, **PRIVATE}
        cookies = [] if cookie is None else [cookie]
        return Redirect(self.asking.link(path, **query), status_code=303, headers=headers, cookies=cookies)


def status_of(refusal: Refusal) -> int:
    """The status of a page that shows a refusal; 409 is a rule of the marketplace."""
    return _STATUS.get(type(refusal), 409)


def form_key(typed: Typed) -> str:
    """The form's idempotency key; raises `Unreadable` for a form without."""
    try:
        return str(UUID(typed.get(KEY)))
    except ValueError:
        raise Unreadable from None


def version_seen(typed: Typed) -> int:
    """The version that the form says was seen; raises `Unreadable` for a form without."""
    told = typed.get(VERSION)
    if told.isascii() and told.isdigit() and len(told) < 10:
        return int(told)
    raise Unreadable


def must_come_from_here(request: Asked) -> None:
    """A form is sent by a page of ours: the browser says so (Fetch Metadata, or Origin where it doesn't know that)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site != "same-origin":
            raise NotFromHere
        return
    if urlsplit(request.headers.get("origin", "")).netloc != request.headers.get("host", ""):
        raise NotFromHere
