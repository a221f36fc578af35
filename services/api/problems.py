"""Problems (RFC 9457): every no has a lasting type, a status, and a sentence that says what to do."""

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec
from litestar import Response

from domain import refusal, words
from domain.contract import refusals as contract
from domain.listing import refusals as listing
from domain.marketplace import refusals as marketplace
from domain.negotiation import refusals as negotiation
from domain.organisation import refusals as organisation
from domain.participation import refusals as participation
from domain.person import refusals as person
from domain.results import statement
from services.application import proofs, trouble
from services.application.bundling import keeping
from services.application.importing import trouble as importing
from services.application.reading import trouble as reading
from services.application.webhooks import trouble as webhooks

MEDIA_TYPE = "application/problem+json"
TYPES = "/problems/"
"""A problem's type is this and its name; the address tells what it means."""

RULE = 409
"""The status of every refusal that isn't named below: a rule of the marketplace, or where things stand, forbids it."""

STATUS: Mapping[type[refusal.Refusal], int] = {
    refusal.NotThere: 404,
    trouble.RoleNotAllowed: 403,
    trouble.NotYourOrganisation: 403,
    trouble.OnlyYourEdition: 403,
    trouble.KeyIsForStreams: 403,
    trouble.VersionMissing: 428,
    trouble.VersionStale: 412,
    trouble.KeyReused: 422,
    importing.EditionMissing: 422,
    importing.RowsUnusable: 422,
    trouble.KeyInFlight: 409,
    trouble.TooBusy: 503,
    trouble.TooManyListeners: 503,
    trouble.LogOutOfReach: 503,
    reading.ProjectionBehind: 503,
    reading.Parked: 503,
    reading.NotRecordedYet: 400,
    reading.CursorUnusable: 400,
    reading.CursorExpired: 410,
    reading.MomentUnclear: 400,
    reading.MomentsReversed: 400,
    reading.NotDrawnFromLedger: 404,
    proofs.CheckpointPending: 503,
    webhooks.BeyondYourKey: 403,
    webhooks.RangeUnclear: 422,
    proofs.RecordOfAnother: 403,
    keeping.BundleInTheMaking: 503,
    keeping.BundlesBusy: 503,
    keeping.NoRoomForBundle: 503,
} | dict.fromkeys(
    (
        contract.NoReasonGiven,
        contract.NobodyToAsk,
        contract.NothingTold,
        contract.NotOnTheChecklist,
        contract.NotReachedSaysNothing,
        contract.OutsideTrading,
        contract.PledgeUnknown,
        contract.SignerMissing,
        contract.ToldTwice,
        contract.WitnessIsSigner,
        contract.WitnessMissing,
        listing.AreaUnknown,
        listing.ListingOfAnother,
        listing.UnitDiffers,
        marketplace.CoHostUnclear,
        marketplace.NoAreas,
        marketplace.NoSuchArea,
        marketplace.PlanOutOfTime,
        marketplace.RateOutOfRange,
        marketplace.SeriesOutOfRange,
        marketplace.TooManyAreas,
        marketplace.TooManyChecks,
        marketplace.TooManyCoHosts,
        marketplace.TradingTimeOutOfRange,
        marketplace.TwiceOnTheChecklist,
        marketplace.TwoRatesForAnArea,
        negotiation.CallerNotAtTheTable,
        negotiation.ContactOutOfTime,
        negotiation.OtherCurrency,
        negotiation.ValueOutOfRange,
        negotiation.TooFewParties,
        negotiation.TooManyParties,
        negotiation.NoPledges,
        negotiation.TooManyPledges,
        negotiation.PledgeOutsideTheTable,
        negotiation.OneSided,
        negotiation.ValueDoesntAddUp,
        negotiation.DueBackwards,
        organisation.NeedsOneName,
        organisation.SameEntry,
        participation.CodeUnreadable,
        participation.NoSuchWorkshop,
        participation.NotARepresentative,
        person.OwnSuccessor,
        person.RestrictionInThePast,
        statement.FigureBelowZero,
        statement.FigureDoesntSayWhat,
        statement.FigureTooLarge,
        statement.NotInTheLogYet,
        statement.TooManyNotes,
        words.NotPlainText,
        words.QuantityOutOfRange,
        words.TooManyWords,
        words.WordsMissing,
    ),
    422,
)


class Problem(Exception):
    """What is wrong with a request as such, before anybody was asked. The docstring is the sentence."""

    status = 400
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, detail: str | None = None, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors

    @classmethod
    def name(cls) -> str:
        """The lasting name."""
        return type_name(cls)


ASK: Mapping[str, str] = {"WWW-Authenticate": 'Bearer realm="handschlag"'}
"""How to ask instead (RFC 6750 §3)."""


class KeyMissing(Problem):
    """Send your key: Authorization: Bearer <key>. Ask the host for one."""

    status = 401
    headers = ASK


class KeyUnknown(Problem):
    """This key opens nothing here: it is mistyped or was revoked. Ask the host for a new one."""

    status = 401
    headers = ASK


class NotFound(Problem):
    """There is nothing at this address."""

    status = 404


class MethodNotAllowed(Problem):
    """This address doesn't take that method; see the Allow header."""

    status = 405


class BodyTooLarge(Problem):
    """The body is larger than 256 KiB, or a file to take over larger than 2 MiB. Nothing was recorded."""

    status = 413


class HeadTooLarge(Problem):
    """The request's head is larger than 32 KiB or has more than 100 lines. Send fewer, or clear your cookies."""

    status = 431


class RequestTooSlow(Problem):
    """The request didn't come whole in the time that it may take. Nothing was recorded. Send it again."""

    status = 408


class ContentTypeUnusable(Problem):
    """Send JSON, with Content-Type: application/json. Nothing was recorded."""

    status = 415


class ContentEncodingUnusable(Problem):
    """Send the body as it is, without Content-Encoding: nothing is unpacked here. Nothing was recorded."""

    status = 415
    headers: ClassVar[Mapping[str, str]] = {"Accept-Encoding": "identity"}


class FileTypeUnusable(Problem):
    """Send the file as text/csv, or an XLSX workbook by its own media type. Nothing was recorded."""

    status = 415


class HeaderRepeated(Problem):
    """A header that has one value is there more than once; `errors` says which. Nothing was recorded."""

    status = 400


class IdempotencyKeyMissing(Problem):
    """Send a fresh Idempotency-Key (1 to 200 visible characters), so that a repeated request is never done twice."""

    status = 400


class IfMatchUnusable(Problem):
    """If-Match is the ETag that you got, like "3", or *. Nothing was recorded."""

    status = 400


class BodyUnreadable(Problem):
    """The body isn't JSON. Nothing was recorded."""

    status = 400


class BodyUnusable(Problem):
    """The body doesn't have the right shape; `errors` says where. Nothing was recorded."""

    status = 422


class RangeNotSatisfiable(Problem):
    """There is nothing behind the end of the file: you have all of it, or a part of another one."""

    status = 416


class QueryUnusable(Problem):
    """The address asks for something in a way that can't be understood; `errors` says where."""

    status = 400


class RequestUnusable(Problem):
    """This isn't a request as HTTP has them. Look at what sends it, or what stands between. Nothing was recorded."""

    status = 400


class NotReady(Problem):
    """The service isn't ready yet; the detail says what is missing. Ask again in a moment."""

    status = 503
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "1"}


class LogRefused(Problem):
    """The signer refuses to sign some host's log; the detail says whose and why. Tell the operator."""

    status = 503
    headers: ClassVar[Mapping[str, str]] = {"Cache-Control": "no-store"}


class SandboxBusy(Problem):
    """A rehearsal is being played here already, one at a time. Wait for its end, or stop it."""

    status = 409


class SandboxFull(Problem):
    """This sandbox's log is as long as it may be. Ask the operator for a fresh one."""

    status = 409


class Internal(Problem):
    """Something is wrong on our side. If you were recording, ask again with the same Idempotency-Key."""

    status = 500


TRANSPORT: tuple[type[Problem], ...] = (
    KeyMissing,
    KeyUnknown,
    NotFound,
    MethodNotAllowed,
    BodyTooLarge,
    HeadTooLarge,
    RequestTooSlow,
    ContentTypeUnusable,
    ContentEncodingUnusable,
    FileTypeUnusable,
    HeaderRepeated,
    IdempotencyKeyMissing,
    IfMatchUnusable,
    BodyUnreadable,
    BodyUnusable,
    QueryUnusable,
    RangeNotSatisfiable,
    RequestUnusable,
    NotReady,
    LogRefused,
    SandboxBusy,
    SandboxFull,
    Internal,
)


def type_name(kind: type) -> str:
    """`not-your-turn` for `NotYourTurn`."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__).lstrip("-")


def sentence(kind: type) -> str:
    """The sentence that a refusal or problem says."""
    return " ".join((kind.__doc__ or "").split())


def status_of(refused: refusal.Refusal) -> int:
    """The status that goes with a refusal."""
    return STATUS.get(type(refused), RULE)


def refused(said_no: refusal.Refusal) -> Response[bytes]:
    """The answer to a refusal."""
    more: dict[str, Any] = {}
    if isinstance(said_no, trouble.VersionStale):
        more["current_version"] = said_no.actual
    if isinstance(said_no, organisation.MergedAway):
        more["kept"] = said_no.kept
    if isinstance(said_no, person.StillRestricted):
        more |= {"until": said_no.until, "basis": said_no.basis}
    if isinstance(said_no, keeping.BundleInTheMaking):
        more |= {"done": said_no.done, "of": said_no.of}
    headers = {"Retry-After": str(getattr(said_no, "retry_after", 1))} if status_of(said_no) == 503 else {}
    return respond(type_name(type(said_no)), status_of(said_no), said_no.sentence, more, headers)


def unusable(problem: Problem) -> Response[bytes]:
    """The answer to a request that can't be used."""
    more: dict[str, Any] = {} if problem.errors is None else {"errors": problem.errors}
    return respond(problem.name(), problem.status, problem.detail or sentence(type(problem)), more, problem.headers)


def respond(
    name: str, status: int, detail: str, more: Mapping[str, Any], headers: Mapping[str, str]
) -> Response[bytes]:
    """A problem as a response."""
    content = content_of(name, status, detail, more)
    return Response(content, status_code=status, media_type=MEDIA_TYPE, headers=dict(headers))


def content_of(name: str, status: int, detail: str, more: Mapping[str, Any]) -> bytes:
    """A problem as JSON (RFC 9457)."""
    title = name.replace("-", " ").capitalize()
    return msgspec.json.encode({"type": TYPES + name, "title": title, "status": status, "detail": detail, **more})
