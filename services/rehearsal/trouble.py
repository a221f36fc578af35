"""What can keep a rehearsal from being told or played. Messages are sentences for the person at the keyboard."""


class RehearsalTrouble(Exception):
    """The rehearsal can't go on."""


class ScriptUnplayable(RehearsalTrouble, ValueError):
    """What is wished for can't be played."""


class KeysMissing(RehearsalTrouble, ValueError):
    """A desk has no key."""


class StepRefused(RehearsalTrouble):
    """The service said no to a step."""

    def __init__(self, step: str, status: int, type_name: str, detail: str) -> None:
        super().__init__(f"{step} was refused ({status} {type_name}): {detail}")
        self.type_name = type_name


class ClosedEarly(RehearsalTrouble):
    """Trading ended before the story did: somebody rang the gong, or it was left for too long and closed by itself."""


class ServiceAway(RehearsalTrouble):
    """The service didn't answer for too long."""


class StoryEndedOtherwise(RehearsalTrouble):
    """The ledger doesn't say what was played; somebody else took part in this rehearsal."""
