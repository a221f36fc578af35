"""Which handler carries out which command."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, get_args

from domain.access import members
from domain.contract import commands as contract
from domain.identity import StreamId
from domain.listing import commands as listing
from domain.marketplace import commands as marketplace
from domain.negotiation import commands as negotiation
from domain.negotiation.decisions import Step
from domain.organisation import commands as organisation
from domain.participation import commands as participation
from domain.participation.carrying import CarryOver
from domain.person import commands as person
from domain.results import statement
from services.application.handlers import after, carrying, desk, entrance, hosting, merging, notary, persons, table
from services.application.work import Work

Handler = Callable[[Work, StreamId, Any], Awaitable[None]]


def _by(handler: Handler, *commands: type) -> dict[type, Handler]:
    return dict.fromkeys(commands, handler)


HANDLERS: Mapping[type, Handler] = MappingProxyType(
    _by(hosting.change_marketplace, *get_args(marketplace.Command))
    | _by(hosting.change_access, *get_args(members.Command))
    | _by(hosting.announce, statement.AnnounceResults)
    | _by(hosting.correct_statement, statement.CorrectResults)
    | _by(entrance.change_organisation, *get_args(organisation.Alone))
    | _by(merging.merge_organisation, organisation.MergeOrganisation)
    | _by(merging.tell_apart, organisation.TellApart)
    | _by(entrance.change_participation, *get_args(participation.Move))
    | _by(entrance.issue_badge, participation.IssueBadge)
    | _by(entrance.request_participation, participation.RequestParticipation)
    | _by(carrying.carry_partners_over, CarryOver)
    | _by(entrance.publish_listing, listing.PublishListing)
    | _by(entrance.revise_listing, listing.ReviseListing)
    | _by(entrance.withdraw_listing, listing.WithdrawListing)
    | _by(persons.erase, person.ErasePerson)
    | _by(persons.erase_note, person.EraseNote)
    | _by(persons.correct, person.CorrectPerson)
    | _by(persons.restrict, person.RestrictPerson, person.LiftRestriction)
    | _by(table.open_table, negotiation.OpenNegotiation)
    | _by(table.lapse_table, negotiation.LapseNegotiation)
    | _by(table.take_step, *get_args(Step))
    | _by(desk.draft_from_negotiation, contract.DraftFromNegotiation)
    | _by(desk.draft_from_form, contract.DraftFromForm)
    | _by(desk.correct_form, contract.CorrectForm)
    | _by(desk.sign, contract.Sign)
    | _by(desk.capture_paper, contract.CapturePaper)
    | _by(desk.repudiate, contract.RepudiateSignature)
    | _by(desk.approve, contract.ApproveSignature)
    | _by(notary.submit, contract.SubmitToNotary)
    | _by(notary.return_form, contract.ReturnForCorrection)
    | _by(notary.certify, contract.Certify)
    | _by(notary.revoke, contract.RevokeCertification)
    | _by(notary.annul, contract.Annul)
    | _by(after.estimate, contract.EstimateValue)
    | _by(after.correct_value, contract.CorrectValue)
    | _by(after.propose_amendment, contract.ProposeAmendment)
    | _by(after.sign_amendment, contract.SignAmendment)
    | _by(after.withdraw_amendment, contract.WithdrawAmendment)
    | _by(after.follow, *get_args(contract.Following))
)
