"""Partners of an earlier edition are carried over: everybody who was welcome there asks to take part here."""

from collections.abc import Iterable

from domain.frozen import dataclass
from domain.identity import MarketplaceId, OrganisationId, ParticipationId, participation_of
from domain.marketplace.decisions import must_not_be_over
from domain.marketplace.events import PartnersCarriedOver
from domain.marketplace.state import Marketplace
from domain.organisation.state import Organisation
from domain.participation.commands import RequestParticipation
from domain.participation.decisions import must_be_of_one_kind, request
from domain.participation.events import Fact
from domain.participation.refusals import NobodyToCarryOver
from domain.participation.state import Admitted, NoShow, NotComing, OnTheFloor, Participation, Requested
from domain.refusal import NotThere

MAX_PARTNERS = 500
"""How many are carried over at once; who asks again gets the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOver:
    """Let the partners of the `earlier` edition take part in this one; `participations` are theirs, there."""

    marketplace: MarketplaceId
    earlier: MarketplaceId
    participations: tuple[ParticipationId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Who took part `before`, which organisation stands for it now, and whether it takes part `here` already."""

    before: Participation
    organisation: OrganisationId
    standing: Organisation | None
    here: Participation | None


def carry_over(
    command: CarryOver, edition: Marketplace | None, earlier: Marketplace | None, partners: Iterable[Partner]
) -> tuple[PartnersCarriedOver, dict[ParticipationId, tuple[Fact, ...]]]:
    """The fact on this edition, and on each new participation; raises a `Refusal` when a rule forbids it.

    Whoever was admitted to the earlier edition, or on its floor, and has no participation here, be it a cancelled one.
    """
    if edition is None or earlier is None:
        raise NotThere
    must_be_of_one_kind(must_not_be_over(edition).plan.rehearsal, earlier.plan.rehearsal)
    requested: dict[ParticipationId, tuple[Fact, ...]] = {}
    for partner in partners:
        if len(requested) < MAX_PARTNERS and was_welcome(partner.before, command.earlier) and partner.here is None:
            asked = RequestParticipation(marketplace=command.marketplace, organisation=partner.organisation)
            target = participation_of(command.marketplace, partner.organisation)
            requested[target] = request(asked, None, edition, partner.standing)
    if not requested:
        raise NobodyToCarryOver
    return PartnersCarriedOver(earlier=command.earlier, organisations=len(requested)), requested


def was_welcome(participation: Participation, earlier: MarketplaceId) -> bool:
    """Whether the host had said yes to it at that edition; who didn't come without a word wasn't a partner."""
    match participation:
        case Admitted(marketplace=there) | OnTheFloor(marketplace=there):
            return there == earlier
        case Requested() | NoShow() | NotComing():
            return False
