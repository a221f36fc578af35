"""The tenants' writers at hand, and how much all of them hold: those that were idle longest make room."""

from collections import OrderedDict
from collections.abc import Iterable

from domain.identity import TenantId
from infra.projections.writer import Writer

MOST = 50_000
"""Things in hand over all tenants: those of two hundred editions, and some 100 MB."""


class Hands:
    """Writers by tenant. Owned by one projector, which makes room between its rounds: nobody is at work then."""

    def __init__(self) -> None:
        self._writers: OrderedDict[TenantId, Writer] = OrderedDict()
        self._held: dict[TenantId, int] = {}
        self._all = 0

    def get(self, tenant: TenantId) -> Writer | None:
        """The tenant's writer, from here on the one used last."""
        if tenant in self._writers:
            self._writers.move_to_end(tenant)
        return self._writers.get(tenant)

    def put(self, writer: Writer) -> None:
        """A writer for its tenant."""
        self._writers[writer.tenant] = writer

    async def make_room(self, moved: Iterable[TenantId]) -> None:
        """Take note of what those who `moved` hold now, and let go of what is too much; the last one keeps its own."""
        for tenant in moved:
            if tenant in self._writers:
                holds = self._writers[tenant].in_hand
                self._all += holds - self._held.get(tenant, 0)
                self._held[tenant] = holds
        while self._all > MOST and len(self._writers) > 1:
            tenant, writer = self._writers.popitem(last=False)
            self._all -= self._held.pop(tenant, 0)
            await writer.close()

    async def close(self) -> None:
        """Let go of everything."""
        for writer in self._writers.values():
            await writer.close()
        self._writers.clear()
        self._held.clear()
        self._all = 0

    def __len__(self) -> int:
        """How many writers hold something."""
        return len(self._writers)
