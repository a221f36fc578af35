"""What may be asked about organisations: who speaks and signs for one, and which two are one (METHOD.md, The rules)."""

from dataclasses import dataclass, field
from typing import Any

from domain.identity import OrganisationId
from domain.organisation import commands as ask
from domain.organisation import refusals as why
from domain.refusal import NotThere
from tests.laws.models.driving import Model, Objections, command_name
from tests.laws.models.words import TITLE, against_words, together

MOST = 100
"""Representatives of one organisation."""


@dataclass(frozen=True)
class At:
    """A request about one organisation."""

    organisation: OrganisationId
    command: ask.Alone


@dataclass
class Entry:
    """An organisation as it was entered, and what became of its entry."""

    name: str | None
    side: str
    rehearses: bool
    people: set[str] = field(default_factory=set)
    mandates: dict[str, str] = field(default_factory=dict)
    merged_into: str | None = None
    absorbed: set[str] = field(default_factory=set)
    apart: set[str] = field(default_factory=set)


class OrganisationModel(Model):
    """The organisations that a host knows."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}

    def objections(self, asked: Any) -> frozenset[type]:
        if not isinstance(asked, At):
            return super().objections(asked)
        against = getattr(self, f"against_{command_name(type(asked.command).__name__)}")
        told: Objections = against(asked.command, self.entries.get(asked.organisation))
        return frozenset(reason for reason, so in told.items() if so)

    def follow(self, asked: Any) -> None:
        if not isinstance(asked, At):
            super().follow(asked)
        else:
            getattr(self, f"after_{command_name(type(asked.command).__name__)}")(asked.command, asked.organisation)

    # One organisation

    def against_register_organisation(self, asked: ask.RegisterOrganisation, known: Entry | None) -> Objections:
        names = [name for name in (asked.name, asked.personal) if name is not None]
        return together(
            {why.AlreadyRegistered: known is not None, why.NeedsOneName: len(names) != 1},
            against_words((asked.name, TITLE)),
        )

    def after_register_organisation(self, asked: ask.RegisterOrganisation, who: str) -> None:
        self.entries[who] = Entry(asked.name, asked.side, asked.rehearsal)

    def gone(self, *entries: Entry | None) -> Objections:
        return {
            NotThere: None in entries,
            why.MergedAway: any(entry is not None and entry.merged_into is not None for entry in entries),
        }

    def against_name_representative(self, asked: ask.NameRepresentative, known: Entry | None) -> Objections:
        people = set() if known is None else known.people
        speaks = asked.person in people
        return together(
            self.gone(known),
            {why.AlreadyRepresentative: speaks, why.TooManyRepresentatives: not speaks and len(people) >= MOST},
        )

    def after_name_representative(self, asked: ask.NameRepresentative, who: str) -> None:
        self.entries[who].people.add(asked.person)

    def speaks_not(self, person: str, known: Entry | None) -> Objections:
        return together(self.gone(known), {why.NotRepresentative: known is not None and person not in known.people})

    def against_give_mandate(self, asked: ask.GiveMandate, known: Entry | None) -> Objections:
        given = known is not None and known.mandates.get(asked.person) == asked.mandate
        return together(self.speaks_not(asked.person, known), {why.MandateGivenAlready: given})

    def after_give_mandate(self, asked: ask.GiveMandate, who: str) -> None:
        self.entries[who].mandates[asked.person] = asked.mandate

    def against_withdraw_mandate(self, asked: ask.WithdrawMandate, known: Entry | None) -> Objections:
        return self.speaks_not(asked.person, known)

    def after_withdraw_mandate(self, asked: ask.WithdrawMandate, who: str) -> None:
        self.entries[who].people.remove(asked.person)
        self.entries[who].mandates.pop(asked.person, None)

    # Two of them

    def against_merge_organisation(self, asked: ask.MergeOrganisation) -> Objections:
        double, kept = self.entries.get(asked.duplicate), self.entries.get(asked.into)
        same = asked.duplicate == asked.into
        if same or double is None or kept is None:
            return together({why.SameEntry: same}, self.gone(double, kept))
        return together(
            self.gone(double, kept),
            {
                why.RehearsalAndRealMerged: double.rehearses != kept.rehearses,
                why.TooManyRepresentatives: len(double.people | kept.people) > MOST,
            },
        )

    def after_merge_organisation(self, asked: ask.MergeOrganisation) -> None:
        """Who spoke for the duplicate speaks for the kept one, with the mandate that is known, there or here."""
        double, kept = self.entries[asked.duplicate], self.entries[asked.into]
        double.merged_into = asked.into
        kept.absorbed.add(asked.duplicate)
        kept.people |= double.people
        kept.mandates = {**double.mandates, **kept.mandates}

    def against_tell_apart(self, asked: ask.TellApart) -> Objections:
        one, other = self.entries.get(asked.organisation), self.entries.get(asked.other)
        told = one is not None and asked.other in one.apart
        told_there = other is not None and asked.organisation in other.apart
        same = asked.organisation == asked.other
        return together(self.gone(one, other), {why.SameEntry: same, why.ToldApartAlready: told or told_there})

    def after_tell_apart(self, asked: ask.TellApart) -> None:
        self.entries[asked.organisation].apart.add(asked.other)

    def told(self) -> Any:
        return {who: vars(entry) for who, entry in self.entries.items()}
