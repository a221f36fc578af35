"""The roles at a marketplace, and what each may ask for (DESIGN §3)."""

from enum import StrEnum

from domain.contract.commands import (
    Certify,
    CorrectForm,
    DraftFromForm,
    DraftFromNegotiation,
    ReturnForCorrection,
    Sign,
    SubmitToNotary,
)
from domain.listing.commands import PublishListing, ReviseListing, WithdrawListing
from domain.marketplace.commands import (
    CancelMarketplace,
    CloseForgotten,
    CloseTrading,
    ExtendTrading,
    OpenRegistration,
    OpenTrading,
    PlanMarketplace,
    Reschedule,
    SetAreas,
    SetPolicy,
    SetRates,
)
from domain.negotiation.commands import (
    AcceptTerms,
    CallBroker,
    CounterTerms,
    JoinAsBroker,
    LapseNegotiation,
    OpenNegotiation,
    RejectTerms,
    WithdrawFromNegotiation,
)
from domain.organisation.commands import NameRepresentative, RegisterOrganisation
from domain.participation.commands import Admit, CancelParticipation, CheckIn, Decline, RequestParticipation
from domain.results.statement import AnnounceResults, CorrectResults


class Role(StrEnum):
    """In which role a member acts."""

    HOST_ADMIN = "host_admin"
    LEAD = "lead"
    MODERATOR = "moderator"
    BROKER = "broker"
    NOTARY = "notary"
    VALUER = "valuer"
    CLERK = "clerk"
    REPRESENTATIVE = "representative"
    FOLLOW_UP_OFFICER = "follow_up_officer"
    AUDITOR = "auditor"
    INTEGRATOR = "integrator"
    PUBLIC_DISPLAY = "public_display"
    TIMEKEEPER = "timekeeper"


_LEADS = frozenset({Role.HOST_ADMIN, Role.LEAD})
_GONG = _LEADS | {Role.MODERATOR}
_DESK = _LEADS | {Role.CLERK}
_TABLE = _DESK | {Role.BROKER, Role.REPRESENTATIVE}

MAY: dict[type, frozenset[Role]] = (
    dict.fromkeys(
        (
            PlanMarketplace,
            Reschedule,
            SetAreas,
            SetPolicy,
            SetRates,
            OpenRegistration,
            CancelMarketplace,
            AnnounceResults,
            CorrectResults,
        ),
        _LEADS,
    )
    | dict.fromkeys((OpenTrading, ExtendTrading, CloseTrading), _GONG)
    | dict.fromkeys((CloseForgotten, LapseNegotiation), _LEADS | {Role.TIMEKEEPER})
    | dict.fromkeys((RegisterOrganisation, NameRepresentative, RequestParticipation), _DESK)
    | dict.fromkeys((Admit, Decline, CheckIn, CancelParticipation), _DESK)
    | dict.fromkeys(
        (
            PublishListing,
            ReviseListing,
            WithdrawListing,
            OpenNegotiation,
            CounterTerms,
            AcceptTerms,
            RejectTerms,
            WithdrawFromNegotiation,
            CallBroker,
            DraftFromNegotiation,
            DraftFromForm,
            CorrectForm,
            Sign,
            SubmitToNotary,
        ),
        _TABLE,
    )
    | {JoinAsBroker: frozenset({Role.BROKER})}
    | dict.fromkeys((ReturnForCorrection, Certify), frozenset({Role.NOTARY}))
)
"""Which roles may ask for what. A representative acts for its own organisations only."""
