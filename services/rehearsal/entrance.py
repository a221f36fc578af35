"""What happens before the gong: an edition is planned, organisations register, are admitted, list, and come in."""

from collections.abc import Sequence
from dataclasses import replace

from domain.organisation.events import Side
from services.rehearsal import names
from services.rehearsal.deals import Guest
from services.rehearsal.dice import Dice
from services.rehearsal.script import Script
from services.rehearsal.steps import EDITION, Person, Step, Thing

PLAN, REGISTRATION, GONG, CLOSE = "edition/plan", "edition/open-registration", "edition/gong", "edition/close"

_REGISTER, _NAME, _REQUEST, _ADMIT, LIST, WITHDRAW, _CANCEL, _ENTER = range(-9_000, -1_000, 1_000)
"""When each part of the preparation begins, in seconds; only its order matters, it isn't waited for."""

_SHARED = 15
"""Every so many organisations share the representative of the one before."""


def hosting(script: Script) -> list[Step]:
    """Planning, registration, the opening gong. The closing gong comes last of all, see `services.rehearsal.story`."""
    plan = {
        "title": script.edition_title,
        "season": script.season,
        "date": script.date.isoformat(),
        "venue": script.venue,
        "time_zone": script.time_zone,
        "trading_minutes": script.clock_minutes,
        "noun": script.noun,
        "areas": [{"id": slug, "label": label} for slug, label in script.areas],
        "hourly_rate_minor": script.hourly_rate_minor,
        "rehearsal": True,
    }
    return [
        Step(name=PLAN, at=-10_000, role="host_admin", path="marketplaces", body=plan, after=(), makes=EDITION),
        _edition(REGISTRATION, -9_999, "host_admin", "open-registration", (PLAN,)),
    ]


def gong(after: Sequence[Step]) -> Step:
    """The opening gong, when everyone who comes in time is there."""
    return _edition(GONG, 0, "moderator", "open-trading", tuple(step.name for step in after if step.at < 0))


def closing_gong(at: float, before: Sequence[Step]) -> Step:
    """The closing gong, when everything that was done in time is done."""
    return _edition(CLOSE, at, "moderator", "close-trading", tuple(step.name for step in before if step.at < at))


def _edition(name: str, at: float, role: str, verb: str, after: tuple[str, ...]) -> Step:
    return Step(name=name, at=at, role=role, path=f"marketplaces/{{id}}/{verb}", body={}, after=after, thing=EDITION)


def floor(script: Script) -> tuple[list[Guest], list[Guest]]:
    """Who comes, and who registers and doesn't come after all."""
    companies = [Guest(number, Side.COMPANY) for number in range(script.companies)]
    everyone = range(script.companies, script.companies + script.nonprofits)
    nonprofits = [Guest(number, Side.NONPROFIT) for number in everyone]
    stay_away = [*companies[1 : 1 + len(companies) // 34], *nonprofits[1 : 1 + len(nonprofits) // 34]]
    return [guest for guest in (*companies, *nonprofits) if guest not in stay_away], stay_away


class Entrance:
    """Leads organisations in; knows when each checks in."""

    def __init__(self, script: Script, guests: Sequence[Guest], stay_away: Sequence[Guest], early: set[int]) -> None:
        self._dice = Dice(script.seed, "entrance")
        self._names = {
            Side.COMPANY: names.companies(Dice(script.seed, "companies")),
            Side.NONPROFIT: names.nonprofits(Dice(script.seed, "nonprofits")),
        }
        self._guests, self._stay_away = guests, stay_away
        # Before the earliest form after the first is handed in.
        late = 60 * min(1.0, script.trading_minutes / 120)
        self.checks_in = {
            guest.number: self._dice.between(late / 10, late)
            if guest.number not in early and self._dice.chance(0.08)
            else float(_ENTER + guest.number)
            for guest in guests
        }

    def steps(self) -> list[Step]:
        """Everybody's steps from registration to the door."""
        told: list[Step] = []
        for guest in sorted((*self._guests, *self._stay_away), key=lambda guest: guest.number):
            told += self._registered(guest)
            if guest.number in self.checks_in:
                told.append(self._entered(guest))
            elif self._stay_away.index(guest) % 2 == 0:
                told.append(_of_party(guest, "cancel", _CANCEL + guest.number))
        return told

    def _registered(self, guest: Guest) -> list[Step]:
        number = guest.number
        organisation = f"organisation/{number}"
        described = {"name": next(self._names[guest.side]), "side": guest.side.value, "rehearsal": True}
        person = _person(number)
        name, contact = names.person(person, Dice("person", person))
        represented = {"person": Person(f"person/{person}"), "name": name, "contact": contact}
        asked = {"marketplace": Thing(EDITION), "organisation": Thing(organisation)}
        return [
            Step(
                name=organisation,
                at=_REGISTER + number,
                role="clerk",
                path="organisations",
                body=described,
                after=(REGISTRATION,),
                makes=organisation,
            ),
            Step(
                name=f"representative/{number}",
                at=_NAME + number,
                role="clerk",
                path="organisations/{id}/representatives",
                body=represented,
                after=(organisation,),
                thing=organisation,
            ),
            Step(
                name=f"party/{number}",
                at=_REQUEST + number,
                role="clerk",
                path="participations",
                body=asked,
                after=(f"representative/{number}",),
                makes=f"party/{number}",
            ),
            _of_party(guest, "admit", _ADMIT + number, role="host_admin", after=f"party/{number}"),
        ]

    def _entered(self, guest: Guest) -> Step:
        step = _of_party(guest, "check-in", self.checks_in[guest.number])
        return step if step.at < 0 else replace(step, after=(*step.after, GONG))


def _person(number: int) -> int:
    return number - 1 if number and number % _SHARED == 0 else number


def representative(guest: Guest) -> Person:
    """Who speaks and signs for the guest."""
    return Person(f"person/{_person(guest.number)}")


def _of_party(guest: Guest, verb: str, at: float, *, role: str = "clerk", after: str | None = None) -> Step:
    party = f"party/{guest.number}"
    return Step(
        name=f"{verb}/{guest.number}",
        at=at,
        role=role,
        path=f"participations/{{id}}/{verb}",
        body={},
        after=(after or f"admit/{guest.number}",),
        thing=party,
    )
