"""Who took part in an edition, for those who carry its partners over to the next."""

from collections.abc import Mapping
from dataclasses import replace

from domain.directory.fold import Kind
from domain.identity import OrganisationId, ParticipationId, TenantId
from domain.participation.carrying import MAX_PARTNERS, CarryOver, was_welcome
from services.application.queries import Queries
from services.application.questions.duplicates import everything


async def with_partners(queries: Queries, tenant: TenantId, command: CarryOver) -> CarryOver:
    """The command with the participations that it is about, as far as they aren't carried over yet.

    The views only find them: the log judges each of them.
    """
    await queries.caught_up(tenant)
    async with queries.at(tenant, None) as (snapshot, _):
        merged = {
            OrganisationId(entry.id): entry.state.merged_into
            async for entry in everything(snapshot, Kind.ORGANISATION)
            if entry.state.merged_into is not None
        }
        taken = {
            _standing(entry.state.organisation, merged)
            async for entry in everything(snapshot, Kind.PARTICIPATION, command.marketplace)
        }
        left: dict[OrganisationId, ParticipationId] = {}
        async for entry in everything(snapshot, Kind.PARTICIPATION, command.earlier):
            stands = _standing(entry.state.organisation, merged)
            if was_welcome(entry.state, command.earlier) and stands not in taken:
                left.setdefault(stands, ParticipationId(entry.id))
    return replace(command, participations=tuple(left.values())[:MAX_PARTNERS])


def _standing(organisation: OrganisationId, merged: Mapping[OrganisationId, OrganisationId]) -> OrganisationId:
    while organisation in merged:
        organisation = merged[organisation]
    return organisation
