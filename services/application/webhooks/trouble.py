"""Why something can't be done with a webhook. As with refusals, the docstring is what the person reads."""

from domain.refusal import Refusal


class TooManyWebhooks(Refusal):
    """This host has 20 webhooks already. Remove one that nobody needs any more, then make this one."""


class TooManySecrets(Refusal):
    """Four secrets sign for this webhook already. Wait until the time of one is over, then replace the secret."""


class TooMuchWaiting(Refusal):
    """Twenty tests and redeliveries wait for this webhook already. Wait until some are done, or give them up."""


class RangeUnclear(Refusal):
    """A redelivery goes from a first to a last position, and over 100,000 of them at the most."""


class AttemptWasATest(Refusal):
    """That attempt was a test: it stands for no record. Ask for another test instead."""


class BeyondYourKey(Refusal):
    """Your key doesn't reach so far. Choose a smaller audience, or ask the host for a key that sees more."""
