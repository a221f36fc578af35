"""What text, numbers and ids may be on the wire; OpenAPI says the same, since both come from here."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from domain.money import MAX_MINOR
from domain.words import MAX_NOTE

END = r"$(?![\s\S])"
"""The end of the text in every dialect: in Python's `$` alone lets a newline follow."""

UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}" + END
_LINE = r"^[^\u0000-\u0020\u007f](?:[^\u0000-\u001f\u007f]*[^\u0000-\u0020\u007f])?" + END
"""One line without control characters; it neither begins nor ends with a space."""

SLUG = "^[a-z0-9]+(-[a-z0-9]+)*" + END
FORM_NUMBER = "^[A-Za-z0-9][A-Za-z0-9./-]{0,29}" + END
PREFIX = "^(|[A-Za-z0-9./-]{0,18}[A-Za-z./-])" + END
BADGE = "^[0-9A-Za-z][0-9A-Za-z-]{3,14}" + END
CURRENCY = "^[A-Z]{3}" + END
DIGEST = "^[0-9a-f]{64}" + END
REMARK = r"^[^\u0000-\u001f\u007f]*" + END

WORDS: Mapping[str, str] = {
    UUID: "It is a UUID in lower case.",
    _LINE: "It is one line of text, without control characters and without a space before or behind it.",
    SLUG: "It is lower-case letters and digits, with single dashes between them.",
    FORM_NUMBER: "It is 1 to 30 letters, digits, dots, slashes and dashes, a letter or digit first.",
    PREFIX: "It is up to 19 letters, digits, dots, slashes and dashes, no digit last.",
    BADGE: "It is 4 to 15 letters, digits and dashes, a letter or digit first.",
    CURRENCY: "It is three capital letters, like EUR.",
    DIGEST: "It is 64 hexadecimal digits in lower case.",
    REMARK: "It is text without line breaks and other control characters.",
}
"""What each pattern means, for whoever sent text that doesn't fit it."""

Id = Annotated[str, Meta(pattern=UUID, description="A UUID in lower case.")]
Slug = Annotated[str, Meta(pattern=SLUG, max_length=40, description="A lasting short name.")]
Title = Annotated[str, Meta(pattern=_LINE, max_length=200, description="One line of text. Don't put a person into it.")]
Name = Annotated[str, Meta(pattern=_LINE, max_length=200)]
Unit = Annotated[str, Meta(pattern=_LINE, max_length=40, description="What is counted: hours, pieces, evenings.")]
FormNumber = Annotated[str, Meta(pattern=FORM_NUMBER)]
Prefix = Annotated[str, Meta(pattern=PREFIX, description="What stands before a form's number.")]
BadgeCode = Annotated[
    str,
    Meta(
        pattern=BADGE,
        description="Digits and letters; I, L and O are read as 1, 1, 0.",
    ),
]
Note = Annotated[str, Meta(pattern=_LINE, max_length=MAX_NOTE)]
Contact = Annotated[str, Meta(pattern=_LINE, max_length=200, description="A telephone number or e-mail address.")]
ZoneName = Annotated[str, Meta(max_length=64, description="An IANA time zone: Europe/Berlin.")]
Quantity = Annotated[int, Meta(ge=1, le=1_000_000)]
Minor = Annotated[int, Meta(ge=0, le=MAX_MINOR, description="Minor units: cents.")]
HourlyRate = Annotated[int, Meta(ge=0, le=100_000, description="Cents an hour.")]
Minutes = Annotated[int, Meta(ge=1, le=10_000_000)]
TradingMinutes = Annotated[int, Meta(ge=1, le=1440)]
GraceMinutes = Annotated[int, Meta(ge=0, le=240)]
Days = Annotated[int, Meta(ge=1, le=365)]
Year = Annotated[int, Meta(ge=1990, le=2200)]
Amount = Annotated[int, Meta(ge=0, le=10**12)]
Position = Annotated[int, Meta(ge=1, le=2**53 - 1, description="A position in the log, as receipts tell it.")]
Currency = Annotated[str, Meta(pattern=CURRENCY, description="ISO 4217: EUR.")]
