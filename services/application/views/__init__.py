"""What readers get: the shapes of lists, ledger rows, trails and results, with names joined at reading.

They are JSON as they stand: the API encodes them, OpenAPI describes them, pages render them. Money is in minor
units (cents), times are RFC 3339 in UTC, `rehearsal` marks a Probe, and None is unknown, never zero.
"""

from services.application.views.directory import (
    AreaView,
    ListingView,
    MarketplaceView,
    NegotiationView,
    OrganisationView,
    ParticipationView,
)
from services.application.views.ledger import AmendmentView, CallView, LedgerRowView, PartyView, PledgeView, ValueView
from services.application.views.moment import MomentView, SignedUnderView
from services.application.views.page import Page
from services.application.views.results import (
    ResultsView,
    SeasonHostView,
    SeasonView,
    StatementView,
    SumView,
    TallyView,
)
from services.application.views.trails import ActorView, TrailStepView

__all__ = [
    "ActorView",
    "AmendmentView",
    "AreaView",
    "CallView",
    "LedgerRowView",
    "ListingView",
    "MarketplaceView",
    "MomentView",
    "NegotiationView",
    "OrganisationView",
    "Page",
    "ParticipationView",
    "PartyView",
    "PledgeView",
    "ResultsView",
    "SeasonHostView",
    "SeasonView",
    "SignedUnderView",
    "StatementView",
    "SumView",
    "TallyView",
    "TrailStepView",
    "ValueView",
]
