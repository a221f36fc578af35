"""Blank forms: series of numbers recorded before the gong, so that what is typed in after it can be told apart.

People write a number as it comes: `A 17`, `a17` and `A0017` are one form.
"""

from domain.frozen import dataclass

MAX_SERIES = 20
MAX_NUMBERS = 5_000
"""Forms in one series."""
LARGEST_NUMBER = 999_999_999


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSeries:
    """The blank forms `prefix``first` to `prefix``last`, both included. The prefix doesn't end in a digit."""

    prefix: str
    first: int
    last: int

    def holds(self, form_number: str) -> bool:
        """Whether this form is one of the series, however its number is spelt."""
        prefix, number = _parts(form_number)
        return number is not None and prefix == _plain(self.prefix) and self.first <= number <= self.last

    def overlaps(self, other: "PaperSeries") -> bool:
        """Whether some form would belong to both."""
        return _plain(self.prefix) == _plain(other.prefix) and self.first <= other.last and other.first <= self.last


def plain_number(form_number: str) -> str:
    """The one spelling of a form's number, by which two forms with one number are found."""
    prefix, number = _parts(form_number)
    return prefix if number is None else f"{prefix}{number}"


def _parts(form_number: str) -> tuple[str, int | None]:
    """What stands before the last digits, and the number they make; None without digits, or with too many."""
    plain = _plain(form_number)
    prefix = plain.rstrip("0123456789")
    digits = plain[len(prefix) :].lstrip("0") or ("0" if len(prefix) < len(plain) else "")
    if not digits or len(digits) > len(str(LARGEST_NUMBER)):
        return plain, None
    return prefix, int(digits)


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
