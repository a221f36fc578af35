"""Names that are plainly invented: nobody may be taken for a real organisation or person."""

from collections.abc import Iterator

from services.rehearsal.dice import Dice

_TRADES = (
    *("Bäckerei", "Druckerei", "Tischlerei", "Gärtnerei", "Kanzlei", "Brauerei", "Werkstatt", "Spedition"),
    *("Apotheke", "Agentur", "Buchhandlung", "Rösterei", "Softwareschmiede", "Steuerkanzlei", "Malerbetrieb"),
    *("Elektrobetrieb", "Architekturbüro", "Fotostudio", "Autohaus", "Sparkontor", "Versicherungskontor"),
    *("Hotelbetrieb", "Gerüstbau", "Großküche", "Baumarkt", "Reinigung", "Optik", "Verlag", "Messebau", "Logistik"),
)
_CAUSES = (
    *("Tafel", "Kita", "Hospiz", "Jugendtreff", "Chor", "Seniorentreff", "Sportverein", "Tierheim", "Museum"),
    *("Nachbarschaftshaus", "Freiwilligenfeuer", "Schulförderverein", "Frauenhaus", "Wohngruppe", "Lesepaten"),
    *("Naturschutzgruppe", "Fahrradküche", "Kulturbühne", "Elterncafé", "Umweltwerkstatt", "Musikschule"),
    *("Beratungsstelle", "Bahnhofshilfe", "Spielmobil", "Familienzentrum", "Theatergruppe", "Hausaufgabenhilfe"),
    *("Suppenküche", "Stadtteilgarten", "Inklusionsgruppe"),
)
_FANCIES = (
    *("Morgenrot", "Nordstern", "Wolkenheim", "Sieben Brücken", "Blaue Stunde", "Regenbogen", "Siebenschläfer"),
    *("Luftschloss", "Zaunkönig", "Papiermond", "Silberdistel", "Windrose", "Kieselstein", "Glühwürmchen"),
    *("Sonnenfleck", "Kleeblatt", "Drachenschweif", "Wundertüte", "Löwenzahn", "Sternschnuppe", "Zitronenfalter"),
    *("Flaschenpost", "Kuckucksuhr", "Pusteblume", "Nebelhorn", "Kandiszucker", "Murmelbahn", "Seifenblase"),
    *("Federleicht", "Purzelbaum", "Himmelblau", "Kastanie", "Haselmaus", "Rückenwind", "Lichtblick", "Sandburg"),
)
_GIVEN = (
    *("Alma", "Bela", "Cleo", "Doro", "Edda", "Falk", "Greta", "Hanno", "Ida", "Jona", "Kaja", "Lorenz", "Mika"),
    *("Nele", "Onno", "Pepe", "Quentin", "Rika", "Sami", "Tilda", "Ulla", "Veit", "Wanja", "Yara", "Zeno"),
)
_ADDRESS = "@probe.invalid"
"""RFC 6761: no such address can exist."""


def companies(dice: Dice) -> Iterator[str]:
    """Names of companies, each once: `Probe-Bäckerei Morgenrot`."""
    return _combined(_TRADES, dice)


def nonprofits(dice: Dice) -> Iterator[str]:
    """Names of non-profits, each once: `Probe-Tafel Nordstern`."""
    return _combined(_CAUSES, dice)


def person(number: int, dice: Dice) -> tuple[str, str]:
    """A representative's name and contact, neither of which can be anybody's."""
    return (
        f"{dice.pick(_GIVEN)} Probe-{_FANCIES[number % len(_FANCIES)].replace(' ', '')}",
        f"vertretung-{number}{_ADDRESS}",
    )


def _combined(kinds: tuple[str, ...], dice: Dice) -> Iterator[str]:
    for kind, fancy in dice.shuffled([(kind, fancy) for kind in kinds for fancy in _FANCIES]):
        yield f"Probe-{kind} {fancy}"
