"""The list of offers and needs: what tables take from is put up, in the quantity that they take in all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.listing.events import ListingKind
from domain.organisation.events import Side
from services.rehearsal.catalogue import COMPANY_HOURS, COMPANY_OTHER, NONPROFIT_HOURS, NONPROFIT_OTHER
from services.rehearsal.deals import Guest
from services.rehearsal.dice import Dice
from services.rehearsal.entrance import LIST, WITHDRAW
from services.rehearsal.script import Script
from services.rehearsal.steps import EDITION, Body, Step, Thing


@dataclass(slots=True, kw_only=True)
class _Listing:
    number: int
    by: Thing
    kind: ListingKind
    area: str
    title: str
    unit: str
    quantity: int = 0
    taken_back: bool = False

    def steps(self) -> list[Step]:
        """Put up; now and then revised, or taken back."""
        name = f"listing/{self.number}"
        said = {
            "by": self.by,
            "area": self.area,
            "title": self.title,
            "quantity": self.quantity,
            "unit": self.unit,
        }
        admitted = self.by.name.replace("party/", "admit/")
        revised = self.number % _REVISED == 0
        published = {**said, "marketplace": Thing(EDITION), "kind": self.kind.value}
        put_up = Step(
            name=name,
            at=LIST + self.number / 10,
            role="clerk",
            path="listings",
            body=published | {"quantity": self.quantity + revised},
            after=(admitted,),
            makes=name,
        )
        told = [put_up]
        if revised:
            told.append(self._later("revise", said, 0.05, after=name))
        if self.taken_back:
            told.append(self._later("withdraw", {"by": self.by}, WITHDRAW - LIST, after=told[-1].name))
        return told

    def _later(self, verb: str, body: Body, later: float, after: str) -> Step:
        name = f"listing/{self.number}"
        return Step(
            name=f"{name}/{verb}",
            at=LIST + self.number / 10 + later,
            role="clerk",
            path=f"listings/{{id}}/{verb}",
            body=body,
            after=(after,),
            thing=name,
        )


_REVISED = 20
"""Every so many listings are put up with one too many, and set right."""


class Board:
    """Everybody's listings. Tables draw on it first; then it is filled with what nobody takes."""

    def __init__(self, script: Script) -> None:
        self._dice = Dice(script.seed, "listings")
        self._areas = [slug for slug, _ in script.traded_areas]
        self._listed: dict[tuple[Thing, ListingKind, str], _Listing] = {}

    def draw(self, terms: Body, *, surely: bool = False) -> Body:
        """The same terms, some of whose pledges now take from a listing of giver or receiver; `surely` the first."""
        first, *others = terms["pledges"]
        drawn = (self._drawn(first, 1.0 if surely else 0.35), *(self._drawn(pledge, 0.35) for pledge in others))
        return {**terms, "pledges": drawn}

    def _drawn(self, pledge: Mapping[str, object], share: float) -> Body:
        """What a giver offers is an offer, what a receiver wants is a need; nobody promises what others listed."""
        if not self._dice.chance(share):
            return pledge
        kind = self._dice.pick(tuple(ListingKind))
        by, quantity = pledge["giver" if kind is ListingKind.OFFER else "receiver"], pledge["quantity"]
        if not isinstance(by, Thing) or not isinstance(quantity, int):
            raise TypeError("a pledge of a story names its parties by reference and a whole quantity")
        listing = self._of(by, kind, str(pledge["area"]), str(pledge["title"]), str(pledge["unit"]))
        listing.quantity += quantity
        return {**pledge, "listing": Thing(f"listing/{listing.number}")}

    def _of(self, by: Thing, kind: ListingKind, area: str, title: str, unit: str) -> _Listing:
        new = _Listing(number=len(self._listed), by=by, kind=kind, area=area, title=title, unit=unit)
        return self._listed.setdefault((by, kind, title), new)

    def fill(self, guests: Sequence[Guest]) -> None:
        """Offers and needs from which no contract comes; a few are taken back, one in any case."""
        filled = [listing for guest in guests if self._dice.chance(0.35) and (listing := self._fill(guest))]
        for listing in filled[-1:]:
            listing.taken_back = True

    def _fill(self, guest: Guest) -> _Listing | None:
        kind = self._dice.pick(tuple(ListingKind))
        from_company = (guest.side is Side.COMPANY) == (kind is ListingKind.OFFER)
        article = self._dice.pick(
            (COMPANY_HOURS + COMPANY_OTHER) if from_company else (NONPROFIT_HOURS + NONPROFIT_OTHER)
        )
        if (guest.party, kind, article.title) in self._listed:
            return None
        area = self._areas[article.area % len(self._areas)]
        listing = self._of(guest.party, kind, area, article.title, article.unit)
        listing.quantity = self._dice.whole(1, 12)
        listing.taken_back = self._dice.chance(0.1)
        return listing

    def steps(self) -> list[Step]:
        """What is put up, and what is taken back before the gong."""
        return [step for listing in self._listed.values() for step in listing.steps()]
