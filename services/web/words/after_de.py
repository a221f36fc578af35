"""German words for what becomes of contracts after the seal, and for paper."""

WORDS = {
    "contract.annulled": "Die Vereinbarung gilt nicht mehr und zählt nicht.",
    "contract.repudiated": "Eine Unterschrift wird angezweifelt. Bis das geklärt ist, zählt die Vereinbarung nicht.",
    "contract.abandoned": "Das Formular wurde aufgegeben.",
    "contract.reason": "Grund: {reason}.",
    "contract.corrected": "von der Rechenstelle; auf dem Formular: {value}",
    "contract.paper": "ausgefüllt um {time}",
    "contract.amendments": "Änderungen",
    "contract.amended.one": "Einmal geändert, von allen unterschrieben.",
    "contract.amended": "{count}-mal geändert, von allen unterschrieben.",
    "contract.amendment": "Eine Änderung liegt zur Unterschrift vor.",
    "became.running": "läuft",
    "became.delivered": "eingelöst",
    "became.partly_delivered": "teilweise eingelöst, {delivered} von {quantity}",
    "became.not_delivered": "nicht eingelöst",
    "ledger.paper": "Papier",
    "board.struck": "Nicht mehr gezählt: {struck}.",
    "board.struck.revoked.one": "eine zurückgenommene Beglaubigung",
    "board.struck.revoked": "{count} zurückgenommene Beglaubigungen",
    "board.struck.annulled.one": "eine aufgehobene Vereinbarung",
    "board.struck.annulled": "{count} aufgehobene Vereinbarungen",
    "board.struck.repudiated.one": "eine angezweifelte Unterschrift",
    "board.struck.repudiated": "{count} angezweifelte Unterschriften",
    "board.paper.one": "Eine Vereinbarung kam auf Papier.",
    "board.paper": "{count} Vereinbarungen kamen auf Papier.",
}
"""Words by key."""
