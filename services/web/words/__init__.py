"""Every word that a page says, by key, in German and in English. One key for each record type (`step.…`)."""

from collections.abc import Mapping
from types import MappingProxyType

from services.web.words import after_de, after_en, de, desk_de, desk_en, en, replay_de, replay_en, steps_de, steps_en

LANGUAGES = ("de", "en")
"""German first: it is what a page speaks when nobody asks for another language."""

WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "de": MappingProxyType(de.WORDS | steps_de.WORDS | after_de.WORDS | desk_de.WORDS | replay_de.WORDS),
        "en": MappingProxyType(en.WORDS | steps_en.WORDS | after_en.WORDS | desk_en.WORDS | replay_en.WORDS),
    }
)
