"""A short marketplace in records: an edition, a table, the form that comes of it, its seal; and another edition."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from domain.contract.events import ContractCertified, ContractDrafted, ContractSigned
from domain.envelope import Actor, Envelope
from domain.identity import ContractId, EventId, MarketplaceId, NegotiationId, PersonId, StreamId, TenantId, contract_of
from domain.identity import register_of as register
from domain.instant import instant
from domain.marketplace.events import MarketplacePlanned
from domain.names import name_of
from domain.negotiation.events import NegotiationOpened, TermsProposed
from domain.organisation.events import OrganisationRegistered, RepresentativeNamed
from domain.register import ContractNumbered
from infra.clock import fresh_id, now
from infra.event_log.outcomes import Append, Appended
from infra.event_log.store import EventLog
from tests.golden.samples import sample


def fact(kind: type, **said: Any) -> Any:
    """A fact with everything filled, and with what is `said`."""
    return replace(sample(kind, 0), **said)


class Story:
    """Records of one host, each stream's versions in a row."""

    def __init__(self, tenant: TenantId) -> None:
        self.tenant = tenant
        self.edition = MarketplaceId(StreamId(fresh_id()))
        self.other = MarketplaceId(StreamId(fresh_id()))
        self.table = NegotiationId(StreamId(fresh_id()))
        self.contract = contract_of(self.table)
        self.elsewhere = ContractId(StreamId(fresh_id()))
        self.notary = PersonId(str(uuid5(NAMESPACE_URL, self.edition)))
        self._versions: dict[StreamId, int] = {}

    def told(self) -> list[Envelope]:
        """The whole of it."""
        form = sample(ContractDrafted, 0).form
        return [
            self.say(self.edition, fact(MarketplacePlanned)),
            self.say(self.other, fact(MarketplacePlanned)),
            self.say(StreamId(fresh_id()), fact(OrganisationRegistered), sealed={"name": "ab" * 32}),
            self.say(StreamId(fresh_id()), fact(RepresentativeNamed, person=self.notary)),
            self.say(self.table, fact(NegotiationOpened, marketplace=self.edition)),
            self.say(self.table, fact(TermsProposed)),
            self.say(
                self.contract, ContractDrafted(form=replace(form, marketplace=self.edition, negotiation=self.table))
            ),
            self.say(self.elsewhere, ContractDrafted(form=replace(form, marketplace=self.other, negotiation=None))),
            self.say(self.contract, fact(ContractSigned)),
            self.say(self.elsewhere, fact(ContractSigned)),
            self.say(self.contract, fact(ContractCertified, notary=self.notary, number=1)),
            self.say(register(self.edition), ContractNumbered(marketplace=self.edition, contract=self.contract)),
        ]

    def at(self, table: StreamId, *, public: bool) -> Envelope:
        """A seal on a form of its own, of which everybody may hear, or a word at a table, of which nobody else does."""
        if public:
            return self.say(StreamId(fresh_id()), fact(ContractCertified, notary=self.notary, number=1))
        return self.say(table, fact(TermsProposed))

    def say(self, stream: StreamId, data: Any, sealed: dict[str, str] | None = None) -> Envelope:
        """The next record of a stream."""
        self._versions[stream] = self._versions.get(stream, 0) + 1
        return Envelope(
            origin=f"handschlag/{self.tenant}",
            id=EventId(fresh_id()),
            stream=stream,
            version=self._versions[stream],
            type=name_of(data),
            time=instant(now()),
            actor=Actor(id=self.notary, role="clerk", on_behalf_of=None),
            cause=EventId(fresh_id()),
            correlation="a request",
            rehearsal=False,
            data=data,
            sealed=sealed or {},
        )


async def sprinkled(log: EventLog, tenant: TenantId, length: int, certified: Collection[int]) -> None:
    """A log of so many records, of which everybody may hear those at the `certified` positions alone."""
    story, table = Story(tenant), StreamId(fresh_id())
    for begin in range(1, length + 1, 500):
        positions = range(begin, min(begin + 500, length + 1))
        await record(log, tenant, [story.at(table, public=position in certified) for position in positions])


async def record(log: EventLog, tenant: TenantId, entries: Sequence[Envelope]) -> int:
    """Append the records; answers the position of the last."""
    expected: dict[StreamId, int] = {}
    for entry in entries:
        expected.setdefault(entry.stream, entry.version - 1)
    outcome = await log.append(Append(tenant=tenant, expected=expected, guards={}, entries=entries))
    assert isinstance(outcome, Appended)
    return outcome.last
