"""What is asked at the notary's desk."""

from typing import Annotated

from msgspec import Meta

from domain.contract import commands as contract
from domain.contract.form import ReturnReason
from domain.contract.reasons import AnnulmentReason, RevocationReason
from services.api import text
from services.api.asked import Asked
from services.api.bodies.base import Body, Nothing, noted


class SubmitBody(Nothing, kw_only=True, frozen=True):
    """The signed form."""

    def command(self, asked: Asked) -> contract.SubmitToNotary:  # noqa: ARG002
        """Hand it in."""
        return contract.SubmitToNotary()


class ReturnBody(Body, kw_only=True, frozen=True):
    """Why the form comes back. `note` is kept in the vault, not in the records."""

    reasons: Annotated[list[ReturnReason], Meta(min_length=1, max_length=len(ReturnReason))]
    note: text.Note | None = None

    def command(self, asked: Asked) -> contract.ReturnForCorrection:
        """Return it."""
        return contract.ReturnForCorrection(reasons=tuple(self.reasons), note=noted(self.note, asked))


class CertifyBody(Body, kw_only=True, frozen=True):
    """The notary who asks certifies. `checked` names every item of the host's checklist, if it has one."""

    checked: Annotated[list[text.Slug], Meta(max_length=40)] = []  # noqa: RUF012 - msgspec copies an empty default

    def command(self, asked: Asked) -> contract.Certify:
        """Certify."""
        return contract.Certify(notary=asked.member, checked=tuple(self.checked))


class RevokeBody(Body, kw_only=True, frozen=True):
    """Why the certification was a mistake. `note` is kept in the vault, not in the records."""

    reason: RevocationReason
    note: text.Note | None = None

    def command(self, asked: Asked) -> contract.RevokeCertification:
        """Revoke the certification."""
        return contract.RevokeCertification(notary=asked.member, reason=self.reason, note=noted(self.note, asked))


class AnnulBody(Body, kw_only=True, frozen=True):
    """Why the contract no longer holds, or the form is given up. `note` is kept in the vault."""

    reason: AnnulmentReason
    note: text.Note | None = None

    def command(self, asked: Asked) -> contract.Annul:
        """Annul the contract."""
        return contract.Annul(reason=self.reason, note=noted(self.note, asked))
