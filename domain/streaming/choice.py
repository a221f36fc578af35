"""What a reader has chosen to hear: the one filter of pulls, server-sent events, webhooks and the relay."""

from collections.abc import Mapping
from typing import Any

from domain.frozen import dataclass
from domain.identity import ContractId, MarketplaceId
from domain.streaming.audience import Audience
from domain.streaming.places import cases
from domain.streaming.visibility import visible, visible_types


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Records that `audience` may see, of `types` (none named: of all), of one edition, of one contract.

    A contract's records are those of its form, of the negotiation that it came of, its number, and what listings
    promise to it.
    """

    audience: Audience
    types: frozenset[str] = frozenset()
    marketplace: MarketplaceId | None = None
    contract: ContractId | None = None

    def sees(self, entry: Mapping[str, Any], edition: MarketplaceId | None) -> bool:
        """Whether a decoded entry, which belongs to `edition` (`infra.streams.feed` knows it), is among them."""
        return (
            (not self.types or entry["type"] in self.types)
            and visible(entry["type"], self.audience)
            and (self.marketplace is None or edition == self.marketplace)
            and (self.contract is None or self.contract in cases(entry))
        )

    def only_types(self) -> frozenset[str] | None:
        """The types of which a record can be at all, to ask for no others; None: any."""
        seen = visible_types(self.audience)
        if seen is None:
            return self.types or None
        return self.types & seen if self.types else seen
