"""What a rehearsal is to be: who asks for how much of it."""

from datetime import date
from hashlib import sha256
from math import ceil

from domain.frozen import dataclass
from services.rehearsal.trouble import ScriptUnplayable

MAX_CONTRACTS = 400
MAX_SIDE = 300
"""Organisations of one side; the largest known marketplace had 250 in all."""
MAX_CONTRACT_MINOR = 5_000_000
"""A contract is worth 50,000 EUR at most, on average."""
STORY = 2
"""Raised whenever the same script would tell another story: an edition begun by an older one isn't mixed up."""

PROBE = "Probe: "
"""How the title of every rehearsal begins."""


AREAS = (
    ("helping-hands", "Tatkraft"),
    ("know-how", "Wissen"),
    ("goods", "Sachmittel"),
    ("rooms", "Räume und Technik"),
    ("networks", "Netzwerke"),
)
"""The trading areas of a rehearsal, by lasting name and label; what is given is sorted into them in this order."""
ADDED_AREA = ("transport", "Fahrten und Transporte")
"""Comes last in that order: the host adds it when registration is open."""
UNUSED_AREA = ("catering", "Verpflegung")
"""Nothing is ever put into it, and the host retires it."""

EXTENSION = 10
"""Minutes by which trading of an hour or more is extended."""
LONGEST = 1440
"""Minutes of the longest trading, a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A rehearsal at `host` (a tenant): the counted value of all contracts lies between two amounts in cents.

    Of `companies` and `nonprofits` a few don't come. `speed` is how many minutes of trading pass in a minute;
    0 plays as fast as the machine goes. The same script tells the same story at every host, day and speed.
    """

    host: str
    companies: int
    nonprofits: int
    contracts: int
    least_minor: int
    most_minor: int
    trading_minutes: int = 120
    speed: float = 0.0
    seed: int = 1
    title: str = ""
    season: int
    date: date
    noun: str = "Vereinbarungen"
    time_zone: str = "Europe/Berlin"
    venue: str | None = None
    hourly_rate_minor: int = 1500
    areas: tuple[tuple[str, str], ...] = AREAS

    def __post_init__(self) -> None:
        """Refuse at once what can't be played; raises `ScriptUnplayable`."""
        _within("The number of contracts", self.contracts, 1, MAX_CONTRACTS)
        _within("The number of companies", self.companies, 1, MAX_SIDE)
        _within("The number of non-profits", self.nonprofits, 1, MAX_SIDE)
        _within("The trading time in minutes", self.trading_minutes, 1, LONGEST)
        _within("The hourly rate in cents", self.hourly_rate_minor, 500, 10_000)
        _within("The season", self.season, 1990, 2200)
        if not (self.speed == 0 or 1 <= self.speed <= 100_000):
            raise ScriptUnplayable("The speed is 1 (as people trade) to 100000, or 0 for as fast as the machine goes.")
        self._must_add_up()

    def _must_add_up(self) -> None:
        if not 0 <= self.least_minor <= self.most_minor:
            raise ScriptUnplayable("The total value goes from an amount to the same or a larger one.")
        least, most = self.contracts * self.hourly_rate_minor, self.contracts * MAX_CONTRACT_MINOR
        if self.most_minor < least or self.least_minor > most:
            raise ScriptUnplayable(
                f"{self.contracts} contracts are worth {_euro(least)} to {_euro(most)} EUR in all: an hour's work at "
                f"{_euro(self.hourly_rate_minor)} EUR is the least that one gives. Choose a total value in between."
            )

    @property
    def edition_title(self) -> str:
        """The edition's title, which says that it is a rehearsal."""
        return self.title if self.title.startswith(PROBE) else PROBE + (self.title or f"Marktplatz, Spiel {self.seed}")

    @property
    def clock_minutes(self) -> int:
        """Minutes that the clock in the hall shows at the gong: trading time as it passes at this speed."""
        return max(1, ceil(self.trading_minutes / self.speed)) if self.speed else self.trading_minutes

    @property
    def traded_areas(self) -> tuple[tuple[str, str], ...]:
        """All areas that something is put into."""
        return (*self.areas, ADDED_AREA)

    @property
    def extension(self) -> int:
        """Minutes by which trading is extended; a short one isn't, nor one that takes the whole day."""
        return EXTENSION if 60 <= self.trading_minutes <= LONGEST - EXTENSION else 0

    @property
    def extended_minutes(self) -> int:
        """Minutes on the clock in the hall from the opening gong to the extended end: more than before at any speed."""
        passing = self.trading_minutes + self.extension
        return max(self.clock_minutes + 1, ceil(passing / self.speed)) if self.speed else passing

    @property
    def gong(self) -> float:
        """The closing gong, in seconds after the opening gong."""
        return (self.trading_minutes + self.extension) * 60.0

    @property
    def run(self) -> str:
        """The name of this rehearsal in idempotency keys: the same arguments go on with the same edition."""
        told = (
            *(STORY, self.companies, self.nonprofits, self.contracts, self.least_minor, self.most_minor),
            *(self.trading_minutes, self.clock_minutes, self.seed, self.edition_title, self.season, self.noun),
            *(self.time_zone, self.venue, self.hourly_rate_minor, self.areas),
        )
        return sha256(repr(told).encode()).hexdigest()[:24]


def _within(what: str, told: int, least: int, most: int) -> None:
    if not least <= told <= most:
        raise ScriptUnplayable(f"{what} is {told}; it has to be from {least} to {most}.")


def _euro(minor: int) -> str:
    return f"{minor / 100:,.2f}"
