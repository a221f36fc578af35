"""Names for things. Every id but the tenant's is a UUID in its canonical lower-case form."""

from functools import lru_cache
from typing import NewType
from uuid import UUID, uuid5

TenantId = NewType("TenantId", str)
"""A host's (Veranstalter's) short name in paths and keys: `essen`."""

StreamId = NewType("StreamId", str)
"""What happened to one thing, in order, is one stream; the thing's id is the stream's."""

EventId = NewType("EventId", str)
PersonId = NewType("PersonId", str)
"""A pseudonym. Who it is stands in the vault alone, never in the log."""

MarketplaceId = NewType("MarketplaceId", StreamId)
OrganisationId = NewType("OrganisationId", StreamId)
ParticipationId = NewType("ParticipationId", StreamId)
ListingId = NewType("ListingId", StreamId)
NegotiationId = NewType("NegotiationId", StreamId)
ContractId = NewType("ContractId", StreamId)
RegisterId = NewType("RegisterId", StreamId)
StatementId = NewType("StatementId", StreamId)
KeyId = NewType("KeyId", str)
AreaId = NewType("AreaId", str)
"""An area's lasting short name within its edition (`know-how`); the label people read can change."""
WorkshopId = NewType("WorkshopId", str)
"""A workshop's lasting short name within its edition (`companies-october`)."""


@lru_cache(8192)
def contract_of(negotiation: NegotiationId) -> ContractId:
    """The contract that comes of `negotiation`: one negotiation gives one contract at most."""
    return ContractId(StreamId(str(uuid5(UUID(negotiation), "contract"))))


def register_of(marketplace: MarketplaceId) -> RegisterId:
    """The register in which the contracts of `marketplace` get their numbers."""
    return RegisterId(StreamId(str(uuid5(UUID(marketplace), "register"))))


def participation_of(marketplace: MarketplaceId, organisation: OrganisationId) -> ParticipationId:
    """An organisation takes part in an edition once; its participation's id says so."""
    return ParticipationId(StreamId(str(uuid5(UUID(marketplace), f"participation/{organisation}"))))


def person_stream(person: PersonId) -> StreamId:
    """The stream on which it is recorded what became of what is held on `person`.

    Not the pseudonym itself: a sole trader's is the organisation's id.
    """
    return StreamId(str(uuid5(UUID(person), "person")))


def access_of(tenant: TenantId) -> StreamId:
    """The stream on which a host's members, roles and keys are recorded."""
    return StreamId(str(uuid5(UUID(int=0), f"access/{tenant}")))
