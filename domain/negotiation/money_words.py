"""Titles that look like money. Money is taboo, but words alone never block a form: the notary decides (METHOD.md)."""

import re
import unicodedata

_WORDS = (
    # German
    "geld|bargeld|geldspende|geldbetrag|geldmittel|spende|spenden|spendengeld|sponsoring|sponsorengeld|honorar"
    "|zuschuss|ueberweisung|ueberweisen|barzahlung|bezahlung|scheck|gutschrift|darlehen|kredit|rechnung|euro|eur"
    # English
    "|money|cash|donation|donations|sponsorship|fee|grant|cheque|check|payment|loan|invoice|euros|dollar|dollars"
)
_MONEY = re.compile(rf"(?<![a-z])(?:{_WORDS})(?![a-z])|[€$£]|(?<![a-z])[a-z]+spende(?![a-z])")
"""Whole words, any currency's sign, and German compounds that end in a donation: Geldspende, Firmenspende."""

_HELP = re.compile(r"(?<![a-z])(?:blut|sach|zeit|kleider|moebel|buecher|lebensmittel)spenden?(?![a-z])")
"""Donations that aren't money."""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def looks_like_money(title: str) -> bool:
    """Whether a pledge's title speaks of money. A help about money ("organise a charity run") may well say no more."""
    plain = unicodedata.normalize("NFC", title).casefold().translate(_UMLAUTS)
    return _MONEY.search(_HELP.sub(" ", plain)) is not None
