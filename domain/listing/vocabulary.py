"""Words that mean the same in titles of offers and needs, in German and English; and words that say nothing there.

Small on purpose: what marketplaces trade most. Words are in lower case, umlauts without dots. A word of five letters
or more also counts as a part of longer ones (`garten` in `gartenarbeit`), unless a `=` in front says that it stands
alone.
"""

from collections.abc import Mapping
from types import MappingProxyType

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "garden": "garten gartner gardening garden beet beete hochbeet rasen lawn hecke hecken hedge laub pflanzen "
        "=plant plants grunflache grunpflege baum baume =tree =trees",
        "paint": "=malen =maler =malern =malt =gemalt streichen anstrich wandfarbe paint painting =farbe =farben "
        "lackieren tapezieren renovieren renovierung renovation",
        "computer": "computer rechner laptop notebook =pc =pcs =edv hardware software informatik tablet",
        "website": "website webseite webpage homepage internetseite internetauftritt =web webdesign",
        "move": "umzug umzuge umziehen =move =moves moving relocation",
        "furniture": "mobel furniture regal regale =shelf shelves tisch tische =table =tables stuhl stuhle chair "
        "chairs schrank schranke",
        "tax": "steuer steuern =tax =taxes taxation buchhaltung buchfuhrung bookkeeping accounting accountant",
        "legal": "=recht =rechts rechtsberatung rechtsfragen rechtsanwalt jurist juristin juristisch anwalt anwaltin "
        "legal lawyer =law vertragsrecht arbeitsrecht vereinsrecht mietrecht",
        "transport": "transport lieferwagen =bus =busse =buses kleinbus reisebus =van =vans minibus fahrdienst =fahrer "
        "=fahrerin =driver =drivers fahrzeug vehicle =auto =autos =car =cars anhanger =trailer =lkw =truck "
        "lorry shuttle",
        "room": "=raum =raume seminarraum tagungsraum besprechungsraum gruppenraum proberaum raumlichkeiten =room "
        "=rooms =saal =hall =halle venue",
        "photo": "=foto =fotos fotograf fotografie fotografieren fotoshooting photo photos =bild =bilder =picture "
        "=pictures",
        "film": "video =film =filme =films filming filmen",
        "music": "musik music =band =chor =chore choir konzert concert",
        "stage": "buhne =stage theater theatre auftritt =performance",
        "food": "kochen =koch =kochin cooking =cook =kuche kitchen catering buffet =essen =food mahlzeit lebensmittel "
        "groceries backen backwaren =bread =brot brotchen baking =cake =cakes =kuchen",
        "language": "sprache sprachen =deutschkurs language ubersetzen ubersetzung ubersetzer translation translate "
        "translator dolmetschen dolmetscher interpreter",
        "publicity": "werbung marketing advertising advert flyer faltblatt faltblatter leaflet plakat poster "
        "offentlichkeitsarbeit pressearbeit publicity",
        "design": "gestaltung gestalten grafik graphic design =logo =logos layout",
        "print": "drucken druckerei =druck printing =print =printed printer",
        "children": "=kind =kinder =kids =child children jugend jugendliche youth",
        "seniors": "senioren =senior seniors elderly",
        "course": "schulung workshop seminar fortbildung weiterbildung training =kurs =kurse =course =courses "
        "unterricht teaching lessons nachhilfe tutoring",
        "advice": "beratung beraten berater advice consulting consultant",
        "application": "bewerbung =application =applications lebenslauf =cv",
        "repair": "reparatur reparieren repair handwerk handwerker craftsman",
        "carpentry": "schreiner tischler carpenter carpentry =holz =wood holzarbeit",
        "cleaning": "reinigung putzen cleaning =clean",
        "event": "veranstaltung =event =events =fest =feste sommerfest stadtteilfest festival =feier =feiern =party "
        "=parties celebration",
        "sound": "beschallung tontechnik lautsprecher =sound =ton",
        "projector": "beamer projektor projector",
        "outing": "ausflug ausfluge excursion =trip =trips outing wandern wanderung hiking",
        "sport": "sport sports turnier tournament fussball football soccer",
        "strategy": "strategie strategy konzept =concept",
        "text": "=text =texte =texten copywriting redaktion lektorat editing proofreading",
        "storage": "=lager =lagern lagerraum storage warehouse",
        "clothes": "kleidung kleider clothes clothing",
        "toys": "spielzeug =toy =toys",
        "tools": "werkzeug =tool =tools",
        "tent": "=zelt =zelte =tent =tents pavillon",
        "tour": "fuhrung fuhrungen =tour =tours besichtigung",
        "insurance": "versicherung insurance",
    }
)
"""What a word means, by a name of ours that nobody reads."""

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "hour": "stunde stunden std h hour hours hr hrs",
        "day": "tag tage day days",
        "evening": "abend abende evening evenings",
        "afternoon": "nachmittag nachmittage afternoon afternoons",
        "week": "woche wochen week weeks",
        "month": "monat monate month months",
        "piece": "stuck stucke piece pieces stk",
        "person": "person personen people persons",
        "box": "kiste kisten box boxes",
        "time": "mal male time times",
        "place": "platz platze place places seat seats",
    }
)
"""Units that are the same."""

_SILENT = (
    "abend abende aber about after all alle allem allen aller alles als also am an and andere anderen angebot "
    "angebote any are around auch auf aus bei beim biete bieten bietet bin bis bitte brauchen braucht bring but bzw"
    " can companies company da damit das dass day days dem den denn der des die dies diese diesem diesen dieser "
    "dieses doch dort drei durch each ein eine einem einen einer eines einige er es etwa etwas evening evenings "
    "firma firmen for from fur gern gerne gesuch gesuche gesucht get gibt give gute guten guter haben hat have "
    "helfen helfer helferin helferinnen help helper helpers helping hers hilfe hilft his hour hours how ihr ihre "
    "ihren ihrer im in ins into ist its jede jeden jeder jedes kann kein keine konnen leihen leihweise leute like "
    "look looking macht make man mehr mehrere mein mit mithilfe monat monate month months more nach nachmittag "
    "nachmittage need needed needs neu neue neuen neuer neues new nicht noch nur ob oder offer offering offers ohne"
    " one organisation our out over own people per person personen persons piece pieces please pro project projects"
    " projekt projekte provide sehr sein seine sich sie sind so some someone stellen stellt stuck stunde stunden "
    "suchen sucht support tag tage team than that the their them then there these they this those three time to two"
    " uber um und uns unser unsere unserem unseren unserer unter unternehmen unterstutzen unterstutzung use verein "
    "vereine very viel viele vier vom von vor want wanted war was we week weeks wenn wer werden were what when "
    "where which who wie will wir wird with woche wochen would you your zu zum zur zwei zwischen"
)
SILENT = frozenset(_SILENT.split())
"""Words of a title by which nobody finds anybody."""
