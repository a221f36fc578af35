"""For people who fill in forms: the sentences of those refusals whose own words mean programs and their headers."""

SENTENCES = {
    "key-in-flight": "This is just being recorded. Send it again in a moment: it is never done twice.",
    "key-reused": "This form was sent before, with other content. The first one is recorded. If this one shall hold "
    "too, "
    "send it once more now.",
    "log-out-of-reach": "The records can't be reached just now. Send it again in a moment: it is never done twice.",
    "too-busy": "Too many want this at once. Nothing was recorded. Send it again in a moment.",
    "version-missing": "It isn't said what you saw. Nothing was recorded. Open the page anew.",
    "version-stale": "It has changed since you looked. Nothing was recorded. Look at it again, then decide.",
}
