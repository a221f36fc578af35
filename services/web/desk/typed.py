"""What somebody typed into a form: texts by field, read strictly, with a fault at each field that can't be read."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from urllib.parse import parse_qsl

MOST_FIELDS = 400
"""Fields of a form; the longest of ours, five parties with twenty pledges, has fewer."""

TOKEN, KEY, VERSION = "token", "key", "version"
"""The fields that people don't see: who vouches for the form, its idempotency key, the version that was seen."""

_WHOLE = re.compile(r"[0-9]{1,16}")
_MONEY = re.compile(r"(?P<whole>[0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]{1,9})(?:,(?P<cents>[0-9]{1,2}))?")
_MONEY_POINT = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.(?P<cents>[0-9]{1,2}))?")
_CLOCK = re.compile(r"(?P<hour>[01]?[0-9]|2[0-3])[:.](?P<minute>[0-5][0-9])(?: Uhr)?")
_EITHER = re.compile(r"(?P<whole>[0-9]{1,9})[.,](?P<cents>[0-9]{1,2})")
_HOURS = re.compile(r"(?P<whole>[0-9]{1,5})(?:[.,](?P<part>[0-9]{1,2})|:(?P<minutes>[0-5][0-9]))?")


class Unreadable(Exception):
    """What was sent is no form of ours."""


@dataclass
class Typed:
    """A form as it was sent, or as it is first shown. `faults` holds, by field, the key of what is wrong there."""

    values: Mapping[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    @classmethod
    def sent(cls, content_type: str, body: bytes) -> "Typed":
        """The form in a request's body; raises `Unreadable`. Texts are in Unicode NFC, without spaces around them."""
        if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
            raise Unreadable
        try:
            pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
        except ValueError as error:
            raise Unreadable from error
        values: dict[str, str] = {}
        for name, value in pairs:
            if name in values:
                raise Unreadable
            values[name] = unicodedata.normalize("NFC", value.strip())
        return cls(values)

    def get(self, name: str) -> str:
        """The text in a field; nothing when it isn't there."""
        return self.values.get(name, "")

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.get(name))

    def beginning(self, prefix: str) -> Iterator[str]:
        """What follows `prefix` in the names of fields that begin so."""
        return (name.removeprefix(prefix) for name in self.values if name.startswith(prefix))

    def needed(self, name: str) -> str:
        """A text that can't be left out."""
        if not self.get(name):
            self.fault(name, "missing")
        return self.get(name)

    def whole(self, name: str, *, least: int = 1, most: int = 1_000_000) -> int | None:
        """A whole number, or None where nothing stands; out of reach or not a number is a fault."""
        told = self.get(name).replace(" ", "")
        if not told:
            return None
        if not _WHOLE.fullmatch(told) or not least <= int(told) <= most:
            self.fault(name, "whole")
            return None
        return int(told)

    def day(self, name: str) -> date | None:
        """A day, or None where none stands."""
        told = self.get(name)
        if not told:
            return None
        german = re.fullmatch(r"([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})", told)
        try:
            return date(*(int(part) for part in reversed(german.groups()))) if german else date.fromisoformat(told)
        except ValueError:
            self.fault(name, "day")
            return None

    def clock(self, name: str) -> time | None:
        """A time of the day, or None where none stands: `18:35`, `18.35` or `18:35 Uhr`."""
        told = self.get(name)
        if not told:
            return None
        found = _CLOCK.fullmatch(told)
        if found is None:
            self.fault(name, "time")
            return None
        return time(int(found["hour"]), int(found["minute"]))

    def cents(self, name: str, lang: str) -> int | None:
        """An amount of euro in cents, or None where nothing stands: `1.250,50` in German, `1,250.50` in English.

        `12.50` and `12,50` are twelve euro and fifty cents in both; between thousands nothing is guessed.
        """
        told = self.get(name).removesuffix("€").removeprefix("€").strip()
        if not told:
            return None
        found = (_MONEY if lang == "de" else _MONEY_POINT).fullmatch(told) or _EITHER.fullmatch(told)
        if found is None:
            self.fault(name, "money")
            return None
        return 100 * int(re.sub(r"\D", "", found["whole"])) + int((found["cents"] or "0").ljust(2, "0"))

    def minutes(self, name: str) -> int | None:
        """A length of time in minutes, or None where nothing stands: `2`, `1,5` or `1:30` hours, to the nearest."""
        told = self.get(name)
        if not told:
            return None
        found = _HOURS.fullmatch(told)
        minutes = 0
        if found is not None:
            hundredths = int((found["part"] or "0").ljust(2, "0"))
            minutes = 60 * int(found["whole"]) + (hundredths * 60 + 50) // 100 + int(found["minutes"] or 0)
        if not minutes:
            self.fault(name, "hours")
            return None
        return minutes

    @property
    def first_fault(self) -> str | None:
        """The first field with a fault, in the order of the page."""
        return next((name for name in self.values if name in self.faults), next(iter(self.faults), None))

    def fault(self, name: str, what: str) -> None:
        """Mark a field; the first mark stays."""
        self.faults.setdefault(name, what)
