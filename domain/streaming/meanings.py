"""What each member of a fact means, in which unit and within which limits, with an example for readers.

Named by the member, or by its class and the member where the same word means something else. A test holds that every
member of every stored type is here. Limits are those that the rules hold; a limit that widens makes no new version.
"""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Any

from domain.contract.form import ReturnReason
from domain.frozen import dataclass
from domain.marketplace.checks import MINUTES_A_DAY
from domain.marketplace.paper import LARGEST_NUMBER
from domain.marketplace.plan import MAX_AREAS, MAX_CONTACT_DAYS
from domain.marketplace.rules import MAX_CHECKS, MAX_CO_HOSTS
from domain.money import CURRENCY, MAX_MINOR
from domain.negotiation.terms import MAX_PARTIES, MAX_PLEDGES
from domain.organisation.decisions import MAX_REPRESENTATIVES
from domain.participation.badge import ALPHABET, LONGEST, SHORTEST
from domain.participation.carrying import MAX_PARTNERS
from domain.results.statement import MAX_FIGURE, MAX_NOTES
from domain.words import MAX_LABEL, MAX_NOTE, MAX_QUANTITY, MAX_TITLE


@dataclass(frozen=True, slots=True)
class Meaning:
    """A member: its `meaning` as a sentence, an `example` (None: any value of its kind), its limits as JSON Schema.

    In a list, `limits` are of the list and `each` of what stands in it.
    """

    meaning: str
    example: Any = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    each: Mapping[str, Any] = field(default_factory=dict)


def _text(meaning: str, example: str, most: int) -> Meaning:
    return Meaning(meaning, example, {"minLength": 1, "maxLength": most})


def _whole(meaning: str, example: int, least: int, most: int | None = None) -> Meaning:
    return Meaning(meaning, example, {"minimum": least} | ({} if most is None else {"maximum": most}))


def _list(meaning: str, least: int, most: int | None, each: Mapping[str, Any] | None = None) -> Meaning:
    return Meaning(meaning, None, {"minItems": least} | ({} if most is None else {"maxItems": most}), each or {})


_HASH = {"pattern": "^[0-9a-f]{64}$"}
_EXAMPLE_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

_IDS = {
    "area": _text("The trading area (Handelsecke), by its lasting short name in its edition.", "know-how", MAX_LABEL),
    "broker": Meaning("The broker's pseudonym; null: without a broker."),
    "BrokerJoined.broker": Meaning("The broker's pseudonym."),
    "by": Meaning("The participation that did it."),
    "contract": Meaning("The contract's stream."),
    "earlier": Meaning("The earlier edition's stream."),
    "event": Meaning("The record at which the note stood."),
    "first_contact_by": Meaning("The participation that makes the first contact; null: nobody is named."),
    "giver": Meaning("The participation that gives."),
    "Area.id": _text("The area's lasting short name in its edition.", "know-how", MAX_LABEL),
    "ChecklistItem.id": _text("The item's lasting short name.", "dates", MAX_LABEL),
    "into": Meaning("The organisation that stands for it from now on."),
    "key": Meaning("The key's name; its secret is in no record.", None, {"minLength": 1, "maxLength": 255}),
    "listing": Meaning("The offer or need that it takes from; null: from none."),
    "marketplace": Meaning("The edition's stream."),
    "StreamKeyIssued.marketplace": Meaning("The one edition that the key is for; null: all of the host's."),
    "negotiation": Meaning("The negotiation's stream."),
    "Form.negotiation": Meaning("The recorded negotiation that the form came of; null: written straight at the table."),
    "notary": Meaning("The notary's pseudonym."),
    "organisation": Meaning("The organisation's stream; a sole trader's is a person's pseudonym."),
    "other": Meaning("The organisation that looks alike and is another."),
    "participation": Meaning("The organisation's part in this edition: its stream."),
    "party": Meaning("The party's participation."),
    "person": Meaning("The person's pseudonym; who it is stands in the vault alone."),
    "Signature.person": Meaning("The pseudonym of who signed; null: the paper doesn't say."),
    "BadgeIssued.person": Meaning("The pseudonym of who wears it; null: whoever comes."),
    "receiver": Meaning("The participation that receives."),
    "representatives": _list("The pseudonyms of those who speak for it.", 0, MAX_REPRESENTATIVES),
    "successor": Meaning("The pseudonym of who takes on what was open; null: nobody was named."),
    "witness": Meaning("The pseudonym of who saw the signature on paper; null: nobody did."),
    "workshop": _text("The workshop's lasting short name in its edition.", "companies-october", MAX_LABEL),
}

_WORDS = {
    "audience": Meaning("How much of the records the key's streams tell."),
    "basis": Meaning("How the value was estimated."),
    "PersonRestricted.basis": Meaning("Why it has to be kept."),
    "closing": Meaning("What ended trading."),
    "code": Meaning(
        "What stands on the badge; it opens nothing.",
        "7KX2M9QD",
        {"pattern": f"^[{ALPHABET}]{{{SHORTEST},{LONGEST}}}$"},
    ),
    "counted": Meaning("Whose pledges make the value that is announced."),
    "currency": Meaning("The currency (ISO 4217).", CURRENCY, {"const": CURRENCY}),
    "derived": _text(
        "How readers may work out what the source doesn't give; null: nothing to say.", "97 + 3", MAX_TITLE
    ),
    "field": Meaning("Which value was wrong."),
    "form_number": _text("The number on the paper form; null: it has none.", "A 17", MAX_LABEL),
    "in_series": Meaning("Whether the form's number belongs to a series recorded before the opening gong."),
    "items": _list("What the notary looks at.", 0, MAX_CHECKS),
    "FormChecked.items": Meaning(
        "The short names of what was found in order.", None, {"maxItems": MAX_CHECKS}, {"maxLength": MAX_LABEL}
    ),
    "kind": Meaning("Whether it is offered or needed."),
    "Pledge.kind": Meaning("What is given; no kind holds money.", "service"),
    "Reminded.kind": Meaning("What the party is asked."),
    "label": _text("What people read.", "Wissen und Können", MAX_TITLE),
    "mandate": Meaning("Why the signature binds the organisation."),
    "manner": Meaning("How the party signed."),
    "name": _text("The organisation's name; null: a sole trader's, which the vault has.", "Bäckerei Krume", MAX_TITLE),
    "CoHost.name": _text("The organisation's name.", "Bürgerstiftung", MAX_TITLE),
    "noun": _text("What the host calls its contracts in public.", "Vereinbarungen", MAX_TITLE),
    "Figure.noun": _text("The host's word for what is counted; null: none.", "Kontrakte", MAX_TITLE),
    "notes": _list("What a reader has to know.", 0, MAX_NOTES, {"minLength": 1, "maxLength": MAX_NOTE}),
    "outcome": Meaning("What came of the call."),
    "prefix": Meaning("What stands before the numbers of the forms; may be empty.", "A ", {"maxLength": MAX_LABEL}),
    "publicity": Meaning("The party's consent to be named in public."),
    "qualifier": Meaning("How exactly the figure is meant."),
    "reason": Meaning("Why; words beside it are in the vault."),
    "reasons": _list("Why the form was given back; words beside it are in the vault.", 1, len(ReturnReason)),
    "reciprocity": Meaning("How strictly a contract must give on both sides."),
    "rehearsal": Meaning("Whether it is a rehearsal (Probe), which never counts."),
    "role": Meaning("In which role the member acts."),
    "roles": _list("What the co-host does.", 1, None),
    "side": Meaning("On which side of the hall it stands."),
    "WorkshopPlanned.side": Meaning("For which side it is; null: for both."),
    "source": _text("Where the figures come from.", "Ergebnismeldung des Veranstalters", MAX_NOTE),
    "strength": Meaning("How far agreements had come; null where nothing of the kind is counted."),
    "subject": Meaning("What is counted, where people and organisations could be mixed up; null: nothing of the kind."),
    "tells_persons": Meaning("Whether personal values stand beside the records."),
    "terms_hash": Meaning("SHA-256 (lower-case hex) over the canonical bytes of the terms.", _EXAMPLE_HASH, _HASH),
    "time_zone": _text("An IANA time zone.", "Europe/Berlin", MAX_LABEL),
    "title": _text("What it is called.", "Wände im Jugendraum streichen", MAX_TITLE),
    "Plan.title": _text("The edition's title.", "Marktplatz Gute Geschäfte", MAX_TITLE),
    "unit": _text("What the quantity counts.", "Stunden", MAX_LABEL),
    "Figure.unit": _text("What the figure is in; null: it is a plain count.", "EUR", MAX_TITLE),
    "venue": _text("Where; null: not known yet.", "Rathaus, großer Saal", MAX_TITLE),
    "visibility": Meaning("When everybody may read the lists of offers and needs."),
}

_NUMBERS = {
    "first": _whole("The first number of the series.", 1, 1, LARGEST_NUMBER),
    "first_contact_days": _whole("Days within which the first contact is made.", 14, 1, MAX_CONTACT_DAYS),
    "Terms.first_contact_days": _whole(
        "Days within which the first contact is made; null: none agreed.", 14, 1, MAX_CONTACT_DAYS
    ),
    "grace_minutes": _whole("Minutes after the announced end at which trading ends by itself.", 15, 0, MINUTES_A_DAY),
    "hourly_rate_minor": _whole("What an hour of work is valued at: cents of a euro an hour.", 1500, 0, MAX_MINOR),
    "last": _whole("The last number of the series.", 200, 1, LARGEST_NUMBER),
    "minor": _whole("The estimated value (Schätzwert) in cents; never a payment.", 24000, 0, MAX_MINOR),
    "minutes": _whole("Minutes of work that are valued; null unless the basis is hourly_rate.", 960, 0, MAX_MINOR),
    "number": _whole("The contract's number in its edition's register: 1, 2, 3 … without a gap.", 17, 1),
    "organisations": _whole("How many organisations were carried over.", 12, 0, MAX_PARTNERS),
    "pledge": _whole("The pledge's place in the terms, from 0 on.", 0, 0, MAX_PLEDGES - 1),
    "ContractDisputed.pledge": _whole("The pledge's place in the terms; null: all of it.", 0, 0, MAX_PLEDGES - 1),
    "position": _whole("The position in the log as of which the ledger gave the figures.", 842, 1),
    "quantity": _whole("How many units.", 16, 1, MAX_QUANTITY),
    "rate_minor": _whole("Cents an hour; null unless the basis is hourly_rate.", 1500, 0, MAX_MINOR),
    "season": _whole("The year in which it counts.", 2006, 1, 9999),
    "trading_minutes": _whole("How long trading is planned: minutes from gong to gong.", 90, 1, MINUTES_A_DAY),
    "Figure.value": _whole("The figure; null exactly if it is unknown, which is never zero.", 97, 0, MAX_FIGURE),
}

_TIMES = {
    "announced_end": Meaning("When trading ends, as announced."),
    "date": Meaning("The day (in the edition's time zone); null: not known yet."),
    "WorkshopPlanned.date": Meaning("The day (in the edition's time zone)."),
    "due_from": Meaning("The first day on which it is due; null: by `due_until`."),
    "due_until": Meaning("The last day on which it is due; null: no day is agreed."),
    "occurred_at": Meaning("When the form was filled by hand."),
    "rung_at": Meaning("When the closing gong rang."),
    "on": Meaning("On which day; null: nobody knows which."),
    "until": Meaning("The day up to and with which it has to be kept."),
}

_OBJECTS = {
    "agreements": Meaning("How many contracts."),
    "areas": _list("Trading areas.", 1, MAX_AREAS),
    "business_side": Meaning("How many on the companies' side."),
    "co_hosts": _list("Who helps to host the edition; empty: nobody any more.", 0, MAX_CO_HOSTS),
    "figures": Meaning("What is announced."),
    "form": Meaning("What is signed: parties, terms, and the hash by which every signature names them."),
    "nonprofit_side": Meaning("How many on the non-profits' side."),
    "participants": Meaning("How many took part."),
    "parties": _list("Who takes part, at least two.", 2, MAX_PARTIES),
    "plan": Meaning("The edition as planned."),
    "pledges": _list("All pledges (Leistungen), in both directions.", 1, MAX_PLEDGES),
    "rates": _list("What an hour is valued at in single areas.", 0, MAX_AREAS),
    "signature": Meaning("One party's signature."),
    "terms": Meaning("All pledges, and who makes the first contact."),
    "value": Meaning("The estimated value; null: nobody has estimated it, which is never zero."),
    "Figures.value": Meaning("The equivalent value, in whole euro."),
}

MEANINGS: Mapping[str, Meaning] = MappingProxyType(_IDS | _WORDS | _NUMBERS | _TIMES | _OBJECTS)
"""By the member's name, or `Class.member`."""


def meaning_of(kind: type, member: str) -> Meaning:
    """What a member of this class means; raises KeyError where nobody has said it."""
    own = MEANINGS.get(f"{kind.__name__}.{member}")
    return MEANINGS[member] if own is None else own
