"""The words of the report of 2006 in the other language: its data are kept as given, its readers are German.

Nouns are the hosts' own German words; notes and sources stand in English in the season's file. What isn't found
here is shown as given.
"""

NOUNS_EN = {
    "Kontrakte": "contracts",
    "Verträge": "contracts",
    "Vereinbarungen": "agreements",
    "schriftliche Vereinbarungen": "written agreements",
    "Kooperationen": "cooperations",
    "Partnerschaften": "partnerships",
    "soziale Partnerschaften": "social partnerships",
    "Projekte": "projects",
    "Gegenwert": "equivalent value",
    "Geldwert": "value in money",
    "äquivalenter Geldwert": "equivalent value in money",
    "Gesamtwert": "total value",
}

ONE_DE = {
    "Kontrakte": "Kontrakt",
    "Verträge": "Vertrag",
    "Vereinbarungen": "Vereinbarung",
    "schriftliche Vereinbarungen": "schriftliche Vereinbarung",
    "Kooperationen": "Kooperation",
    "Partnerschaften": "Partnerschaft",
    "soziale Partnerschaften": "soziale Partnerschaft",
    "Projekte": "Projekt",
}
"""The nouns for one; another noun stands as it is."""

TEXTS_DE = {
    "Servicestelle Soziale Kooperation: report on the first German marketplaces of autumn 2006": (
        "Servicestelle Soziale Kooperation: Bericht über die ersten deutschen Marktplätze im Herbst 2006"
    ),
    "the local volunteer agency worked in the coordinating team; the host is not named": (
        "Die örtliche Freiwilligenagentur arbeitete im Koordinierungsteam mit; wer Veranstalter war, ist nicht genannt."
    ),
    "the source counts 30 from each sector; that this makes 60 in all is a reading": (
        "Die Quelle zählt 30 aus jedem Sektor; dass es zusammen 60 sind, ist eine Lesart."
    ),
    "the partnerships were initiated, a weaker word than agreed: never shown as certified": (
        "Die Partnerschaften wurden angebahnt; das ist schwächer als vereinbart. Als beglaubigt gelten sie nie."
    ),
    "about 25 participants: in all or for each side, people or organisations, is left open": (
        "Rund 25 Teilnehmende: Ob insgesamt oder je Seite, ob Personen oder Organisationen, ist offen."
    ),
    "130 people are not 86 organisations": "130 Personen sind nicht 86 Organisationen.",
    "the venue's owner is not the host": "Wem der Ort gehört, der ist nicht der Veranstalter.",
    "the 40 and the 60 are representatives, not organisations": (
        "Die 40 und die 60 sind Vertreterinnen und Vertreter, nicht Organisationen."
    ),
    "the year is implied by the report": "Das Jahr ergibt sich aus dem Bericht.",
    "40 + 60 representatives": "40 + 60 Vertreterinnen und Vertreter",
}
