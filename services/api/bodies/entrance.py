"""What is asked at the entrance: organisations, participations, listings."""

from domain.identity import AreaId, OrganisationId, PersonId, StreamId, WorkshopId
from domain.listing import commands as listing
from domain.listing.events import ListingKind
from domain.organisation import commands as organisation
from domain.organisation.events import Mandate, Side
from domain.participation import commands as participation
from domain.participation.badge import fresh_code, read_code
from domain.participation.events import DeclineReason
from domain.personal import Personal
from services.api import text
from services.api.asked import Asked
from services.api.bodies.base import Body, Nothing, nfc, the_marketplace, the_party


class OrganisationBody(Body, kw_only=True, frozen=True):
    """An organisation. With `sole_trader` its name is a person's and is kept under seal."""

    name: text.Name
    side: Side
    sole_trader: bool = False
    rehearsal: bool = False

    def command(self, asked: Asked) -> organisation.RegisterOrganisation:
        """Register it."""
        name = nfc(self.name)
        sealed = Personal(person=PersonId(asked.target), values={"name": name}) if self.sole_trader else None
        return organisation.RegisterOrganisation(
            name=None if self.sole_trader else name, side=self.side, rehearsal=self.rehearsal, personal=sealed
        )


class RepresentativeBody(Body, kw_only=True, frozen=True):
    """A representative; both values are kept under seal. `person` is a pseudonym, made when it isn't given."""

    person: text.Id | None = None
    name: text.Name
    contact: text.Contact | None = None

    def command(self, asked: Asked) -> organisation.NameRepresentative:
        """Name the person."""
        person = PersonId(self.person or asked.fresh)
        values = {"name": nfc(self.name)} | ({} if self.contact is None else {"contact": nfc(self.contact)})
        return organisation.NameRepresentative(person=person, personal=Personal(person=person, values=values))


class MandateBody(Body, kw_only=True, frozen=True):
    """With which mandate a representative signs."""

    person: text.Id
    mandate: Mandate

    def command(self, asked: Asked) -> organisation.GiveMandate:  # noqa: ARG002
        """Record the mandate; a later one takes an earlier one's place."""
        return organisation.GiveMandate(person=PersonId(self.person), mandate=self.mandate)


class WithdrawMandateBody(Body, kw_only=True, frozen=True):
    """Who represents the organisation no longer."""

    person: text.Id

    def command(self, asked: Asked) -> organisation.WithdrawMandate:  # noqa: ARG002
        """Take back that the person speaks and signs for the organisation."""
        return organisation.WithdrawMandate(person=PersonId(self.person))


class ParticipationBody(Body, kw_only=True, frozen=True):
    """Who wants to take part in which edition."""

    marketplace: text.Id
    organisation: text.Id

    def command(self, asked: Asked) -> participation.RequestParticipation:  # noqa: ARG002
        """Ask for it."""
        return participation.RequestParticipation(
            marketplace=the_marketplace(self.marketplace), organisation=OrganisationId(StreamId(self.organisation))
        )


class AdmitBody(Nothing, kw_only=True, frozen=True):
    """Yes."""

    def command(self, asked: Asked) -> participation.Admit:  # noqa: ARG002
        """Admit the organisation."""
        return participation.Admit()


class DeclineBody(Body, kw_only=True, frozen=True):
    """No, and why."""

    reason: DeclineReason

    def command(self, asked: Asked) -> participation.Decline:  # noqa: ARG002
        """Decline."""
        return participation.Decline(reason=self.reason)


class CheckInBody(Nothing, kw_only=True, frozen=True):
    """Here they are."""

    def command(self, asked: Asked) -> participation.CheckIn:  # noqa: ARG002
        """Check the organisation in."""
        return participation.CheckIn()


class CancelParticipationBody(Nothing, kw_only=True, frozen=True):
    """They won't come."""

    def command(self, asked: Asked) -> participation.CancelParticipation:  # noqa: ARG002
        """Cancel the participation."""
        return participation.CancelParticipation()


class NoShowBody(Nothing, kw_only=True, frozen=True):
    """Trading is on, and they aren't here."""

    def command(self, asked: Asked) -> participation.RecordNoShow:  # noqa: ARG002
        """Record that the organisation didn't come."""
        return participation.RecordNoShow()


class WorkshopAttendedBody(Body, kw_only=True, frozen=True):
    """Which of the edition's workshops they came to."""

    workshop: text.Slug

    def command(self, asked: Asked) -> participation.RecordWorkshop:  # noqa: ARG002
        """Record who came to a workshop."""
        return participation.RecordWorkshop(workshop=WorkshopId(self.workshop))


class BadgeBody(Body, kw_only=True, frozen=True):
    """A badge, for a representative of the organisation or for whoever comes. Without a `code` it gets a fresh one."""

    code: text.BadgeCode | None = None
    person: text.Id | None = None

    def command(self, asked: Asked) -> participation.IssueBadge:
        """Make a badge."""
        code = fresh_code(asked.fresh) if self.code is None else read_code(self.code)
        return participation.IssueBadge(code=code, person=None if self.person is None else PersonId(self.person))


class ListingBody(Body, kw_only=True, frozen=True):
    """An offer or a need."""

    marketplace: text.Id
    by: text.Id
    kind: ListingKind
    area: text.Slug
    title: text.Title
    quantity: text.Quantity
    unit: text.Unit

    def command(self, asked: Asked) -> listing.PublishListing:  # noqa: ARG002
        """Publish it."""
        return listing.PublishListing(
            marketplace=the_marketplace(self.marketplace),
            by=the_party(self.by),
            kind=self.kind,
            area=AreaId(self.area),
            title=nfc(self.title),
            quantity=self.quantity,
            unit=nfc(self.unit),
        )


class ReviseListingBody(Body, kw_only=True, frozen=True):
    """What the listing says from here on."""

    by: text.Id
    area: text.Slug
    title: text.Title
    quantity: text.Quantity
    unit: text.Unit

    def command(self, asked: Asked) -> listing.ReviseListing:  # noqa: ARG002
        """Revise it."""
        return listing.ReviseListing(
            by=the_party(self.by),
            area=AreaId(self.area),
            title=nfc(self.title),
            quantity=self.quantity,
            unit=nfc(self.unit),
        )


class WithdrawListingBody(Body, kw_only=True, frozen=True):
    """Who takes it back."""

    by: text.Id

    def command(self, asked: Asked) -> listing.WithdrawListing:  # noqa: ARG002
        """Take it back."""
        return listing.WithdrawListing(by=the_party(self.by))
