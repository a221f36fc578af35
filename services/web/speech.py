"""Speaking a language: words, numbers, money, days and times, and figures as people announce them."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_datetime, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from markupsafe import Markup, escape

from domain.frozen import dataclass
from domain.instant import Instant, moment
from domain.results.figures import Figure, Figures, Qualifier, Strength, Subject
from services.web.words import LANGUAGES, WORDS
from services.web.words.season_2006 import NOUNS_EN, ONE_DE, TEXTS_DE

_LOCALES = {"de": "de_DE", "en": "en_GB"}
_DEFAULT_ZONE = "Europe/Berlin"


def negotiated(asked: str | None, accept: str | None) -> str:
    """The language to speak: what `?lang=` asks for, else the best of `Accept-Language`, else German."""
    if asked in LANGUAGES:
        return str(asked)
    weighed: list[tuple[float, str]] = []
    for part in (accept or "").split(","):
        name, _, quality = part.strip().partition(";")
        primary = name.strip().lower().split("-")[0]
        if primary in LANGUAGES:
            weighed.append((_weight(quality), primary))
    best = max(weighed, key=lambda one: one[0], default=(0.0, LANGUAGES[0]))
    return best[1] if best[0] > 0 else LANGUAGES[0]


def _weight(quality: str) -> float:
    name, _, value = quality.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


@dataclass(frozen=True, slots=True)
class Speech:
    """One language. Given text of unknown language is never changed, only escaped."""

    lang: str

    @property
    def other(self) -> str:
        """The language to switch to."""
        return LANGUAGES[1 - LANGUAGES.index(self.lang)]

    @property
    def point(self) -> str:
        """The decimal point."""
        return {"de": ",", "en": "."}[self.lang]

    def word(self, key: str, **slots: object) -> str:
        """The words under `key`, their slots filled; a key that isn't there is a mistake of ours: KeyError."""
        words = WORDS[self.lang][key]
        return words.format_map(slots) if slots else words

    def count(self, key: str, count: int) -> str:
        """The words under `key` for `count` things: `….none` and `….one` have words of their own, if there are any."""
        special = {0: f"{key}.none", 1: f"{key}.one"}.get(count, "")
        if special in WORDS[self.lang]:
            return self.word(special)
        return self.word(key, count=self.number(count))

    def spelled(self, count: int) -> str:
        """A small count in letters, as a sentence begins: `Sechs`."""
        names = self.word("number.names").split()
        return names[count - 2].capitalize() if 2 <= count < len(names) + 2 else self.number(count)

    def number(self, number: int) -> str:
        """`12.500` or `12,500`."""
        return str(format_decimal(number, locale=_LOCALES[self.lang]))

    def hours(self, minutes: int) -> str:
        """`1.000`, `1,5` or `1,25`; what two decimals don't tell exactly is told as on a clock, `1:07`."""
        hours, rest = divmod(minutes, 60)
        if rest % 3:
            return f"{self.number(hours)}:{rest:02}"
        return self.number(hours) + (f"{self.point}{rest * 100 // 60:02}".rstrip("0") if rest else "")

    def money(self, minor: int, currency: str = "EUR") -> str:
        """`12.500 €` or `€12,500`; cents only where there are any."""
        pattern = {"de": "#,##0{} ¤", "en": "¤#,##0{}"}[self.lang].format(".00" if minor % 100 else "")
        whole = minor // 100 if minor % 100 == 0 else minor / 100
        return str(format_currency(whole, currency, pattern, _LOCALES[self.lang], currency_digits=False))

    def day(self, day: date | None) -> str:
        """`18. September 2006`, or that the date isn't known."""
        return str(format_date(day, "long", _LOCALES[self.lang])) if day else self.word("date.unknown")

    def short_day(self, at: str, zone: str) -> str:
        """The local day of an instant: `18. Sept. 2006`."""
        return self.short_date(moment(Instant(at)).astimezone(zone_of(zone)).date())

    def short_date(self, day: date | None) -> str:
        """The same of a day; nothing of one that isn't known."""
        pattern = {"de": "d. MMM y", "en": "d MMM y"}[self.lang]
        return str(format_date(day, pattern, _LOCALES[self.lang])) if day else ""

    def clock(self, at: str, zone: str, *, seconds: bool = False) -> str:
        """The local time of an instant: `18:04 Uhr`."""
        pattern = "HH:mm:ss" if seconds else "HH:mm"
        time = format_datetime(moment(Instant(at)), pattern, zone_of(zone), _LOCALES[self.lang])
        return self.word("clock", time=time)

    def zone(self, at: str, zone: str) -> str:
        """The zone's short name at an instant: `MESZ`."""
        local = moment(Instant(at)).astimezone(zone_of(zone))
        return str(get_timezone_name(local, "short", locale=_LOCALES[self.lang]))

    def listed(self, things: Sequence[str]) -> str:
        """`a, b und c`."""
        return str(format_list(list(things), locale=_LOCALES[self.lang])) if things else ""

    def noun(self, noun: str | None, count: int | None = None) -> Markup:
        """A host's own word for its contracts; in English translated where we can, else marked as German."""
        noun = noun or "Vereinbarungen"
        if self.lang == "de":
            return escape(ONE_DE.get(noun, noun) if count == 1 else noun)
        if noun in NOUNS_EN:
            return escape(NOUNS_EN[noun].removesuffix("s") if count == 1 else NOUNS_EN[noun])
        return Markup('<span lang="de">{}</span>').format(noun)

    def given(self, text: str) -> Markup:
        """A given note or source: translated where we know it, else as it stands."""
        if self.lang == "de" and text in TEXTS_DE:
            return escape(TEXTS_DE[text])
        if self.lang == "de" or text not in TEXTS_DE:
            return escape(text)
        return escape(text[:1].upper() + text[1:])

    def qualified(self, number: str, qualifier: Qualifier) -> str:
        """`knapp 200.000`."""
        return self.word(f"qualifier.{qualifier.value}", number=number)

    def agreements(self, figure: Figure, noun: str | None = None) -> Markup:
        """`über 120 Projekte`; what was only initiated says so."""
        if figure.value is None:
            return escape(self.word("figure.agreements.unknown"))
        number = self.qualified(self.number(figure.value), figure.qualifier)
        said = Markup("{} {}").format(number, self.noun(figure.noun or noun, figure.value))
        if figure.strength is Strength.INITIATED:
            return escape(self.word("figure.initiated")).format(figure=said)
        return said

    def value(self, figure: Figure) -> str:
        """`knapp 200.000 Euro`, or that no value is stated."""
        if figure.value is None:
            return self.word("figure.value.unknown")
        return self.euro(figure.value, figure.qualifier)

    def euro(self, whole: int, qualifier: Qualifier) -> str:
        """Whole euro, as they are spoken, with their qualifier."""
        return self.qualified(self.word("euro", number=self.number(whole)), qualifier)

    def announced(self, figures: Figures, noun: str | None = None) -> Markup:
        """The sentence that people announce: `97 Kontrakte, knapp 200.000 Euro`."""
        return Markup("{}, {}").format(self.agreements(figures.agreements, noun), self.value(figures.value))

    def people(self, figure: Figure, side: str) -> str:
        """Who came (`business`, `nonprofit` or `participants`), people never mistaken for organisations."""
        if figure.value is None:
            unknown = self.word("unknown")
            if figure.derived is None:
                return unknown
            return self.word("figure.derived", unknown=unknown, derived=self.given(figure.derived))
        number = self.qualified(self.number(figure.value), figure.qualifier)
        return self.word(f"figure.{side}.{(figure.subject or Subject.AMBIGUOUS).value}", number=number)


def zone_of(name: str) -> ZoneInfo:
    """An edition's zone; where the name means nothing, the one in which most marketplaces are held."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(_DEFAULT_ZONE)


SPEECHES = {lang: Speech(lang) for lang in LANGUAGES}
"""Both languages."""
