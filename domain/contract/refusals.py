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


class WitnessIsSigner(Refusal):
    """Nobody witnesses their own signature. Say who else stood by."""


class FormNumberUnknown(Refusal):
    """After the gong only forms count whose number was recorded before it. This number belongs to no such series."""


class OutsideTrading(Refusal):
    """A form is filled between the two gongs, and before it is typed in. Correct the time."""


class NotCertified(Refusal):
    """This contract isn't certified, or no longer is. Only what is under the seal can be followed up or amended."""


class ContractIsOver(Refusal):
    """This contract was revoked, annulled or given up. Write another one."""


class ChecklistIncomplete(Refusal):
    """The host's checklist has items that weren't confirmed. Check each, or return the form with the reason."""


class NotOnTheChecklist(Refusal):
    """The host's checklist has no such item. Read the checklist again."""


class SignedWithMandate(Refusal):
    """Whoever signed had the organisation's mandate: the signature holds. Amend or annul the contract instead."""


class NotSignedYet(Refusal):
    """This party hasn't signed, or its signature is repudiated already. There is nothing to repudiate."""


class NotRepudiated(Refusal):
    """This party's signature was never repudiated. Nothing more to do."""


class SignatureInDoubt(Refusal):
    """A signature on this contract was repudiated. The organisation approves it first, or the contract is annulled."""


class PledgeUnknown(Refusal):
    """The terms have no such pledge. Count their pledges from 0 on."""


class ValuedAlready(Refusal):
    """This pledge has a value already. Correct it, with a reason."""


class NotValuedYet(Refusal):
    """This pledge has no value to be corrected. Estimate it first."""


class SameValue(Refusal):
    """That is the value already. Nothing more to do."""


class AmendmentOpen(Refusal):
    """An amendment is proposed already. Sign it, or withdraw it first."""


class NoAmendment(Refusal):
    """No amendment is proposed. Propose one first."""


class NothingAmended(Refusal):
    """These are the terms that hold already. Propose others."""


class TouchesWhatHappened(Refusal):
    """A pledge of which something is recorded stays as it is, in its place. Amend the others, or add new ones."""


class NothingTold(Refusal):
    """Nothing is said of this pledge. Say that it is running, how much came, or why it won't come."""


class ToldTwice(Refusal):
    """A pledge is told of more than once. Say one thing of each."""


class NotReachedSaysNothing(Refusal):
    """Who wasn't reached says nothing of the pledges. Leave them out, or record that the party was reached."""


class MoreThanPledged(Refusal):
    """More would be delivered than was pledged. Correct the quantity, or amend the contract."""


class DeliveredAlready(Refusal):
    """This pledge was delivered wholly. Nothing more to record; dispute it if that isn't so."""


class NothingToConfirm(Refusal):
    """Nothing is recorded of this pledge that could be confirmed. Record the delivery first."""


class ConfirmedAlready(Refusal):
    """This party has confirmed it already. Nothing more to do."""


class NotOfThisPledge(Refusal):
    """Giver and receiver of a pledge confirm it, nobody else. Choose one of the two."""


class DisputedAlready(Refusal):
    """A dispute is open on this contract already. Settle it first."""


class NotDisputed(Refusal):
    """No dispute is open on this contract. Nothing more to do."""


class ContactMadeAlready(Refusal):
    """The first contact is recorded already. Nothing more to do."""


class NobodyToAsk(Refusal):
    """A reminder goes to at least one party, and to each once. Say whom to ask."""
