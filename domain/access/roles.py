"""The roles at a marketplace, and what each may ask for (DESIGN §3)."""

from typing import get_args

from domain.access import members
from domain.access.role import Role
from domain.contract.commands import (
    Annul,
    ApproveSignature,
    CapturePaper,
    Certify,
    ConfirmFulfilment,
    CorrectForm,
    CorrectValue,
    Dispute,
    DraftFromForm,
    DraftFromNegotiation,
    EstimateValue,
    ProposeAmendment,
    RecordCall,
    RecordDelivery,
    RecordFirstContact,
    Remind,
    RepudiateSignature,
    ReturnForCorrection,
    RevokeCertification,
    SettleDispute,
    Sign,
    SignAmendment,
    SubmitToNotary,
    WithdrawAmendment,
)
from domain.listing.commands import PublishListing, ReviseListing, WithdrawListing
from domain.marketplace.commands import (
    AddArea,
    ArchiveMarketplace,
    CancelMarketplace,
    CloseForgotten,
    CloseTrading,
    ExtendTrading,
    OpenRegistration,
    OpenTrading,
    PlanMarketplace,
    PlanWorkshop,
    RecordPaperSeries,
    RenameArea,
    Reschedule,
    RetireArea,
    SetAreas,
    SetChecklist,
    SetCoHosts,
    SetPolicy,
    SetRates,
    SetRateTable,
    StartFollowUp,
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
from domain.organisation.commands import (
    GiveMandate,
    MergeOrganisation,
    NameRepresentative,
    RegisterOrganisation,
    TellApart,
    WithdrawMandate,
)
from domain.participation import commands as participation
from domain.participation.carrying import CarryOver
from domain.person import commands as person
from domain.results.statement import AnnounceResults, CorrectResults

__all__ = ["MAY", "Role"]

_LEADS = frozenset({Role.HOST_ADMIN, Role.LEAD})
_GONG = _LEADS | {Role.MODERATOR}
_DESK = _LEADS | {Role.CLERK}
_PARTIES = _DESK | {Role.REPRESENTATIVE}
_FOLLOW_UP = _LEADS | {Role.FOLLOW_UP_OFFICER}
_TABLE = _DESK | {Role.BROKER, Role.REPRESENTATIVE}

MAY: dict[type, frozenset[Role]] = (
    dict.fromkeys(
        (
            PlanMarketplace,
            Reschedule,
            SetAreas,
            SetPolicy,
            SetRates,
            SetRateTable,
            AddArea,
            RenameArea,
            RetireArea,
            SetChecklist,
            SetCoHosts,
            OpenRegistration,
            CancelMarketplace,
            StartFollowUp,
            ArchiveMarketplace,
            AnnounceResults,
            CorrectResults,
        ),
        _LEADS,
    )
    | dict.fromkeys(get_args(OpenTrading | ExtendTrading | CloseTrading), _GONG)
    | dict.fromkeys((CloseForgotten, LapseNegotiation), _LEADS | {Role.TIMEKEEPER})
    | dict.fromkeys((RegisterOrganisation, NameRepresentative, participation.RequestParticipation), _DESK)
    | dict.fromkeys((RecordPaperSeries, PlanWorkshop), _DESK)
    | {CarryOver: _DESK}
    | dict.fromkeys((GiveMandate, WithdrawMandate, MergeOrganisation, TellApart), _DESK)
    | dict.fromkeys((*get_args(participation.Move), participation.IssueBadge), _DESK)
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
    | dict.fromkeys(get_args(members.Command), frozenset({Role.HOST_ADMIN}))
    | dict.fromkeys(get_args(person.Command), frozenset({Role.HOST_ADMIN}))
    | dict.fromkeys((ReturnForCorrection, Certify, RevokeCertification), frozenset({Role.NOTARY}))
    | {CapturePaper: _DESK, Annul: _LEADS}
    | dict.fromkeys((RepudiateSignature, ApproveSignature), _PARTIES)
    | dict.fromkeys((ProposeAmendment, SignAmendment, WithdrawAmendment), _PARTIES | {Role.BROKER})
    | dict.fromkeys((EstimateValue, CorrectValue), _LEADS | {Role.VALUER})
    | {Remind: _FOLLOW_UP | {Role.TIMEKEEPER}}
    | dict.fromkeys((RecordCall, SettleDispute), _FOLLOW_UP)
    | dict.fromkeys(
        (RecordFirstContact, RecordDelivery, ConfirmFulfilment, Dispute), _FOLLOW_UP | {Role.REPRESENTATIVE}
    )
)
"""Which roles may ask for what. A representative acts for its own organisations only."""
