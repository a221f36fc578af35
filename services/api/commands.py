"""One table of what can be asked for: path, body, and whether the thing comes into being by it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from domain.identity import (
    MarketplaceId,
    NegotiationId,
    OrganisationId,
    PersonId,
    StreamId,
    TenantId,
    contract_of,
    participation_of,
    person_stream,
)
from services.api.bodies import after, desk, entrance, hosting, notary, organisations, persons, press, rules, table
from services.api.bodies.base import Body
from services.application.queries import Queries
from services.application.questions import persons as held
from services.application.questions.partners import with_partners

Target = Callable[[Any], StreamId]


def _itself(id_: StreamId) -> StreamId:
    return id_


Prepare = Callable[[Queries, TenantId, Any], Awaitable[Any]]


@dataclass(frozen=True)
class CommandRoute:
    """`POST /v1/{tenant}/{path}` with a `body`.

    Without `{id}` in its path the command makes a thing: `target` gives its id from the body, or it is a fresh one.
    `prepare` completes the command by what is known, before it is judged on the log; `aim` gives the stream that the
    thing in the path has, where that isn't the thing's own id.
    """

    path: str
    body: type[Body]
    target: Target | None = None
    prepare: Prepare | None = None
    aim: Callable[[StreamId], StreamId] = _itself

    @property
    def creates(self) -> bool:
        """Whether the thing comes into being by this command, so that no version is needed."""
        return "{id}" not in self.path

    @cached_property
    def bodiless(self) -> bool:
        """Whether the address can say everything; an empty body or `{}` does."""
        return not any(member.required for member in msgspec.structs.fields(self.body))

    @cached_property
    def decoder(self) -> msgspec.json.Decoder[Body]:
        """The strict decoder of the body."""
        return msgspec.json.Decoder(self.body, strict=True)

    @property
    def operation(self) -> str:
        """The operation's name in OpenAPI."""
        return self.body.__name__.removesuffix("Body")


def _participation(body: entrance.ParticipationBody) -> StreamId:
    return participation_of(MarketplaceId(StreamId(body.marketplace)), OrganisationId(StreamId(body.organisation)))


def _contract(body: desk.FromNegotiationBody) -> StreamId:
    return contract_of(NegotiationId(StreamId(body.negotiation)))


def _of_person(id_: StreamId) -> StreamId:
    return person_stream(PersonId(id_))


COMMANDS: tuple[CommandRoute, ...] = (
    CommandRoute("marketplaces", hosting.PlanBody),
    CommandRoute("marketplaces/{id}/reschedule", hosting.RescheduleBody),
    CommandRoute("marketplaces/{id}/areas", hosting.AreasBody),
    CommandRoute("marketplaces/{id}/policy", hosting.PolicyBody),
    CommandRoute("marketplaces/{id}/rates", hosting.RatesBody),
    CommandRoute("marketplaces/{id}/open-registration", hosting.OpenRegistrationBody),
    CommandRoute("marketplaces/{id}/open-trading", hosting.OpenTradingBody),
    CommandRoute("marketplaces/{id}/extend-trading", hosting.ExtendTradingBody),
    CommandRoute("marketplaces/{id}/close-trading", hosting.CloseTradingBody),
    CommandRoute("marketplaces/{id}/close-forgotten", hosting.CloseForgottenBody),
    CommandRoute("marketplaces/{id}/cancel", hosting.CancelMarketplaceBody),
    CommandRoute("marketplaces/{id}/paper-series", rules.PaperSeriesBody),
    CommandRoute("marketplaces/{id}/checklist", rules.ChecklistBody),
    CommandRoute("marketplaces/{id}/rate-table", rules.RateTableBody),
    CommandRoute("marketplaces/{id}/add-area", rules.AddAreaBody),
    CommandRoute("marketplaces/{id}/rename-area", rules.RenameAreaBody),
    CommandRoute("marketplaces/{id}/retire-area", rules.RetireAreaBody),
    CommandRoute("marketplaces/{id}/co-hosts", rules.CoHostsBody),
    CommandRoute("marketplaces/{id}/workshops", rules.WorkshopBody),
    CommandRoute("marketplaces/{id}/start-follow-up", rules.StartFollowUpBody),
    CommandRoute("marketplaces/{id}/archive", rules.ArchiveMarketplaceBody),
    CommandRoute("marketplaces/{id}/carry-over", organisations.CarryOverBody, prepare=with_partners),
    CommandRoute("statements", press.AnnounceBody),
    CommandRoute("statements/{id}/correct", press.CorrectStatementBody),
    CommandRoute("organisations", entrance.OrganisationBody),
    CommandRoute("organisations/{id}/representatives", entrance.RepresentativeBody),
    CommandRoute("organisations/{id}/mandates", entrance.MandateBody),
    CommandRoute("organisations/{id}/withdraw-mandate", entrance.WithdrawMandateBody),
    CommandRoute("organisations/{id}/merge", organisations.MergeBody),
    CommandRoute("organisations/{id}/tell-apart", organisations.TellApartBody),
    CommandRoute("persons/{id}/erase", persons.ErasePersonBody, prepare=held.with_organisations, aim=_of_person),
    CommandRoute("persons/{id}/erase-note", persons.EraseNoteBody, prepare=held.of_a_note, aim=_of_person),
    CommandRoute("persons/{id}/correct", persons.CorrectPersonBody, prepare=held.of_somebody, aim=_of_person),
    CommandRoute("persons/{id}/restrict", persons.RestrictPersonBody, prepare=held.of_somebody, aim=_of_person),
    CommandRoute(
        "persons/{id}/lift-restriction", persons.LiftRestrictionBody, prepare=held.of_somebody, aim=_of_person
    ),
    CommandRoute("participations", entrance.ParticipationBody, _participation),
    CommandRoute("participations/{id}/admit", entrance.AdmitBody),
    CommandRoute("participations/{id}/decline", entrance.DeclineBody),
    CommandRoute("participations/{id}/check-in", entrance.CheckInBody),
    CommandRoute("participations/{id}/cancel", entrance.CancelParticipationBody),
    CommandRoute("participations/{id}/no-show", entrance.NoShowBody),
    CommandRoute("participations/{id}/workshops", entrance.WorkshopAttendedBody),
    CommandRoute("participations/{id}/badges", entrance.BadgeBody),
    CommandRoute("listings", entrance.ListingBody),
    CommandRoute("listings/{id}/revise", entrance.ReviseListingBody),
    CommandRoute("listings/{id}/withdraw", entrance.WithdrawListingBody),
    CommandRoute("negotiations", table.NegotiationBody),
    CommandRoute("negotiations/{id}/counter", table.CounterBody),
    CommandRoute("negotiations/{id}/accept", table.AcceptBody),
    CommandRoute("negotiations/{id}/reject", table.RejectBody),
    CommandRoute("negotiations/{id}/withdraw", table.WithdrawBody),
    CommandRoute("negotiations/{id}/call-broker", table.CallBrokerBody),
    CommandRoute("negotiations/{id}/join-as-broker", table.JoinAsBrokerBody),
    CommandRoute("negotiations/{id}/lapse", table.LapseBody),
    CommandRoute("contracts/from-negotiation", desk.FromNegotiationBody, _contract),
    CommandRoute("contracts/from-form", desk.FromFormBody),
    CommandRoute("contracts/{id}/correct", desk.CorrectFormBody),
    CommandRoute("contracts/{id}/sign", desk.SignBody),
    CommandRoute("contracts/from-paper", desk.FromPaperBody),
    CommandRoute("contracts/{id}/repudiate", desk.RepudiateBody),
    CommandRoute("contracts/{id}/approve", desk.ApproveBody),
    CommandRoute("contracts/{id}/submit", notary.SubmitBody),
    CommandRoute("contracts/{id}/return", notary.ReturnBody),
    CommandRoute("contracts/{id}/certify", notary.CertifyBody),
    CommandRoute("contracts/{id}/revoke", notary.RevokeBody),
    CommandRoute("contracts/{id}/annul", notary.AnnulBody),
    CommandRoute("contracts/{id}/estimate", after.EstimateBody),
    CommandRoute("contracts/{id}/correct-value", after.CorrectValueBody),
    CommandRoute("contracts/{id}/propose-amendment", after.ProposeAmendmentBody),
    CommandRoute("contracts/{id}/sign-amendment", after.SignAmendmentBody),
    CommandRoute("contracts/{id}/withdraw-amendment", after.WithdrawAmendmentBody),
    CommandRoute("contracts/{id}/remind", after.RemindBody),
    CommandRoute("contracts/{id}/first-contact", after.FirstContactBody),
    CommandRoute("contracts/{id}/call", after.CallBody),
    CommandRoute("contracts/{id}/delivery", after.DeliveryBody),
    CommandRoute("contracts/{id}/confirm", after.ConfirmBody),
    CommandRoute("contracts/{id}/dispute", after.DisputeBody),
    CommandRoute("contracts/{id}/settle-dispute", after.SettleDisputeBody),
)
