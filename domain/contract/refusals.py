"""Why a request about a form is turned down."""

from domain.refusal import Refusal


class AlreadyDrafted(Refusal):
    """This form is written already: one negotiation gives one contract. Correct the form, or write another one."""


class NotAgreedYet(Refusal):
    """The parties haven't agreed yet. Every one of them accepts the terms first."""


class FormIsAtTheNotary(Refusal):
    """The form lies with the notary. It can change only if it is returned."""


class FormIsCertified(Refusal):
    """This contract is certified. What is certified changes only by an amendment."""


class NotAPartyToTheForm(Refusal):
    """This organisation is no party to the form. Only the parties sign: choose one of them."""


class SignedAlready(Refusal):
    """This party has signed these terms already. Nothing more to do for it."""


class OtherTerms(Refusal):
    """The form says something else by now. Read it again and sign what stands there."""


class WitnessMissing(Refusal):
    """A signature on paper names who saw it. Say who stood by."""


class SignerMissing(Refusal):
    """A signature by badge and PIN names who signed. Say whose badge it was."""


class SignaturesMissing(Refusal):
    """Not every party has signed yet. Collect the missing signatures first."""


class TooLate(Refusal):
    """The gong has rung. Only forms handed in before it are certified. Bring this one to the next marketplace."""


class NotAtTheNotary(Refusal):
    """This form isn't in the notary's queue. Hand it in first, signed by every party."""


class NoReasonGiven(Refusal):
    """A form is returned with at least one reason, each named once. Say what has to be corrected."""


class NotaryRepresentsAParty(Refusal):
    """A notary never certifies a contract of an organisation that the notary represents. Ask another notary."""
