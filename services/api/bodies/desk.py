"""What is asked at the desks: forms, signatures, the notary."""

from typing import Annotated

from msgspec import Meta

from domain.contract import commands as contract
from domain.contract.form import Manner, ReturnReason, Signature
from domain.identity import NegotiationId, PersonId, StreamId
from domain.negotiation.terms import MAX_PARTIES
from services.api import text
from services.api.asked import Asked
from services.api.bodies.base import Body, Nothing, the_marketplace, the_party
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
    terms_hash: Annotated[str, Meta(pattern="^[0-9a-f]{64}" + text.END)]
    publicity: bool

    def command(self, asked: Asked) -> contract.Sign:  # noqa: ARG002
        """Sign."""
        return contract.Sign(
            signature=Signature(
                party=the_party(self.party),
                person=None if self.person is None else PersonId(self.person),
                manner=self.manner,
                witness=None if self.witness is None else PersonId(self.witness),
                terms_hash=self.terms_hash,
                publicity=self.publicity,
            )
        )


class SubmitBody(Nothing, kw_only=True, frozen=True):
    """The signed form."""

    def command(self, asked: Asked) -> contract.SubmitToNotary:  # noqa: ARG002
        """Hand it in."""
        return contract.SubmitToNotary()


class ReturnBody(Body, kw_only=True, frozen=True):
    """Why the form comes back."""

    reasons: Annotated[list[ReturnReason], Meta(min_length=1, max_length=len(ReturnReason))]

    def command(self, asked: Asked) -> contract.ReturnForCorrection:  # noqa: ARG002
        """Return it."""
        return contract.ReturnForCorrection(reasons=tuple(self.reasons))


class CertifyBody(Nothing, kw_only=True, frozen=True):
    """The notary who asks certifies."""

    def command(self, asked: Asked) -> contract.Certify:
        """Certify."""
        return contract.Certify(notary=asked.member)
