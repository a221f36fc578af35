"""Who is signed in at a host's desk: the keys in a cookie, each for twelve hours from its sign-in.

Nothing is kept here: a restart or another process of the service finds the same people at their desks, and a key that
is revoked ends its session. docs/decisions tell why the cookie holds the keys themselves.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from litestar.datastructures import Cookie

from domain.access.roles import Role
from domain.frozen import dataclass
from domain.identity import TenantId
from domain.refusal import NotThere
from services.application.asking import Caller
from services.application.doorkeeping import Keyring

COOKIE = "handschlag-desk"

LASTS = timedelta(hours=12)
"""A marketplace's day, from setting up to the announcement."""

MOST_KEYS = 6
"""Roles that one table may sign in; six of the longest keys stay far below what a browser keeps in a cookie."""

AT_THE_DESK = (
    Role.NOTARY,
    Role.CLERK,
    Role.MODERATOR,
    Role.VALUER,
    Role.FOLLOW_UP_OFFICER,
    Role.LEAD,
    Role.HOST_ADMIN,
)
"""Roles with work at the desk, the narrower one first: it acts where several may."""

_SLACK = timedelta(minutes=1)
"""By which the clock of another process may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A key at the desk: since when, and who holds it."""

    key: str
    since: datetime
    caller: Caller


@dataclass(frozen=True, slots=True)
class Session:
    """Everyone who is signed in at this browser, the narrower role first."""

    tenant: TenantId
    seats: tuple[Seat, ...] = ()

    @property
    def token(self) -> str:
        """What every form of ours carries and no other page knows: one of the keys vouches for it (HMAC)."""
        return _vouched(self.seats[0].key)

    def vouches_for(self, token: str) -> bool:
        """Whether a form carries one of our tokens: of any key that is signed in, so that adding one spoils no form."""
        return any(hmac.compare_digest(_vouched(seat.key).encode(), token.encode()) for seat in self.seats)

    def at(self, edition: str | None) -> "Session":
        """Whoever of them has something to do with this edition: keys for another one stay outside."""
        return Session(self.tenant, tuple(seat for seat in self.seats if seat.caller.marketplace in {None, edition}))

    @property
    def host_wide(self) -> bool:
        """Whether somebody here is for all of the host's editions."""
        return any(seat.caller.marketplace is None for seat in self.seats)

    def with_seat(self, seat: Seat) -> "Session":
        """The session with one more key, or with a fresh twelve hours for one that is there."""
        others = [each for each in self.seats if each.key != seat.key][: MOST_KEYS - 1]
        return Session(self.tenant, _ordered([seat, *others]))

    def cookie(self, now: datetime, *, secure: bool) -> Cookie:
        """The cookie that holds the session: for the host's desk alone, no script reads it, no other site sends it."""
        left = max((seat.since + LASTS - now for seat in self.seats), default=timedelta(0))
        return Cookie(
            key=COOKIE,
            value="~".join(f"{int(seat.since.timestamp())}.{seat.key}" for seat in self.seats),
            path=f"/{self.tenant}/desk",
            max_age=max(0, int(left.total_seconds())),
            httponly=True,
            samesite="strict",
            secure=secure,
        )


async def read(cookie: str | None, tenant: TenantId, keyring: Keyring, now: datetime) -> Session:
    """The session that the cookie holds; what is over, revoked or not to be read is passed over."""
    seats = []
    for part in (cookie or "").split("~")[:MOST_KEYS]:
        since = _moment(part.partition(".")[0], now)
        seat = None if since is None else await seated(part.partition(".")[2], tenant, keyring, since)
        if seat is not None and now - LASTS < seat.since <= now + _SLACK:
            seats.append(seat)
    return Session(tenant, _ordered(seats))


async def seated(key: str, tenant: TenantId, keyring: Keyring, since: datetime) -> Seat | None:
    """The seat of whoever holds `key`; None when it opens nothing here, or streams alone."""
    try:
        caller = await keyring.holder(tenant, key)
    except NotThere:
        return None
    return None if caller is None or caller.scope is not None else Seat(key, since, caller)


def _moment(told: str, now: datetime) -> datetime | None:
    return (
        datetime.fromtimestamp(int(told), now.tzinfo) if told.isascii() and told.isdigit() and len(told) < 12 else None
    )


def _ordered(seats: list[Seat]) -> tuple[Seat, ...]:
    places = {role: place for place, role in enumerate(AT_THE_DESK)}
    return tuple(sorted(seats, key=lambda seat: places.get(seat.caller.role, len(places))))


def _vouched(key: str) -> str:
    return hmac.new(key.encode(), b"handschlag desk form", sha256).hexdigest()
