"""An edition's register: it gives certified contracts their numbers, 1, 2, 3 … without a gap."""

from domain.frozen import dataclass
from domain.identity import ContractId, MarketplaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractNumbered:
    """The next number went to `contract`. The number is this fact's version in the register's stream."""

    marketplace: MarketplaceId
    contract: ContractId


Fact = ContractNumbered
