"""English words for an edition replayed."""

WORDS = {
    "replay.link": "Replay: how did it stand when?",
    "replay.title": "Replayed",
    "replay.about": "Board and ledger as they stood at a moment, from the records up to then alone.",
    "replay.time": "Local time ({zone})",
    "replay.go": "Go there",
    "replay.then": "On {day} at {time}",
    "replay.steps": "Step by step",
    "replay.earlier": "One step back",
    "replay.later": "One step on",
    "replay.now": "As it stands today",
    "replay.position": "As of record {position}.",
    "replay.signed": "It stands under the signature over {size} records:",
    "replay.checkpoint": "checkpoint",
    "replay.unsigned": "It isn't signed yet; as a rule that takes less than a second.",
}
"""Words by key."""
