"""What is given at a marketplace: things that could stand on any form, none of them money, none naming a person."""

from domain.frozen import dataclass
from domain.money import Basis
from domain.negotiation.terms import PledgeKind


@dataclass(frozen=True, slots=True)
class Article:
    """Something that can be pledged: its place among the areas, how it is counted and estimated."""

    area: int
    title: str
    kind: PledgeKind
    unit: str
    basis: Basis


def _hours(area: int, *titles: str) -> tuple[Article, ...]:
    return tuple(Article(area, title, PledgeKind.SERVICE, "Stunden", Basis.HOURLY_RATE) for title in titles)


COMPANY_HOURS = (
    *_hours(0, "Malern im Gruppenraum", "Beete anlegen im Hof", "Zaun setzen am Bolzplatz", "Möbel aufbauen"),
    *_hours(0, "Spielgeräte abschleifen", "Umzug des Lagers", "Hilfe beim Sommerfest", "Fahrräder reparieren"),
    *_hours(1, "Beratung zum Internetauftritt", "Bewerbungstraining", "Hilfe bei der Buchhaltung", "Logo entwerfen"),
    *_hours(1, "Beratung zum Arbeitsrecht", "Einführung in Tabellenkalkulation", "Pressearbeit üben"),
    *_hours(3, "Elektroprüfung der Bühne", "Computer neu einrichten"),
    *_hours(4, "Führung durch die Werkstatt", "Mentoring für den Vorstand"),
)
COMPANY_OTHER = (
    Article(2, "Bücherregale", PledgeKind.GOODS, "Stück", Basis.MARKET_VALUE),
    Article(2, "Gebrauchte Notebooks", PledgeKind.GOODS, "Stück", Basis.MARKET_VALUE),
    Article(2, "Backwaren für das Stadtteilfest", PledgeKind.GOODS, "Kisten", Basis.MARKET_VALUE),
    Article(2, "Druck von Faltblättern", PledgeKind.GOODS, "Auflagen", Basis.MARKET_VALUE),
    Article(2, "Pflanzen und Erde", PledgeKind.GOODS, "Paletten", Basis.STATED),
    Article(2, "Wandfarbe", PledgeKind.GOODS, "Eimer", Basis.MARKET_VALUE),
    Article(5, "Lieferwagen mit Tankfüllung", PledgeKind.USE, "Tage", Basis.LUMP_SUM),
    Article(3, "Seminarraum mit Technik", PledgeKind.USE, "Tage", Basis.LUMP_SUM),
    Article(3, "Beschallung leihweise", PledgeKind.USE, "Abende", Basis.LUMP_SUM),
    Article(4, "Stand auf der Hausmesse", PledgeKind.USE, "Tage", Basis.STATED),
)
NONPROFIT_HOURS = (
    *_hours(1, "Workshop zum Miteinander im Team", "Gesundheitstag gestalten", "Führung durch das Quartier"),
    *_hours(1, "Erste Hilfe am Kind", "Seminar zu Leichter Sprache", "Yoga in der Mittagspause"),
    *_hours(0, "Kuchenbuffet für das Betriebsfest", "Betreuung von Kindern beim Sommerfest"),
    *_hours(4, "Gespräch mit dem Stadtteilnetz", "Seitenwechsel für Auszubildende"),
)
NONPROFIT_OTHER = (
    Article(2, "Gemaltes Bild für das Foyer", PledgeKind.GOODS, "Stück", Basis.STATED),
    Article(2, "Honig aus dem Stadtteilgarten", PledgeKind.GOODS, "Gläser", Basis.MARKET_VALUE),
    Article(3, "Saal für die Betriebsversammlung", PledgeKind.USE, "Tage", Basis.LUMP_SUM),
    Article(3, "Sportplatz für das Firmenturnier", PledgeKind.USE, "Nachmittage", Basis.LUMP_SUM),
    Article(4, "Auftritt des Ensembles", PledgeKind.SERVICE, "Abende", Basis.STATED),
    Article(4, "Nennung im Jahresheft", PledgeKind.SERVICE, "Seiten", Basis.STATED),
)
