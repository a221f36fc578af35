"""What is asked where forms are written and signed."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from domain.contract import commands as contract
from domain.contract.form import Manner, Signature
from domain.identity import NegotiationId, PersonId, StreamId
from domain.negotiation.terms import MAX_PARTIES
from services.api import text
from services.api.asked import Asked
from services.api.bodies.base import Body, noted, the_instant, the_marketplace, the_party
from services.api.bodies.table import TermsBody


class FromNegotiationBody(Body, kw_only=True, frozen=True):
    """Which negotiation is written down; `form_number` is the paper form's, if there is one."""

    negotiation: text.Id
    form_number: text.FormNumber | None = None

    def command(self, asked: Asked) -> contract.DraftFromNegotiation:  # noqa: ARG002
        """Draft the contract."""
        return contract.DraftFromNegotiation(
            negotiation=NegotiationId(StreamId(self.negotiation)), form_number=self.form_number
        )


class FromFormBody(Body, kw_only=True, frozen=True):
    """A form written straight at the table. `broker` is the pseudonym of the broker who helped."""

    marketplace: text.Id
    parties: Annotated[list[text.Id], Meta(min_length=2, max_length=MAX_PARTIES)]
    terms: TermsBody
    form_number: text.FormNumber | None = None
    broker: text.Id | None = None

    def command(self, asked: Asked) -> contract.DraftFromForm:  # noqa: ARG002
        """Draft the contract."""
        return contract.DraftFromForm(
            marketplace=the_marketplace(self.marketplace),
            parties=tuple(the_party(party) for party in self.parties),
            terms=self.terms.terms(),
            form_number=self.form_number,
            broker=None if self.broker is None else PersonId(self.broker),
        )


class CorrectFormBody(Body, kw_only=True, frozen=True):
    """What shall stand on the form."""

    terms: TermsBody

    def command(self, asked: Asked) -> contract.CorrectForm:  # noqa: ARG002
        """Correct the form."""
        return contract.CorrectForm(terms=self.terms.terms())


class SignBody(Body, kw_only=True, frozen=True):
    """A party's signature under the terms with `terms_hash` (SHA-256, lower-case hex).

    `person` signed (a representative signs in person), `witness` saw it on paper. `publicity` is the party's
    consent to be named in public.
    """

    party: text.Id
    person: text.Id | None = None
    manner: Manner
    witness: text.Id | None = None
    terms_hash: Annotated[str, Meta(pattern=text.DIGEST)]
    publicity: bool

    def command(self, asked: Asked) -> contract.Sign:  # noqa: ARG002
        """Sign."""
        return contract.Sign(signature=self.signature())

    def signature(self) -> Signature:
        """The signature."""
        return Signature(
            party=the_party(self.party),
            person=None if self.person is None else PersonId(self.person),
            manner=self.manner,
            witness=None if self.witness is None else PersonId(self.witness),
            terms_hash=self.terms_hash,
            publicity=self.publicity,
        )


class PaperSignatureBody(Body, kw_only=True, frozen=True):
    """A signature on the paper: by whom (null: unreadable), and who saw it (null: the clerk who types it in)."""

    party: text.Id
    person: text.Id | None = None
    witness: text.Id | None = None
    publicity: bool

    def signature(self, clerk: PersonId) -> contract.PaperSignature:
        """The signature as the clerk reads it."""
        return contract.PaperSignature(
            party=the_party(self.party),
            person=None if self.person is None else PersonId(self.person),
            witness=clerk if self.witness is None else PersonId(self.witness),
            publicity=self.publicity,
        )


class FromPaperBody(Body, kw_only=True, frozen=True):
    """A form that was filled by hand at `occurred_at`. After the gong its number must be of a recorded series."""

    marketplace: text.Id
    parties: Annotated[list[text.Id], Meta(min_length=2, max_length=MAX_PARTIES)]
    terms: TermsBody
    form_number: text.FormNumber
    broker: text.Id | None = None
    occurred_at: Annotated[datetime, Meta(tz=True, description="RFC 3339, with its offset from UTC.")]
    signatures: Annotated[list[PaperSignatureBody], Meta(max_length=MAX_PARTIES)] = []  # noqa: RUF012 - msgspec copies an empty default

    def command(self, asked: Asked) -> contract.CapturePaper:
        """Type in a form from paper."""
        return contract.CapturePaper(
            marketplace=the_marketplace(self.marketplace),
            parties=tuple(the_party(party) for party in self.parties),
            terms=self.terms.terms(),
            form_number=self.form_number,
            broker=None if self.broker is None else PersonId(self.broker),
            occurred_at=the_instant("/occurred_at", self.occurred_at),
            signatures=tuple(signature.signature(asked.member) for signature in self.signatures),
            at=asked.at,
        )


class RepudiateBody(Body, kw_only=True, frozen=True):
    """Whose signature was made without mandate. `note` is kept in the vault."""

    party: text.Id
    note: text.Note | None = None

    def command(self, asked: Asked) -> contract.RepudiateSignature:
        """Repudiate the signature."""
        return contract.RepudiateSignature(party=the_party(self.party), note=noted(self.note, asked))


class ApproveBody(Body, kw_only=True, frozen=True):
    """Whose signature shall stand after all."""

    party: text.Id

    def command(self, asked: Asked) -> contract.ApproveSignature:  # noqa: ARG002
        """Approve the signature."""
        return contract.ApproveSignature(party=the_party(self.party))
