"""What is asked about what is held on a person: to erase, correct, keep for now."""

from datetime import date

from domain.identity import EventId, PersonId
from domain.person import commands as person
from domain.person.events import Basis, Field
from domain.personal import Personal
from services.api import text
from services.api.asked import Asked
from services.api.bodies.base import Body, Nothing, nfc


class ErasePersonBody(Body, kw_only=True, frozen=True):
    """Who takes over what the person leaves open: from here on they speak for the person's organisations."""

    successor: text.Id | None = None

    def command(self, asked: Asked) -> person.ErasePerson:
        """Destroy what is held on the person, for good. Their keys open nothing any more."""
        successor = None if self.successor is None else PersonId(self.successor)
        return person.ErasePerson(person=PersonId(asked.target), successor=successor)


class EraseNoteBody(Body, kw_only=True, frozen=True):
    """Which of the notes that the person wrote: the id of its record."""

    event: text.Id

    def command(self, asked: Asked) -> person.EraseNote:
        """Destroy one note, for good."""
        return person.EraseNote(person=PersonId(asked.target), event=EventId(self.event))


class CorrectPersonBody(Body, kw_only=True, frozen=True):
    """The right value. It is kept under seal, and the wrong one destroyed."""

    field: Field
    value: text.Name

    def command(self, asked: Asked) -> person.CorrectPerson:
        """Put a right value in place of a wrong one."""
        who = PersonId(asked.target)
        sealed = Personal(person=who, values={self.field.value: nfc(self.value)})
        return person.CorrectPerson(person=who, field=self.field, personal=sealed)


class RestrictPersonBody(Body, kw_only=True, frozen=True):
    """Up to and with which day it has to be kept, and on what basis."""

    until: date
    basis: Basis

    def command(self, asked: Asked) -> person.RestrictPerson:
        """Keep what is held on the person for now: until that day nobody erases it unless this is lifted."""
        return person.RestrictPerson(person=PersonId(asked.target), until=self.until, basis=self.basis)


class LiftRestrictionBody(Nothing, kw_only=True, frozen=True):
    """It needn't be kept any longer."""

    def command(self, asked: Asked) -> person.LiftRestriction:
        """Lift the restriction."""
        return person.LiftRestriction(person=PersonId(asked.target))
