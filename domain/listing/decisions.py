"""What follows from a request about a listing: facts, or a refusal."""

from domain.identity import AreaId, ParticipationId
from domain.listing.commands import PublishListing, ReviseListing, WithdrawListing
from domain.listing.events import Fact, ListingPublished, ListingRevised, ListingWithdrawn
from domain.listing.refusals import (
    AlreadyPublished,
    AreaUnknown,
    LessThanPromised,
    ListingWithdrawnAlready,
    NotYourListing,
    UnitIsPromised,
)
from domain.listing.state import Listing, Published
from domain.marketplace.decisions import must_not_be_over
from domain.marketplace.plan import Plan
from domain.marketplace.state import Marketplace
from domain.participation.decisions import must_take_part
from domain.participation.state import Participation
from domain.refusal import NotThere
from domain.words import MAX_LABEL, MAX_TITLE, must_be_a_quantity, must_be_words


def publish(
    command: PublishListing,
    listing: Listing | None,
    marketplace: Marketplace | None,
    participation: Participation | None,
) -> tuple[Fact, ...]:
    """The facts of putting something on the list; raises a `Refusal` when a rule forbids it."""
    if marketplace is None:
        raise NotThere
    if listing is not None:
        raise AlreadyPublished
    plan = must_not_be_over(marketplace).plan
    must_take_part(participation, command.marketplace)
    must_name_an_area(command.area, plan)
    must_say_how_much_of_what(command)
    return (
        ListingPublished(
            marketplace=command.marketplace,
            by=command.by,
            kind=command.kind,
            area=command.area,
            title=command.title,
            quantity=command.quantity,
            unit=command.unit,
            rehearsal=plan.rehearsal,
        ),
    )


def revise(command: ReviseListing, listing: Listing | None, marketplace: Marketplace | None) -> tuple[Fact, ...]:
    """The facts of changing a listing; raises a `Refusal` when a rule forbids it."""
    published = must_be_published(listing)
    must_be_yours(published, command.by)
    plan = must_not_be_over(marketplace).plan
    if command.area != published.area:  # one that was retired since stays where it stands
        must_name_an_area(command.area, plan)
    must_say_how_much_of_what(command)
    must_keep_what_is_promised(command, published)
    return (ListingRevised(area=command.area, title=command.title, quantity=command.quantity, unit=command.unit),)


def withdraw(command: WithdrawListing, listing: Listing | None) -> tuple[Fact, ...]:
    """The facts of taking a listing back; raises a `Refusal` when a rule forbids it."""
    must_be_yours(must_be_published(listing), command.by)
    return (ListingWithdrawn(),)


def must_say_how_much_of_what(command: PublishListing | ReviseListing) -> None:
    """A listing has a title, a quantity and its unit."""
    must_be_words(command.title, MAX_TITLE)
    must_be_words(command.unit, MAX_LABEL)
    must_be_a_quantity(command.quantity)


def must_keep_what_is_promised(command: ReviseListing, listing: Published) -> None:
    """What is bound stays on the list, counted as it was agreed."""
    if command.quantity < listing.bound:
        raise LessThanPromised
    if listing.bound and command.unit != listing.unit:
        raise UnitIsPromised


def must_be_published(listing: Listing | None) -> Published:
    """What is changed or promised is on the list."""
    if listing is None:
        raise NotThere
    if not isinstance(listing, Published):
        raise ListingWithdrawnAlready
    return listing


def must_be_yours(listing: Published, by: ParticipationId) -> None:
    """A listing belongs to who published it."""
    if listing.by != by:
        raise NotYourListing


def must_name_an_area(area: AreaId, plan: Plan) -> None:
    """Help is traded in the areas that the host named."""
    if all(area != known.id for known in plan.areas):
        raise AreaUnknown
