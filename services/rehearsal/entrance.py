"""How organisations come in: registered, admitted or not, with badges and mandates; and who doesn't come after all."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from domain.organisation.events import Mandate, Side
from domain.participation.events import DeclineReason
from services.rehearsal import names, twofold
from services.rehearsal.deals import Guest
from services.rehearsal.dice import Dice
from services.rehearsal.prepare import GONG, READY, WORKSHOPS
from services.rehearsal.script import Script
from services.rehearsal.steps import EDITION, Body, Person, Step, Thing
from services.rehearsal.twofold import SHARED, person_of

_REGISTER, _NAME, _REQUEST, _LEARN, _ADMIT, LIST, WITHDRAW, _CANCEL, _BADGE, _ENTER = range(-9_000, -1_500, 750)
"""When each part of the preparation begins, in seconds; only its order matters, it isn't waited for."""


class Away(StrEnum):
    """Why somebody who registered isn't there."""

    CANCELLED = "cancelled"
    DECLINED = "declined"
    MISSED = "missed"
    WAITING = "waiting"
    EXPECTED = "expected"


def floor(script: Script) -> tuple[list[Guest], dict[Guest, Away]]:
    """Who comes; and who registers and doesn't come after all, and why."""
    companies = [Guest(number, Side.COMPANY) for number in range(script.companies)]
    everyone = range(script.companies, script.companies + script.nonprofits)
    nonprofits = [Guest(number, Side.NONPROFIT) for number in everyone]
    stay_away = [*_away(companies, len(companies) // 12), *_away(nonprofits, len(nonprofits) // 7)]
    reasons = tuple(Away)
    why = {guest: reasons[place % len(reasons)] for place, guest in enumerate(stay_away)}
    return [guest for guest in (*companies, *nonprofits) if guest not in why], why


def _away(side: Sequence[Guest], few: int) -> Sequence[Guest]:
    """About one in 34 of a large side; of a smaller one a few, so that there is one for most reasons."""
    most = 1 if side and side[0].side is Side.COMPANY else len(Away) - 1
    return side[1 : 1 + max(len(side) // 34, min(most, few))]


class Entrance:
    """Leads organisations in; knows when each checks in. Nobody of `unmandated` has given a mandate."""

    def __init__(
        self,
        script: Script,
        guests: Sequence[Guest],
        away: dict[Guest, Away],
        early: Collection[int],
        unmandated: Collection[int],
    ) -> None:
        self._dice = Dice(script.seed, "entrance")
        self._names = {
            Side.COMPANY: names.companies(Dice(script.seed, "companies")),
            Side.NONPROFIT: names.nonprofits(Dice(script.seed, "nonprofits")),
        }
        self._called: dict[int, str] = {}
        self._guests, self._away, self._unmandated = guests, away, unmandated
        # Before the earliest form after the first is handed in.
        self._late = 60 * min(1.0, script.trading_minutes / 120)
        self.checks_in = {
            guest.number: self._dice.between(self._late / 10, self._late)
            if guest.number not in early and self._dice.chance(0.08)
            else float(_ENTER + guest.number)
            for guest in guests
        }
        self._doubtful = guests[-1].number
        """Cancels, and asks again."""
        self._pairs = guests[0].number
        """Comes with two representatives, each with a badge."""

    def steps(self) -> list[Step]:
        """Everybody's steps from registration to the door."""
        told: list[Step] = []
        entered: dict[int, Step] = {}
        for guest in sorted((*self._guests, *self._away), key=lambda guest: guest.number):
            registered = self._registered(guest)
            entered[guest.number] = registered[-1]
            told += [*registered, *self._led_in(guest, registered[-1].name)]
        if len(entered) >= SHARED:
            told += twofold.entered_twice(self._guests[1], self._called[self._guests[1].number], entered)
        return [*told, *twofold.look_alike(entered)]

    def _registered(self, guest: Guest) -> list[Step]:
        number = guest.number
        organisation = f"organisation/{number}"
        person = person_of(number)
        self._called[number] = next(self._names[guest.side])
        described = {"name": self._called[number], "side": guest.side.value, "rehearsal": True}
        register = Step(
            name=organisation,
            at=_REGISTER + number,
            role="clerk",
            path="organisations",
            body=described,
            after=(READY,),
            makes=organisation,
        )
        steps = [register, _of_organisation(guest, "representatives", _NAME + number, named(person), register.name)]
        if number == self._pairs:
            steps += self._second_representative(guest, steps[-1].name)
        elif number % 10 == 1 and number not in self._unmandated:
            body = {"person": Person(f"person/{person}"), "mandate": self._dice.pick(tuple(Mandate)).value}
            steps.append(_of_organisation(guest, "mandates", _NAME + number + 0.2, body, steps[-1].name))
        return steps

    def _second_representative(self, guest: Guest, after: str) -> list[Step]:
        """Two more are named, one with a mandate that is taken back."""
        second, gone = _DEPUTIES
        at = _NAME + guest.number
        steps = []
        for place, (verb, body) in enumerate(
            (
                ("representatives", named(second)),
                ("representatives", named(gone)),
                ("mandates", {"person": Person(f"person/{gone}"), "mandate": Mandate.BY_WORD.value}),
                ("withdraw-mandate", {"person": Person(f"person/{gone}")}),
            ),
            start=1,
        ):
            name = f"{verb}/{guest.number}/{place}"
            steps.append(_of_organisation(guest, verb, at + place / 10, body, after, name=name))
            after = name
        return steps

    def _led_in(self, guest: Guest, registered: str) -> list[Step]:
        """One step after the other about the participation, once everyone who speaks for the guest is known."""
        number, why = guest.number, self._away.get(guest)
        path = _Path(guest, registered)
        path.request(_REQUEST + number)
        if self._dice.chance(0.12):
            path.add("workshops", _LEARN + number, body={"workshop": WORKSHOPS[guest.side]})
        if number == self._doubtful:
            path.add("cancel", _LEARN + number + 0.1)
            path.request(_LEARN + number + 0.2, again=True)
        if why is Away.WAITING:
            return path.steps
        if why is Away.DECLINED:
            path.add("decline", _ADMIT + number, body={"reason": DeclineReason.FULL.value}, role="host_admin")
            return path.steps
        path.add("admit", _ADMIT + number, role="host_admin")
        match why:
            case None:
                self._enter(path, guest)
            case Away.CANCELLED:
                path.add("cancel", _CANCEL + number)
            case Away.MISSED:
                path.add("no-show", self._late * (1.5 + number / 10_000), after=GONG)
            case Away.EXPECTED:
                pass
        return path.steps

    def _enter(self, path: "_Path", guest: Guest) -> None:
        for place, person in enumerate(self._wearers(guest)):
            worn = {} if person is None else {"person": Person(f"person/{person}")}
            name = f"badges/{guest.number}/{place}"
            path.add("badges", _BADGE + guest.number + place / 10, body=worn, name=name)
        at = self.checks_in[guest.number]
        path.add("check-in", at, after=None if at < 0 else GONG)

    def _wearers(self, guest: Guest) -> list[int | None]:
        """Whose badges were made beforehand: of shared representatives, of two for one, and of a few others."""
        number, person = guest.number, person_of(guest.number)
        if number == self._pairs:
            return [person, _DEPUTIES[0]]
        if person != number or (number + 1) % SHARED == 0:
            return [person]
        return [self._dice.pick((person, None))] if self._dice.chance(0.1) else []


_DEPUTIES = (1_001, 1_002)
"""Representatives beside the first: numbers that no organisation has."""


class _Path:
    """What is done with a participation, one step after the other."""

    def __init__(self, guest: Guest, after: str) -> None:
        self.steps: list[Step] = []
        self._number, self._party, self._after = guest.number, f"party/{guest.number}", after

    def request(self, at: float, *, again: bool = False) -> None:
        """Ask to take part."""
        body = {"marketplace": Thing(EDITION), "organisation": Thing(f"organisation/{self._number}")}
        name = f"{self._party}/again" if again else self._party
        self._took(
            Step(
                name=name,
                at=at,
                role="clerk",
                path="participations",
                body=body,
                after=(self._after,),
                makes=self._party,
            )
        )

    def add(
        self,
        verb: str,
        at: float,
        *,
        role: str = "clerk",
        body: Body | None = None,
        after: str | None = None,
        name: str | None = None,
    ) -> None:
        """One more step; `after` is something else that has to be done before."""
        self._took(
            Step(
                name=name or f"{verb}/{self._number}",
                at=at,
                role=role,
                path=f"participations/{{id}}/{verb}",
                body=body or {},
                after=(self._after,) if after is None else (self._after, after),
                thing=self._party,
            )
        )

    def _took(self, step: Step) -> None:
        self.steps.append(step)
        self._after = step.name


def representative(guest: Guest) -> Person:
    """Who speaks and signs for the guest."""
    return Person(f"person/{person_of(guest.number)}")


def named(person: int) -> Body:
    """A representative as the clerk writes it down."""
    name, contact = names.person(person, Dice("person", person))
    return {"person": Person(f"person/{person}"), "name": name, "contact": contact}


def _of_organisation(guest: Guest, verb: str, at: float, body: Body, after: str, *, name: str | None = None) -> Step:
    return Step(
        name=name or f"{verb}/{guest.number}",
        at=at,
        role="clerk",
        path=f"organisations/{{id}}/{verb}",
        body=body,
        after=(after,),
        thing=f"organisation/{guest.number}",
    )
