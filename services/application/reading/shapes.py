"""From the folds' values to what readers get: the same for every reader but for what `names` and `shown` hold."""

from collections.abc import Iterable, Mapping

from domain.directory.fold import Entry
from domain.identity import NegotiationId, OrganisationId, contract_of
from domain.instant import instant
from domain.listing.state import Published
from domain.marketplace.plan import Area, Plan
from domain.marketplace.state import (
    Archived,
    CalledOff,
    InFollowUp,
    InPreparation,
    Registering,
    Trading,
    TradingOver,
)
from domain.negotiation.state import Agreed, Ended, Negotiation, Proposed, Seated
from domain.negotiation.terms import Party
from domain.participation.state import Admitted, NoShow, NotComing, OnTheFloor, Requested
from domain.results.tally import Tally
from infra.projections.reader import Said
from services.application.reading.names import Names
from services.application.reading.rows import pledge_view
from services.application.views import (
    AreaView,
    ListingView,
    MarketplaceView,
    NegotiationView,
    OrganisationView,
    ParticipationView,
    PartyView,
    StatementView,
    TallyView,
)

MARKETPLACE_STATES: Mapping[str, type] = {
    "planned": InPreparation,
    "registering": Registering,
    "trading": Trading,
    "over": TradingOver,
    "follow_up": InFollowUp,
    "archived": Archived,
    "called_off": CalledOff,
}
PARTICIPATION_STATES: Mapping[str, type] = {
    "requested": Requested,
    "admitted": Admitted,
    "on_the_floor": OnTheFloor,
    "no_show": NoShow,
    "not_coming": NotComing,
}
_WORDS = {state: word for states in (MARKETPLACE_STATES, PARTICIPATION_STATES) for word, state in states.items()}


def marketplace_view(entry: Entry) -> MarketplaceView:
    """An edition as it stands."""
    state, plan, rules = entry.state, entry.state.plan, entry.state.rules
    return MarketplaceView(
        id=entry.id,
        version=entry.version,
        state=_WORDS[type(state)],
        title=plan.title,
        season=plan.season,
        date=plan.date,
        venue=plan.venue,
        time_zone=plan.time_zone,
        trading_minutes=plan.trading_minutes,
        grace_minutes=plan.grace_minutes,
        opened_at=getattr(state, "opened_at", None),
        announced_end=state.announced_end if isinstance(state, Trading) else None,
        noun=plan.noun,
        areas=_areas(plan.areas),
        retired=_areas(rules.retired),
        reciprocity=plan.reciprocity,
        counted=plan.counted,
        visibility=plan.visibility,
        hourly_rate_minor=plan.hourly_rate_minor,
        area_rates=list(rules.area_rates),
        rates_version=rules.rates_version,
        first_contact_days=plan.first_contact_days,
        paper_series=list(rules.paper_series),
        checklist=list(rules.checklist),
        co_hosts=list(rules.co_hosts),
        workshops=list(rules.workshops),
        rehearsal=plan.rehearsal,
        position=entry.position,
    )


def _areas(areas: Iterable[Area]) -> list[AreaView]:
    return [AreaView(id=area.id, label=area.label) for area in areas]


def tally_view(tally: Tally, plan: Plan) -> TallyView:
    """What the board shows."""
    return TallyView(
        contracts=tally.contracts,
        value_minor=tally.value_minor,
        currency="EUR",
        counted=plan.counted,
        unvalued=tally.unvalued,
        one_sided=tally.one_sided,
        from_paper=tally.from_paper,
        revoked=tally.revoked,
        annulled=tally.annulled,
        repudiated=tally.repudiated,
        forms=tally.forms,
        at_notary=tally.at_notary,
        first_certified_at=tally.first_certified_at,
        last_certified_at=tally.last_certified_at,
        position=tally.position,
    )


def listing_view(entry: Entry, by_name: str | None) -> ListingView:
    """An offer or a need; one that was taken back says no more than that, and what it still owes."""
    state = entry.state
    here = state if isinstance(state, Published) else None
    return ListingView(
        id=entry.id,
        version=entry.version,
        marketplace=state.marketplace,
        by=state.by,
        by_name=by_name,
        kind=here.kind if here else None,
        area=here.area if here else None,
        title=here.title if here else None,
        quantity=here.quantity if here else None,
        promised=state.bound,
        given=sum(state.given.values()),
        left=here.left if here else None,
        unit=here.unit if here else None,
        withdrawn=here is None,
        rehearsal=entry.rehearsal,
        position=entry.position,
    )


def organisation_view(entry: Entry, names: Names, *, shown: bool) -> OrganisationView:
    """An organisation; when it isn't `shown`, neither name nor representatives."""
    return OrganisationView(
        id=entry.id,
        version=entry.version,
        name=names.organisation(OrganisationId(entry.id)) if shown else None,
        side=entry.state.side,
        representatives=sorted(entry.state.representatives) if shown else [],
        mandates=dict(entry.state.mandates) if shown else {},
        merged_into=entry.state.merged_into,
        absorbed=sorted(entry.state.absorbed),
        rehearsal=entry.rehearsal,
        position=entry.position,
        erased=shown and entry.id in names.erased,
    )


def participation_view(entry: Entry, names: Names, *, shown: bool, badges: bool) -> ParticipationView:
    """A participation, named when it is `shown`, with its `badges` for those who have a key."""
    state = entry.state
    return ParticipationView(
        id=entry.id,
        version=entry.version,
        marketplace=state.marketplace,
        organisation=state.organisation,
        merged_into=names.merged.get(state.organisation),
        name=names.organisation(state.organisation) if shown else None,
        side=state.side,
        state=_WORDS[type(state)],
        attended=list(state.attended),
        badges=list(state.badges) if badges else [],
        rehearsal=entry.rehearsal,
        position=entry.position,
        erased=shown and state.organisation in names.erased,
    )


def negotiation_view(entry: Entry, names: Names) -> NegotiationView:
    """A negotiation as it stands; terms are None once it ended without agreement."""
    state: Negotiation = entry.state
    table = state if isinstance(state, Proposed) else None
    laid = state.terms.pledges if isinstance(state, Proposed | Agreed) else ()
    return NegotiationView(
        id=entry.id,
        version=entry.version,
        marketplace=state.marketplace,
        state=_negotiation_word(state),
        parties=[_seated(party, names) for party in state.parties],
        pledges=[
            pledge_view(place, pledge, names.label(state.marketplace, pledge.area)) for place, pledge in enumerate(laid)
        ],
        proposer=table.proposer if table else None,
        awaited=sorted(table.awaited) if table else [],
        broker_called=table is not None and table.broker_called,
        broker=state.broker if isinstance(state, Proposed | Agreed) else None,
        contract=contract_of(NegotiationId(entry.id)),
        rehearsal=entry.rehearsal,
        position=entry.position,
    )


def _negotiation_word(state: Negotiation) -> str:
    match state:
        case Seated() | Proposed():
            return "proposed"
        case Agreed():
            return "agreed"
        case Ended(ending=ending):
            return ending.value


def _seated(party: Party, names: Names) -> PartyView:
    return PartyView(
        participation=party.participation,
        organisation=party.organisation,
        name=names.organisation(party.organisation),
        side=party.side,
        signed=False,
        publicity=False,
        erased=party.organisation in names.erased,
    )


def statement_view(word: Said, said: Iterable[Said]) -> StatementView:
    """A statement as it stands; `said` are all words of its edition, oldest first."""
    return StatementView(
        id=word.id,
        marketplace=word.statement.marketplace,
        figures=word.statement.figures,
        source=word.statement.source,
        notes=list(word.statement.notes),
        announced_at=instant(word.said_at),
        position=word.valid_from,
        earlier=[
            before.statement.figures for before in said if before.id == word.id and before.valid_from < word.valid_from
        ],
        reason=word.statement.reason,
        drawn_from=word.statement.drawn_from,
    )
