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
        name = f"listing/{self.number}"
        body = {
            "marketplace": Thing(EDITION),
            "by": self.by,
            "kind": self.kind.value,
            "area": self.area,
            "title": self.title,
            "quantity": self.quantity,
            "unit": self.unit,
        }
        admitted = self.by.name.replace("party/", "admit/")
        at = LIST + self.number / 10
        put_up = Step(name=name, at=at, role="clerk", path="listings", body=body, after=(admitted,), makes=name)
        if not self.taken_back:
            return [put_up]
        withdrawn = Step(
            name=f"{name}/withdraw",
            at=WITHDRAW + self.number / 10,
            role="clerk",
            path="listings/{id}/withdraw",
            body={"by": self.by},
            after=(name,),
            thing=name,
        )
        return [put_up, withdrawn]


class Board:
    """Everybody's listings. Tables draw on it first; then it is filled with what nobody takes."""

    def __init__(self, script: Script) -> None:
        self._dice = Dice(script.seed, "listings")
        self._areas = [slug for slug, _ in script.areas]
        self._listed: dict[tuple[Thing, ListingKind, str], _Listing] = {}

    def draw(self, terms: Body) -> Body:
        """The same terms, some of whose pledges now take from a listing of giver or receiver."""
        return {**terms, "pledges": tuple(self._drawn(pledge) for pledge in terms["pledges"])}

    def _drawn(self, pledge: Mapping[str, object]) -> Body:
        """What a giver offers is an offer, what a receiver wants is a need; nobody promises what others listed."""
        if not self._dice.chance(0.35):
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
        """Offers and needs from which no contract comes; a few are taken back."""
        for guest in guests:
            if self._dice.chance(0.35):
                self._fill(guest)

    def _fill(self, guest: Guest) -> None:
        kind = self._dice.pick(tuple(ListingKind))
        from_company = (guest.side is Side.COMPANY) == (kind is ListingKind.OFFER)
        article = self._dice.pick(
            (COMPANY_HOURS + COMPANY_OTHER) if from_company else (NONPROFIT_HOURS + NONPROFIT_OTHER)
        )
        if (guest.party, kind, article.title) in self._listed:
            return
        area = self._areas[article.area % len(self._areas)]
        listing = self._of(guest.party, kind, area, article.title, article.unit)
        listing.quantity = self._dice.whole(1, 12)
        listing.taken_back = self._dice.chance(0.1)

    def steps(self) -> list[Step]:
        """What is put up, and what is taken back before the gong."""
        return [step for listing in self._listed.values() for step in listing.steps()]
