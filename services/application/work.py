"""One judgement of one request: the streams it saw, the facts it wants recorded."""

from collections.abc import Sequence
from typing import Any

from domain.access.roles import Role
from domain.aggregates import MARKETPLACE, ORGANISATION, PARTICIPATION, PERSON, Aggregate
from domain.envelope import Actor, Envelope
from domain.identity import EventId, OrganisationId, ParticipationId, PersonId, StreamId, person_stream
from domain.instant import Instant
from domain.names import name_of
from domain.negotiation.refusals import TooFewParties
from domain.organisation.state import Organisation
from domain.person.decisions import must_be_held
from domain.personal import Personal, must_be_in_words
from domain.refusal import NotThere
from infra.clock import fresh_id
from infra.event_log.outcomes import Append, Read
from infra.event_log.store import EventLog
from infra.vault.leaving import Destruction
from services.application.asking import ANY_VERSION, Wish
from services.application.seen import Seen, SeenStreams, fold
from services.application.trouble import NotYourOrganisation, OnlyYourEdition, VersionMissing, VersionStale


class Work:
    """What a handler works with. Streams it sees and doesn't write become guards: nothing it judged by may move.

    Facts are recorded in the order in which they are handed over, the first stream being the one asked about.
    """

    def __init__(
        self,
        wish: Wish,
        target: StreamId,
        at: Instant,
        zone: str,
        log: EventLog,
        held: SeenStreams,
        read: Read,
        *,
        creates: bool,
        fresh: bool,
    ) -> None:
        self.wish = wish
        self.at = at
        self.zone = zone
        """The host's time zone, an IANA name: by its calendar days are over."""
        self.judged_from_cache = False
        self.on_behalf_of: ParticipationId | None = None
        self.personal: Personal | None = None
        self.destroys: Destruction | None = None
        self._target = target
        self._log = log
        self._held = held
        self._read = read
        self._creates = creates
        self._fresh = fresh
        self._seen: dict[StreamId, Seen] = {}
        self._kinds: dict[StreamId, Aggregate] = {}
        self._facts: dict[StreamId, list[Any]] = {}

    @property
    def member(self) -> PersonId:
        """The caller's pseudonym."""
        return PersonId(self.wish.caller.member)

    async def see(self, aggregate: Aggregate, stream: StreamId) -> Any:
        """The state of a stream; raises `NotThere` when the stream is of another kind."""
        if not self._at_hand(aggregate, stream):
            await self.see_all(aggregate, (stream,))
        return self._seen[stream].state

    async def see_all(self, aggregate: Aggregate, streams: Sequence[StreamId]) -> list[Any]:
        """The states of several streams of one kind, read in one round trip where they aren't at hand."""
        tenant = self.wish.caller.tenant
        missing = [stream for stream in streams if not self._at_hand(aggregate, stream)]
        if missing:
            read = await self._log.read(tenant, None, missing)
            for stream in missing:
                seen = fold(aggregate, read.streams[stream])
                self._held.put(tenant, stream, aggregate, seen)
                self._remember(aggregate, stream, seen)
        return [self._seen[stream].state for stream in streams]

    @property
    def reaches_beyond_the_log(self) -> bool:
        """Whether the vault is to keep or to destroy something, too: nothing that an append could take back."""
        return self.personal is not None or self.destroys is not None

    async def must_keep_of_nobody_erased(self) -> None:
        """What is to be kept is in words, and of somebody on whom things may be held.

        Of most persons nothing is recorded, and who is erased is known to the vault as well: so nothing is read at
        first. A record of theirs, be it an erasure in between, fails the append.
        """
        if self.personal is not None:
            must_be_in_words(self.personal)
            person = person_stream(self.personal.person)
            if not (self._fresh or self._at_hand(PERSON, person)):
                self._assume_nothing(PERSON, person)
            must_be_held(await self.see(PERSON, person))

    async def head(self) -> int:
        """How far the host's log reaches. It only grows: what it has reached needs no guard."""
        return (await self._log.head(self.wish.caller.tenant)).size

    def _at_hand(self, aggregate: Aggregate, stream: StreamId) -> bool:
        if stream in self._seen:
            if self._kinds[stream] is not aggregate:
                raise NotThere
            return True
        if stream in self._read.streams:
            self._remember(aggregate, stream, fold(aggregate, self._read.streams[stream]))
            return True
        held = None if self._fresh else self._held.get(self.wish.caller.tenant, stream, aggregate)
        if held is None:
            if self._fresh or not (self._creates and stream == self._target):
                return False
            self._assume_nothing(aggregate, stream)
            return True
        self.judged_from_cache = True
        self._remember(aggregate, stream, held)
        return True

    def _assume_nothing(self, aggregate: Aggregate, stream: StreamId) -> None:
        """Take it that the stream doesn't exist: recorded on that condition, or judged again."""
        self.judged_from_cache = True
        self._remember(aggregate, stream, Seen(0, aggregate.nothing, None))

    def _remember(self, aggregate: Aggregate, stream: StreamId, seen: Seen) -> None:
        if stream == self._target:
            self._must_be_what_was_seen(seen.version)
        self._seen[stream] = seen
        self._kinds[stream] = aggregate

    def _must_be_what_was_seen(self, version: int) -> None:
        """If-Match (RFC 9110 §13.1.1), before anything is decided: what is changed is what the caller saw."""
        seen = self.wish.if_match
        if self._creates or version == 0 or seen == ANY_VERSION:
            return
        if seen is None:
            raise VersionMissing
        if seen != version:
            raise VersionStale(version)

    def record(self, stream: StreamId, facts: Sequence[Any]) -> None:
        """Let `facts` be recorded on a stream that was seen."""
        self._facts.setdefault(stream, []).extend(facts)

    async def speak_for(self, party: ParticipationId) -> None:
        """Act for a party: a representative only for an organisation that named them; a desk names whom it acts for."""
        self.on_behalf_of = party
        if self.wish.caller.role is Role.REPRESENTATIVE:
            participation = await self.see(PARTICIPATION, party)
            await self._must_represent(() if participation is None else (participation.organisation,))

    async def speak_for_one_of(self, organisations: Sequence[OrganisationId]) -> None:
        """Act as one of several organisations, without saying for which."""
        if self.wish.caller.role is Role.REPRESENTATIVE:
            await self._must_represent(organisations)

    async def _must_represent(self, organisations: Sequence[OrganisationId]) -> None:
        known = await self.see_standing(organisations)
        if not any(organisation and self.member in organisation.representatives for organisation in known):
            raise NotYourOrganisation

    async def see_standing(self, organisations: Sequence[OrganisationId]) -> list[Organisation | None]:
        """The organisations; in place of a duplicate the entry that was kept, which knows its representatives."""
        await self.see_all(ORGANISATION, organisations)
        return await self.see_all(ORGANISATION, [await self.standing_for(one) for one in organisations])

    async def standing_for(self, organisation: OrganisationId) -> OrganisationId:
        """The organisation itself; a duplicate's is the entry that was kept."""
        while (known := await self.see(ORGANISATION, organisation)) is not None and known.merged_into is not None:
            organisation = known.merged_into
        return organisation

    async def must_be_distinct(self, organisations: Sequence[OrganisationId]) -> None:
        """Nobody trades with themselves: two entries of one organisation are one. Raises `TooFewParties`."""
        await self.see_all(ORGANISATION, organisations)
        if len({await self.standing_for(one) for one in organisations}) < len(organisations):
            raise TooFewParties

    def must_stay_in_its_edition(self) -> None:
        """A member of one edition records nothing of another, nor of what the host's editions share.

        It may register an organisation that nobody knew: people walk in.
        """
        only = self.wish.caller.marketplace
        if only is None:
            return
        for stream, facts in self._facts.items():
            kind, before = self._kinds[stream], self._seen[stream].state
            walks_in = kind is ORGANISATION and before is None
            home = stream if kind is MARKETPLACE else _edition_of(before) or _edition_of(facts[0])
            if home != only and not walks_in:
                raise OnlyYourEdition

    def append(self, origin: str, sealed: dict[str, str], first_event: EventId, fingerprint: bytes) -> Append:
        """What is to be appended; `sealed` commitments stand in the first entry, whose id is `first_event`.

        `fingerprint` is what is kept of the request beside its key.
        """
        caller = self.wish.caller
        actor = Actor(id=caller.member, role=caller.role.value, on_behalf_of=self.on_behalf_of)
        entries: list[Envelope] = []
        for stream, facts in self._facts.items():
            for version, fact in enumerate(facts, start=self._seen[stream].version + 1):
                entries.append(
                    Envelope(
                        origin=origin,
                        id=EventId(fresh_id()) if entries else first_event,
                        stream=stream,
                        version=version,
                        type=name_of(fact),
                        time=self.at,
                        actor=actor,
                        cause=entries[0].id if entries else None,
                        correlation=self.wish.correlation,
                        rehearsal=self._is_rehearsal(stream),
                        data=fact,
                        sealed={} if entries else sealed,
                    )
                )
        return Append(
            tenant=caller.tenant,
            key=self.wish.key,
            request=fingerprint,
            expected={stream: self._seen[stream].version for stream in self._facts},
            guards={stream: seen.version for stream, seen in self._seen.items() if stream not in self._facts},
            entries=entries,
        )

    def remember_outcome(self) -> None:
        """After the append: hold the written streams as they stand now."""
        for stream, facts in self._facts.items():
            seen, aggregate = self._seen[stream], self._kinds[stream]
            after = Seen(seen.version + len(facts), aggregate.fold(seen.state, facts), self._is_rehearsal(stream))
            self._held.put(self.wish.caller.tenant, stream, aggregate, after)

    def _is_rehearsal(self, stream: StreamId) -> bool:
        """A record is a rehearsal's when the edition, or the thing asked about, is.

        A person may be in both: what is erased of them is told of each thing as that thing is.
        """
        if self.destroys is not None:
            return bool(self._seen[stream].rehearsal)
        if any(seen.rehearsal for seen in self._seen.values()):
            return True
        first = next(iter(self._facts.values()))[0]
        told = getattr(first, "plan", first)
        return bool(getattr(told, "rehearsal", False))


def _edition_of(told: Any) -> StreamId | None:
    """The edition that a state or a fact belongs to, if to one: its own member's, or its form's."""
    return getattr(told, "marketplace", None) or getattr(getattr(told, "form", None), "marketplace", None)
