"""German words for an edition replayed."""

WORDS = {
    "replay.link": "Nachspielen: wie stand es wann?",
    "replay.title": "Nachgespielt",
    "replay.about": "Tafel und Hauptbuch, wie sie zu einem Zeitpunkt standen, allein aus den Einträgen bis dahin.",
    "replay.time": "Ortszeit ({zone})",
    "replay.go": "Dorthin",
    "replay.then": "Am {day} um {time}",
    "replay.steps": "Schritt für Schritt",
    "replay.earlier": "Einen Schritt zurück",
    "replay.later": "Einen Schritt weiter",
    "replay.now": "Zum heutigen Stand",
    "replay.position": "Stand nach Eintrag {position}.",
    "replay.signed": "Er liegt unter der Signatur über {size} Einträge:",
    "replay.checkpoint": "Prüfpunkt",
    "replay.unsigned": "Er ist noch nicht signiert; das dauert sonst keine Sekunde.",
}
"""Words by key."""
