"""The one table of event types: stored name to class. Append-only; a changed meaning is a new name (`….v2`)."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.access import members
from domain.contract import events as contract
from domain.listing import events as listing
from domain.marketplace import events as marketplace
from domain.negotiation import events as negotiation
from domain.organisation import events as organisation
from domain.participation import events as participation
from domain.person import events as person
from domain.register import ContractNumbered
from domain.results import statement

CLASSES: Mapping[str, type] = MappingProxyType(
    {
        "marketplace.planned.v1": marketplace.MarketplacePlanned,
        "marketplace.rescheduled.v1": marketplace.MarketplaceRescheduled,
        "marketplace.areas_set.v1": marketplace.AreasSet,
        "marketplace.policy_set.v1": marketplace.PolicySet,
        "marketplace.rates_set.v1": marketplace.RatesSet,
        "marketplace.registration_opened.v1": marketplace.RegistrationOpened,
        "marketplace.trading_opened.v1": marketplace.TradingOpened,
        "marketplace.trading_extended.v1": marketplace.TradingExtended,
        "marketplace.trading_closed.v1": marketplace.TradingClosed,
        "marketplace.cancelled.v1": marketplace.MarketplaceCancelled,
        "organisation.registered.v1": organisation.OrganisationRegistered,
        "organisation.representative_named.v1": organisation.RepresentativeNamed,
        "participation.requested.v1": participation.ParticipationRequested,
        "participation.admitted.v1": participation.ParticipationAdmitted,
        "participation.declined.v1": participation.ParticipationDeclined,
        "participation.checked_in.v1": participation.CheckedIn,
        "participation.cancelled.v1": participation.ParticipationCancelled,
        "listing.published.v1": listing.ListingPublished,
        "listing.revised.v1": listing.ListingRevised,
        "listing.withdrawn.v1": listing.ListingWithdrawn,
        "listing.promised.v1": listing.ListingPromised,
        "listing.promised_on_form.v1": listing.ListingPromisedOnForm,
        "listing.released.v1": listing.ListingReleased,
        "listing.satisfied.v1": listing.ListingSatisfied,
        "negotiation.opened.v1": negotiation.NegotiationOpened,
        "negotiation.terms_proposed.v1": negotiation.TermsProposed,
        "negotiation.terms_countered.v1": negotiation.TermsCountered,
        "negotiation.terms_accepted.v1": negotiation.TermsAccepted,
        "negotiation.terms_rejected.v1": negotiation.TermsRejected,
        "negotiation.broker_called.v1": negotiation.BrokerCalled,
        "negotiation.broker_joined.v1": negotiation.BrokerJoined,
        "negotiation.withdrawn.v1": negotiation.NegotiationWithdrawn,
        "negotiation.lapsed.v1": negotiation.NegotiationLapsed,
        "contract.drafted.v1": contract.ContractDrafted,
        "contract.form_corrected.v1": contract.FormCorrected,
        "contract.signed.v1": contract.ContractSigned,
        "contract.submitted_to_notary.v1": contract.SubmittedToNotary,
        "contract.returned_for_correction.v1": contract.ReturnedForCorrection,
        "contract.certified.v1": contract.ContractCertified,
        "register.numbered.v1": ContractNumbered,
        "results.announced.v1": statement.ResultsAnnounced,
        "results.corrected.v1": statement.ResultsCorrected,
        "access.member_added.v1": members.MemberAdded,
        "access.role_granted.v1": members.RoleGranted,
        "access.key_issued.v1": members.KeyIssued,
        "access.key_revoked.v1": members.KeyRevoked,
        "organisation.mandate_given.v1": organisation.MandateGiven,
        "organisation.mandate_withdrawn.v1": organisation.MandateWithdrawn,
        "results.correction_reason_given.v1": statement.CorrectionReasonGiven,
        "results.drawn_from_ledger.v1": statement.DrawnFromLedger,
        "marketplace.paper_series_recorded.v1": marketplace.PaperSeriesRecorded,
        "marketplace.checklist_set.v1": marketplace.ChecklistSet,
        "marketplace.rate_table_set.v1": marketplace.RateTableSet,
        "marketplace.area_added.v1": marketplace.AreaAdded,
        "marketplace.area_renamed.v1": marketplace.AreaRenamed,
        "marketplace.area_retired.v1": marketplace.AreaRetired,
        "marketplace.co_hosts_set.v1": marketplace.CoHostsSet,
        "marketplace.workshop_planned.v1": marketplace.WorkshopPlanned,
        "marketplace.follow_up_started.v1": marketplace.FollowUpStarted,
        "marketplace.archived.v1": marketplace.MarketplaceArchived,
        "organisation.merged.v1": organisation.OrganisationMerged,
        "organisation.absorbed.v1": organisation.OrganisationAbsorbed,
        "organisation.told_apart.v1": organisation.OrganisationToldApart,
        "participation.requested_again.v1": participation.RequestedAgain,
        "participation.no_show.v1": participation.DidNotCome,
        "participation.badge_issued.v1": participation.BadgeIssued,
        "participation.workshop_attended.v1": participation.WorkshopAttended,
        "access.role_revoked.v1": members.RoleRevoked,
        "access.edition_role_granted.v1": members.EditionRoleGranted,
        "access.edition_role_revoked.v1": members.EditionRoleRevoked,
        "access.edition_key_issued.v1": members.EditionKeyIssued,
        "contract.captured_from_paper.v1": contract.CapturedFromPaper,
        "contract.areas_labelled.v1": contract.AreasLabelled,
        "contract.signature_repudiated.v1": contract.SignatureRepudiated,
        "contract.signature_approved.v1": contract.SignatureApproved,
        "contract.checked.v1": contract.FormChecked,
        "contract.certification_revoked.v1": contract.CertificationRevoked,
        "contract.annulled.v1": contract.ContractAnnulled,
        "contract.value_estimated.v1": contract.ValueEstimated,
        "contract.value_corrected.v1": contract.ValueCorrected,
        "contract.amendment_proposed.v1": contract.AmendmentProposed,
        "contract.amendment_signed.v1": contract.AmendmentSigned,
        "contract.amendment_withdrawn.v1": contract.AmendmentWithdrawn,
        "contract.amended.v1": contract.ContractAmended,
        "contract.reminded.v1": contract.Reminded,
        "contract.first_contact_made.v1": contract.FirstContactMade,
        "contract.follow_up_called.v1": contract.FollowUpCalled,
        "contract.pledge_running.v1": contract.PledgeRunning,
        "contract.delivery_recorded.v1": contract.DeliveryRecorded,
        "contract.non_fulfilment_recorded.v1": contract.NonFulfilmentRecorded,
        "contract.fulfilment_confirmed.v1": contract.FulfilmentConfirmed,
        "contract.disputed.v1": contract.ContractDisputed,
        "contract.dispute_settled.v1": contract.DisputeSettled,
        "marketplace.partners_carried_over.v1": marketplace.PartnersCarriedOver,
        "person.erased.v1": person.PersonErased,
        "person.note_erased.v1": person.NoteErased,
        "person.value_corrected.v1": person.ValueCorrected,
        "person.restricted.v1": person.PersonRestricted,
        "person.restriction_lifted.v1": person.RestrictionLifted,
        "access.member_left.v1": members.MemberLeft,
        "access.stream_key_issued.v1": members.StreamKeyIssued,
        "marketplace.closing_gong_rung.v1": marketplace.ClosingGongRung,
    }
)

_NAMES: Mapping[type, str] = MappingProxyType({fact: name for name, fact in CLASSES.items()})


def name_of(fact: object) -> str:
    """The stored name of the newest version of `fact`'s type; raises KeyError for what is no fact."""
    return _NAMES[type(fact)]
