"""Every refusal's sentence in German, by the refusal's lasting name: what is so, and what to do.

The English sentence is the refusal's docstring; `refusals_en` holds those that mean programs and not people.
"""

SENTENCES = {
    # requests as such
    "key-in-flight": "Das wird gerade schon aufgezeichnet. Senden Sie es gleich noch einmal: Es geschieht nie doppelt.",
    "key-reused": "Dieses Formular wurde schon gesendet, mit anderem Inhalt. Der erste ist aufgezeichnet. Soll auch "
    "dieser gelten, senden Sie ihn jetzt noch einmal.",
    "log-out-of-reach": "Die Aufzeichnungen sind gerade nicht erreichbar. Senden Sie es gleich noch einmal: Es "
    "geschieht nie doppelt.",
    "too-busy": "Gerade wollen das zu viele zugleich. Nichts wurde aufgezeichnet. Senden Sie es gleich noch einmal.",
    "version-missing": "Es fehlt, welchen Stand Sie gesehen haben. Nichts wurde aufgezeichnet. Öffnen Sie die Seite "
    "neu.",
    "version-stale": "Das hat sich geändert, seit Sie es gesehen haben. Nichts wurde aufgezeichnet. Sehen Sie es noch "
    "einmal an und entscheiden Sie dann.",
    "not-there": "Das gibt es hier nicht. Prüfen Sie die Adresse.",
    "role-not-allowed": "Das darf keiner der angemeldeten Schlüssel. Melden Sie einen an, der es darf, oder bitten Sie "
    "jemanden vom Veranstalter.",
    "record-of-another": "An dem, wozu diese Aufzeichnung gehört, waren Sie nicht beteiligt. Die Quittung bekommen "
    "Beteiligte und Prüfende.",
    "checkpoint-pending": "Das steht noch unter keinem signierten Prüfpunkt. Versuchen Sie es in einer Sekunde noch "
    "einmal.",
    "bundle-in-the-making": "Das Prüfpaket wird gerade geschrieben. Fragen Sie mit derselben Anfrage noch einmal: Sie "
    "bekommen dieses.",
    "bundles-busy": "Gerade werden andere Prüfpakete geschrieben. Fragen Sie in einer halben Minute noch einmal.",
    "no-room-for-bundle": "Auf der Festplatte ist kein Platz für ein Prüfpaket. Sagen Sie es dem Betrieb: handschlag "
    "export schreibt es auf eine andere.",
    "not-your-organisation": "Sie dürfen nur für Organisationen sprechen, deren Vertreter/in Sie sind.",
    "only-your-edition": "Ihr Schlüssel gilt nur für einen Marktplatz. Für anderes fragen Sie den Veranstalter.",
    "key-is-for-streams": "Ihr Schlüssel öffnet nur die Datenströme. Für alles andere fragen Sie den Veranstalter nach "
    "einem anderen Schlüssel.",
    "too-many-webhooks": "Es gibt hier schon 20 Webhooks. Entfernen Sie einen, den niemand mehr braucht.",
    "too-many-secrets": "Für diesen Webhook signieren schon vier Geheimnisse. Warten Sie, bis die Zeit eines davon "
    "um ist.",
    "too-much-waiting": "Für diesen Webhook warten schon zwanzig Tests und Wiederholungen. Warten Sie, bis einige "
    "erledigt sind, oder geben Sie sie auf.",
    "range-unclear": "Eine Wiederholung reicht von einer ersten bis zu einer letzten Stelle, über höchstens 100.000 "
    "Stellen.",
    "attempt-was-a-test": "Dieser Versuch war ein Test, hinter dem keine Aufzeichnung steht. Lassen Sie noch einen "
    "Test senden.",
    "beyond-your-key": "So weit reicht Ihr Schlüssel nicht. Wählen Sie einen kleineren Kreis, oder bitten Sie den "
    "Veranstalter um einen Schlüssel, der mehr sieht.",
    "projection-behind": "Die Listen sind noch nicht so weit. Nichts ist verloren. Versuchen Sie es gleich noch "
    "einmal.",
    "not-recorded-yet": "An dieser Stelle ist noch nichts aufgezeichnet. Die Stellen stehen auf Quittungen und im "
    "Protokoll.",
    "parked": "Diese Fassung der Anzeige kann etwas davon nicht lesen. Die Aufzeichnungen sind sicher.",
    "cursor-unusable": "Diese Stelle gehört nicht zu dieser Liste. Beginnen Sie auf der ersten Seite.",
    "cursor-expired": "Diese Stelle gehört zu einer Liste, die es nicht mehr gibt. Beginnen Sie auf der ersten Seite.",
    "moment-unclear": "Ein Zeitpunkt braucht seinen Abstand zur Weltzeit, eine Stelle ist eine Zahl ab null.",
    # words and numbers
    "words-missing": "Etwas, das einen Namen braucht, ist leer oder hat kein sichtbares Zeichen. Füllen Sie Titel, "
    "Namen oder Einheit aus.",
    "too-many-words": "Ein Text ist zu lang. Titel und Namen haben höchstens 200 Zeichen, Einheiten und Kurznamen 64, "
    "Notizen 1.000.",
    "not-plain-text": "Ein Text enthält Zeichen, die sich nicht aufbewahren lassen oder unsichtbar die Leserichtung "
    "drehen. Tippen Sie ihn von Hand, statt ihn einzufügen.",
    "quantity-out-of-range": "Eine Menge ist eine ganze Zahl von eins bis zu einer Million. Berichtigen Sie die Menge.",
    # editions
    "already-planned": "Dieser Marktplatz ist schon geplant. Verlegen Sie ihn, oder planen Sie einen weiteren.",
    "not-in-preparation": "Der Gong ist erklungen oder der Marktplatz vorbei: Was festgelegt war, ändert sich nicht "
    "mehr.",
    "registration-already-open": "Die Anmeldung ist schon offen. Es ist nichts mehr zu tun.",
    "registration-not-open": "Die Anmeldung ist noch nicht offen. Öffnen Sie sie zuerst.",
    "trading-already-open": "Der Gong ist schon erklungen: Der Handel läuft. Es ist nichts mehr zu tun.",
    "trading-not-open": "Gehandelt wird nur von Gong zu Gong. Warten Sie auf den Eröffnungsgong oder den nächsten "
    "Marktplatz.",
    "marketplace-over": "Dieser Marktplatz ist vorbei oder abgesagt. Sehen Sie nach dem nächsten.",
    "end-not-later": "Das neue Ende muss später sein als das angekündigte. Früher endet der Handel mit dem Gong.",
    "grace-not-over": "Der Gong kann den Handel noch beenden: Die Nachfrist läuft. Schlagen Sie ihn, oder warten Sie.",
    "no-areas": "Ein Marktplatz hat mindestens eine Handelsecke, und jede hat einen eigenen Namen.",
    "too-many-areas": "Ein Marktplatz hat höchstens vierzig Handelsecken. Fassen Sie einige zusammen.",
    "trading-time-out-of-range": "Der Handel dauert eine Minute bis einen Tag, die Nachfrist höchstens einen Tag. "
    "Berichtigen Sie die Minuten.",
    "plan-out-of-time": "Die Saison ist ein Jahr, und der erste Kontakt folgt in 1 bis 366 Tagen. Berichtigen Sie das.",
    "rate-out-of-range": "Eine Stunde gilt nichts oder mehr, in Cent. Berichtigen Sie den Satz.",
    "already-following-up": "Die Nachfrage hat schon begonnen. Es ist nichts mehr zu tun.",
    "file-closed": "Dieser Marktplatz ist abgeschlossen: Daran ändert sich nichts mehr.",
    "not-over-yet": "Der Handel ist noch nicht vorbei: Die Zeit danach beginnt mit dem Schlussgong.",
    "not-opened-yet": "Der Eröffnungsgong steht noch aus: Wer noch nicht da ist, kann noch kommen.",
    "area-known": "Eine Handelsecke dieses Kurznamens gibt oder gab es. Benennen Sie sie um, oder wählen Sie einen "
    "anderen.",
    "areas-missing": "Die Anmeldung ist offen: Keine Handelsecke fällt mehr weg. Legen Sie sie stattdessen still.",
    "last-area": "Das ist die letzte Handelsecke. Fügen Sie eine andere hinzu, ehe Sie sie stilllegen.",
    "no-such-area": "Diese Handelsecke gibt es hier nicht, oder sie ist stillgelegt. Nennen Sie eine andere.",
    "two-rates-for-an-area": "Eine Handelsecke hat einen Stundensatz. Nennen Sie jede nur einmal.",
    "twice-on-the-checklist": "Zwei Punkte der Prüfliste heißen gleich. Nennen Sie jeden nur einmal.",
    "too-many-checks": "Die Prüfliste hat höchstens zwanzig Punkte. Fassen Sie einige zusammen.",
    "co-host-unclear": "Ein Mitveranstalter steht einmal auf der Liste, mit mindestens einer Aufgabe und jeder nur "
    "einmal.",
    "too-many-co-hosts": "Ein Marktplatz hat höchstens zwanzig Mitveranstalter. Nennen Sie die wichtigsten.",
    "series-out-of-range": "Eine Serie hat 1 bis 5.000 Formulare und zählt ab 1 aufwärts, höchstens neunstellig; "
    "was vor der Zahl steht, endet nicht mit einer Ziffer.",
    "series-overlaps": "Einige dieser Nummern sind schon erfasst. Erfassen Sie jedes leere Formular nur einmal.",
    "too-many-series": "Ein Marktplatz hat höchstens zwanzig Serien leerer Formulare. Fassen Sie einige zusammen.",
    "no-such-workshop": "Diesen Workshop gibt es hier nicht. Planen Sie ihn zuerst, oder wählen Sie einen anderen.",
    "workshop-known": "Einen Workshop dieses Kurznamens gibt es schon. Wählen Sie einen anderen.",
    "too-many-workshops": "Ein Marktplatz hat höchstens zwanzig Workshops. Fassen Sie einige zusammen.",
    # organisations, participations, members
    "attended-already": "Dass diese Organisation beim Workshop war, ist schon aufgezeichnet.",
    "badge-known": "Einen Badge mit diesem Code hat die Organisation schon. Wählen Sie einen anderen Code.",
    "code-unreadable": "Ein Badge-Code hat vier bis zwölf Ziffern und Großbuchstaben, ohne I, L, O und U.",
    "too-many-badges": "Eine Organisation hat an einem Marktplatz höchstens zwanzig Badges. Geben Sie einen weiter.",
    "is-here": "Diese Organisation ist da: Sie kam. Aufzuzeichnen ist nichts.",
    "no-show-already": "Dass diese Organisation nicht kam, ist schon aufgezeichnet. Kommt sie doch, lassen Sie sie "
    "ein.",
    "nobody-to-carry-over": "Wer dort zugelassen war, nimmt hier schon teil. Es ist nichts mehr zu tun.",
    "merged-away": "Diese Organisation war doppelt eingetragen. Nehmen Sie den Eintrag, der geblieben ist.",
    "same-entry": "Beides ist derselbe Eintrag. Nennen Sie die andere Organisation.",
    "rehearsal-and-real-merged": "Eine davon gehört zu einer Probe, die andere nicht. Verbinden Sie nur gleiche.",
    "told-apart-already": "Dass dies zwei Organisationen sind, ist schon aufgezeichnet. Es ist nichts mehr zu tun.",
    "not-a-representative": "Diese Person spricht nicht für die Organisation. Benennen Sie sie zuerst.",
    "too-many-representatives": "Eine Organisation hat höchstens 100 Vertreter. Streichen Sie, wer nicht mehr für sie "
    "spricht.",
    "already-registered": "Diese Organisation ist schon eingetragen. Nehmen Sie ihren Eintrag.",
    "needs-one-name": "Eine Organisation hat einen Namen: offen, oder bei Einzelunternehmen unter Verschluss.",
    "already-representative": "Diese Person spricht schon für die Organisation. Es ist nichts mehr zu tun.",
    "not-representative": "Diese Person spricht nicht für die Organisation. Benennen Sie sie zuerst.",
    "mandate-given-already": "Genau diese Vollmacht hat die Person schon. Es ist nichts mehr zu tun.",
    "already-requested": "Diese Organisation hat sich schon angemeldet. Der Veranstalter antwortet darauf.",
    "rehearsal-and-real-mixed": "An einer Probe nehmen nur Probe-Organisationen teil, und nur dort. Tragen Sie die "
    "Organisation für diese Art ein.",
    "not-waiting": "Diese Anmeldung wartet auf keine Antwort mehr: Sie ist schon beantwortet.",
    "not-admitted": "Diese Organisation ist nicht zugelassen. Lassen Sie sie zuerst zu.",
    "not-on-the-floor": "Diese Organisation ist nicht eingetroffen. Lassen Sie sie am Eingang zuerst ein.",
    "already-checked-in": "Diese Organisation ist schon da. Es ist nichts mehr zu tun.",
    "participation-over": "Diese Teilnahme ist abgelehnt oder abgesagt. Fragen Sie den Veranstalter.",
    "already-member": "Diese Person gehört schon dazu. Geben Sie ihr stattdessen eine Aufgabe.",
    "not-a-member": "Diese Person gehört nicht zum Veranstalter. Nehmen Sie sie zuerst auf.",
    "role-not-granted": "Diese Person hat diese Aufgabe nicht. Geben Sie sie ihr zuerst.",
    "role-already-granted": "Diese Person hat diese Aufgabe schon. Es ist nichts mehr zu tun.",
    "role-is-reserved": "Diese Aufgabe hat kein Mensch: Das System handelt darin von selbst.",
    "role-is-the-hosts": "Diese Rolle gilt für den ganzen Veranstalter. Wählen Sie für einen Marktplatz eine andere.",
    "public-has-no-persons": "Was alle lesen dürfen, nennt keine Menschen. Wählen Sie für einen Schlüssel mit "
    "Personenangaben einen anderen Kreis.",
    "key-taken": "Einen Schlüssel dieses Namens gibt es schon. Wählen Sie einen anderen Namen.",
    "key-unknown": "Diesen Schlüssel gibt es nicht, oder er ist zurückgezogen. Prüfen Sie seinen Namen.",
    # listings
    "already-published": "Dieser Eintrag steht schon auf der Liste. Ändern Sie ihn stattdessen.",
    "area-unknown": "Diese Handelsecke gibt es hier nicht. Wählen Sie eine der vorhandenen.",
    "less-than-promised": "Davon ist schon mehr versprochen. Bleiben Sie bei der versprochenen Menge, oder darüber.",
    "listing-of-another": "Eine Leistung nimmt vom eigenen Angebot oder erfüllt das eigene Gesuch. Lassen Sie den "
    "fremden Eintrag weg.",
    "listing-withdrawn-already": "Dieser Eintrag ist zurückgezogen. Veröffentlichen Sie einen neuen, oder handeln "
    "Sie ohne.",
    "not-your-listing": "Nur wer einen Eintrag veröffentlicht hat, ändert ihn. Fragen Sie diese Organisation.",
    "promised-out": "So viel ist davon nicht mehr frei. Einigen Sie sich auf weniger, oder handeln Sie ohne den "
    "Eintrag.",
    "unit-differs": "Was von einem Eintrag genommen wird, zählt in dessen Einheit. Nehmen Sie diese, oder lassen Sie "
    "ihn "
    "weg.",
    "unit-is-promised": "Davon ist etwas in seiner Einheit versprochen. Behalten Sie sie, oder veröffentlichen Sie "
    "einen "
    "neuen Eintrag.",
    # the table
    "already-agreed": "Sie haben schon zugestimmt. Berichtigen Sie das Formular, oder ändern Sie die Vereinbarung.",
    "already-opened": "Diese Verhandlung läuft schon. Antworten Sie darauf, oder beginnen Sie eine andere.",
    "broker-already-called": "Ein Makler ist schon gerufen. Warten Sie, oder fragen Sie am Maklertisch.",
    "broker-already-there": "An diesem Tisch sitzt schon ein Makler. Sprechen Sie mit ihm.",
    "caller-not-at-the-table": "Den ersten Kontakt nimmt eine der Parteien auf. Nennen Sie eine davon.",
    "contact-out-of-time": "Der erste Kontakt folgt in 1 bis 366 Tagen; zwei Wochen sind üblich. Berichtigen Sie die "
    "Tage.",
    "due-backwards": "Eine Leistung kann nicht enden, bevor sie beginnt. Tauschen Sie die Tage.",
    "negotiation-over": "Diese Verhandlung ist beendet. Beginnen Sie eine neue.",
    "no-pledges": "Ein Formular nennt mindestens eine Leistung. Ergänzen Sie, was geleistet wird.",
    "not-a-party": "Ihre Organisation sitzt nicht an diesem Tisch. Beginnen Sie eine eigene Verhandlung.",
    "not-agreed-yet": "Die Parteien sind sich noch nicht einig. Erst stimmen alle zu.",
    "party-has-left": "Eine Partei an diesem Tisch hat abgesagt. Mit ihr lässt sich nichts vereinbaren: Lehnen Sie ab.",
    "not-your-proposal": "Dieser Vorschlag ist nicht Ihrer. Machen Sie einen Gegenvorschlag, oder lehnen Sie ab.",
    "not-your-turn": "Die andere Seite ist am Zug. Warten Sie auf ihre Antwort.",
    "one-sided": "An diesem Marktplatz leistet jede Seite etwas. Ergänzen Sie die Gegenleistung.",
    "other-currency": "Werte werden in Euro geschätzt. Rechnen Sie um.",
    "pledge-outside-the-table": "Eine Leistung geht von einer Partei an eine andere. Berichtigen Sie, wer gibt und wer "
    "bekommt.",
    "still-trading": "Der Handel läuft noch: Vor dem Gong verfällt nichts. Lehnen Sie ab, oder ziehen Sie zurück.",
    "too-few-parties": "Zum Handeln braucht es mindestens zwei verschiedene Organisationen. Nennen Sie jede einmal.",
    "too-many-parties": "An einem Tisch handeln höchstens fünf. Schreiben Sie mit den anderen ein zweites Formular.",
    "too-many-pledges": "Auf ein Formular passen höchstens zwanzig Leistungen. Schreiben Sie ein zweites.",
    "value-doesnt-add-up": "Ein Wert nach Stunden ist Satz mal Zeit. Berichtigen Sie Wert, Satz oder Zeit.",
    "value-out-of-range": "Ein Schätzwert liegt zwischen null und einer Milliarde Euro. Berichtigen Sie ihn.",
    # the form
    "already-drafted": "Dieses Formular ist schon geschrieben. Berichtigen Sie es, oder schreiben Sie ein anderes.",
    "form-is-at-the-notary": "Das Formular liegt beim Notar. Es ändert sich nur, wenn er es zurückgibt.",
    "form-is-certified": "Diese Vereinbarung ist beglaubigt. Das ändert nur ein Nachtrag.",
    "no-reason-given": "Ein Formular wird mit mindestens einem Grund zurückgegeben. Sagen Sie, was zu berichtigen ist.",
    "not-a-party-to-the-form": "Diese Organisation steht nicht auf dem Formular. Nur die Parteien unterschreiben.",
    "not-at-the-notary": "Dieses Formular liegt nicht beim Notar. Legen Sie es zuerst vor, von allen unterschrieben.",
    "notary-represents-a-party": "Ein Notar beglaubigt nie für eine Organisation, die er selbst vertritt. Bitten Sie "
    "einen "
    "anderen Notar.",
    "other-terms": "Auf dem Formular steht inzwischen etwas anderes. Lesen Sie es noch einmal, dann unterschreiben "
    "Sie.",
    "signatures-missing": "Es haben noch nicht alle unterschrieben. Holen Sie zuerst die fehlenden Unterschriften ein.",
    "signed-already": "Diese Partei hat das schon unterschrieben. Für sie ist nichts mehr zu tun.",
    "signer-missing": "Eine Unterschrift mit Badge und PIN nennt, wer unterschrieb. Sagen Sie, wessen Badge es war.",
    "too-late": "Der Gong ist erklungen. Beglaubigt wird nur, was vorher beim Notar lag. Bringen Sie dieses Formular "
    "zum nächsten Marktplatz.",
    "witness-missing": "Zu einer Unterschrift auf Papier gehört, wer sie gesehen hat. Sagen Sie, wer dabei war.",
    "form-number-unknown": "Nach dem Gong zählen nur Formulare, deren Nummern vorher erfasst waren. Diese ist nicht "
    "dabei.",
    "outside-trading": "Ein Formular wird zwischen den Gongs ausgefüllt, und bevor es abgetippt wird. Berichtigen Sie "
    "die Uhrzeit.",
    "witness-is-signer": "Niemand bezeugt die eigene Unterschrift. Sagen Sie, wer sonst dabei war.",
    "signature-in-doubt": "Eine Unterschrift ist bestritten. Erst lässt die Organisation sie gelten, oder die "
    "Vereinbarung wird aufgehoben.",
    "signed-with-mandate": "Wer unterschrieb, hatte die Vollmacht der Organisation: Die Unterschrift gilt.",
    "not-signed-yet": "Diese Partei hat nicht unterschrieben, oder es ist schon bestritten. Zu bestreiten ist nichts.",
    "not-repudiated": "Die Unterschrift dieser Partei ist nicht bestritten. Es ist nichts mehr zu tun.",
    "checklist-incomplete": "Auf der Prüfliste des Veranstalters fehlt noch etwas. Haken Sie jeden Punkt ab, oder "
    "geben "
    "Sie das Formular mit dem Grund zurück.",
    "not-on-the-checklist": "Diesen Punkt hat die Prüfliste des Veranstalters nicht. Lesen Sie die Liste noch einmal.",
    "contract-is-over": "Diese Vereinbarung ist widerrufen, aufgehoben oder aufgegeben. Schreiben Sie eine andere.",
    "not-certified": "Diese Vereinbarung ist nicht oder nicht mehr beglaubigt. Nur Beglaubigtes wird verfolgt und "
    "geändert.",
    "amendment-open": "Ein Nachtrag ist schon vorgeschlagen. Unterschreiben Sie ihn, oder nehmen Sie ihn zuerst "
    "zurück.",
    "no-amendment": "Es ist kein Nachtrag vorgeschlagen. Schlagen Sie zuerst einen vor.",
    "nothing-amended": "Das gilt schon so. Schlagen Sie etwas anderes vor.",
    "touches-what-happened": "Eine Leistung, zu der schon etwas aufgezeichnet ist, bleibt an ihrer Stelle. Ändern "
    "Sie die "
    "anderen, oder fügen Sie neue an.",
    "pledge-unknown": "Diese Leistung steht nicht auf dem Formular. Prüfen Sie ihre Stelle.",
    "valued-already": "Diese Leistung hat schon einen Wert. Berichtigen Sie ihn mit einem Grund.",
    "not-valued-yet": "Diese Leistung hat noch keinen Wert. Schätzen Sie sie zuerst.",
    "same-value": "Das ist der Wert schon. Es ist nichts mehr zu tun.",
    "contact-made-already": "Der erste Kontakt ist schon aufgezeichnet. Es ist nichts mehr zu tun.",
    "nothing-told": "Von dieser Leistung ist nichts gesagt. Sagen Sie, ob sie läuft, wie viel kam, oder "
    "warum nichts kommt.",
    "told-twice": "Von einer Leistung ist mehr als eines gesagt. Sagen Sie von jeder eines.",
    "not-reached-says-nothing": "Wer nicht erreicht wurde, sagt nichts zu den Leistungen. Lassen Sie sie weg.",
    "more-than-pledged": "Das ist mehr, als versprochen war. Berichtigen Sie die Menge, oder schreiben Sie einen "
    "Nachtrag.",
    "delivered-already": "Diese Leistung ist ganz eingelöst. Stimmt das nicht, melden Sie einen Streit.",
    "nothing-to-confirm": "Zu dieser Leistung ist nichts aufgezeichnet, was zu bestätigen wäre.",
    "confirmed-already": "Diese Partei hat es schon bestätigt. Es ist nichts mehr zu tun.",
    "not-of-this-pledge": "Eine Leistung bestätigt, wer gibt oder wer bekommt, sonst niemand. Wählen Sie eine der "
    "Parteien.",
    "disputed-already": "Zu dieser Vereinbarung ist schon ein Streit offen. Legen Sie ihn zuerst bei.",
    "not-disputed": "Zu dieser Vereinbarung ist kein Streit offen. Es ist nichts mehr zu tun.",
    "nobody-to-ask": "Eine Erinnerung geht an mindestens eine Partei, und an jede nur einmal. Sagen Sie, an wen.",
    # lists from files
    "edition-missing": "Angebote und Gesuche werden für einen Marktplatz übernommen. Sagen Sie, für welchen.",
    "preview-first": "Das ist nicht die Datei aus der Vorschau, oder nicht für denselben Zweck. Sehen Sie sie noch "
    "einmal durch, dann bestätigen Sie.",
    "rows-unusable": "Einige Zeilen der Datei lassen sich nicht verwenden, und nichts wurde aufgezeichnet. Sehen Sie "
    "die Vorschau an, und berichtigen Sie, was sie nennt.",
    # results
    "not-drawn-from-ledger": "Diese Zahlen stammen nicht aus dem Hauptbuch; dahinter stehen keine Vereinbarungen. Ihre "
    "Quelle sagt mehr.",
    "too-many-listeners": "Hier sind gerade zu viele Ströme offen. Nichts geht verloren: Holen Sie die Einträge ab, "
    "oder versuchen Sie es in einer Minute noch einmal.",
    "too-many-for-a-book": "Dieser Marktplatz hat mehr als 5.000 Vereinbarungen, mehr als eine Arbeitsmappe fasst. "
    "Nehmen Sie die CSV-Datei.",
    "moments-reversed": "Der erste der beiden Zeitpunkte liegt nach dem zweiten. Nennen Sie den früheren zuerst.",
    "not-in-the-log-yet": "An dieser Stelle ist noch nichts aufgezeichnet. Nennen Sie eine frühere.",
    "already-announced": "Diese Meldung gibt es schon. Berichtigen Sie sie stattdessen.",
    "called-off-has-no-results": "Dieser Marktplatz wurde abgesagt: Er hat kein Ergebnis.",
    "figure-below-zero": "Eine Zahl zählt, was da ist: Sie kann nicht unter null liegen. Berichtigen Sie sie.",
    "figure-doesnt-say-what": "Eine Zahl hat einen Wert oder ist unbekannt, nicht beides. Lassen Sie den Wert weg, "
    "oder "
    "sagen Sie, wie genau er ist.",
    "figure-too-large": "So viel gab es an keinem Marktplatz. Berichtigen Sie die Zahl: Werte stehen in ganzen Euro.",
    "nothing-announced": "Es gibt noch keine Meldung zu berichtigen. Geben Sie das Ergebnis zuerst bekannt.",
    "only-a-rehearsal": "Das ist eine Probe: Ihre Zahlen werden nie bekannt gegeben, und keine Saison zählt sie.",
    "too-many-notes": "Eine Meldung hat höchstens zehn Anmerkungen. Fassen Sie einige zusammen.",
    # what is held on a person
    "person-is-erased": "Was zu dieser Person gespeichert war, ist gelöscht; es wird nichts mehr zu ihr gespeichert. "
    "Nennen Sie jemand anderen.",
    "note-is-erased": "Diese Notiz ist schon gelöscht. Sie müssen nichts weiter tun.",
    "still-restricted": "Was zu dieser Person gespeichert ist, muss vorerst aufbewahrt werden. Warten Sie bis zu "
    "diesem Tag, oder heben Sie die Einschränkung auf.",
    "restriction-in-the-past": "Der Tag, bis zu dem es aufbewahrt werden soll, ist vorbei. Nennen Sie einen späteren, "
    "oder löschen Sie es.",
    "not-restricted": "Zu dieser Person muss nichts aufbewahrt werden. Es gibt nichts aufzuheben.",
    "own-successor": "Niemand folgt sich selbst nach. Nennen Sie jemand anderen oder niemanden.",
}
