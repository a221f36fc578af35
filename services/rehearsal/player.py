"""Plays a story over HTTP: many desks at once, each step once, in its order and, if wished, at its moment.

Nothing is kept here: a key per step, made from the script, lets a killed player that starts again with the same
arguments get the first answer to all that was done, and go on from there.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from typing import Any
from uuid import UUID, uuid5

from domain.frozen import dataclass
from domain.instant import Instant, instant, moment
from services.rehearsal.asking import CONNECTIONS, Asking
from services.rehearsal.prepare import CLOSE
from services.rehearsal.script import Script
from services.rehearsal.steps import EDITION, Desk, HashOf, Moment, Person, Reference, Step, Thing, resolve
from services.rehearsal.story import Story, tell
from services.rehearsal.trouble import ClosedEarly, StepRefused, StoryEndedOtherwise

ROLES = ("host_admin", "lead", "moderator", "clerk", "broker", "notary", "valuer", "follow_up_officer")
"""The desks that a rehearsal needs keys for."""

HOW_TO_GO_ON = "Start it again with the same arguments: it goes on where it stopped, and nothing is done twice."

LAPSE = 60.0
"""Seconds that the timekeeper has, after the gong, to let open negotiations lapse."""

_OVER = frozenset(
    f"/problems/{refusal}" for refusal in ("trading-not-open", "marketplace-over", "too-late", "negotiation-over")
)
"""What the service says when somebody else has ended trading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a rehearsal is. `moment` is in seconds after the opening gong (before it: negative).

    `repeated` counts the steps that an earlier run had done already.
    """

    steps: int
    of_steps: int
    certified: int
    of_contracts: int
    moment: float
    repeated: int
    doing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the ledger says at the end of a rehearsal: certified contracts, and their counted value in cents."""

    marketplace: str
    contracts: int
    value_minor: int
    lapsed: int
    steps: int
    repeated: int


Watch = Callable[[Progress], None]


async def play(base_url: str, access: Mapping[str, str], script: Script, watch: Watch | None = None) -> Outcome:
    """Play `script` at the service with the host's keys by role, and wait until the ledger tells its end.

    Raises `RehearsalTrouble`. Cancelling it stops at once; how to go on, `HOW_TO_GO_ON` says.
    """
    async with Asking(base_url, script.host, access) as asking:
        asking.must_hold(*ROLES)
        script = replace(script, date=await _day_of_a_begun_one(asking, script))
        story = tell(script)
        player = _Player(asking, story, watch)
        try:
            await player.run()
        except StepRefused as refused:
            await player.must_not_be_closed(refused)
            raise
        return await player.outcome()


async def _day_of_a_begun_one(asking: Asking, script: Script) -> date:
    """A rehearsal that was begun yesterday goes on with yesterday's date."""
    for edition in await asking.every("marketplaces"):
        if edition["rehearsal"] and edition["title"] == script.edition_title and edition["date"]:
            return date.fromisoformat(edition["date"])
    return script.date


class _Clock:
    """When the steps of a story are due. It starts with the first step on the floor that is done for the first time."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._zero: float | None = None

    @property
    def waits(self) -> bool:
        """Whether steps on the floor still have to come one by one: what is done already shows where to start."""
        return bool(self._speed) and self._zero is None

    def start(self, at: float) -> None:
        if self.waits:
            self._zero = asyncio.get_running_loop().time() - at / self._speed

    def wait_for(self, at: float) -> float:
        """Seconds until `at` comes."""
        if not self._speed or self._zero is None or at <= 0:
            return 0.0
        return self._zero + at / self._speed - asyncio.get_running_loop().time()


class _Player:
    """Hands out steps whose turn has come, earliest first. All state is in memory and comes again from the service."""

    def __init__(self, asking: Asking, story: Story, watch: Watch | None) -> None:
        self._asking = asking
        self._story = story
        self._watch = watch
        self._steps = {step.name: step for step in story.steps}
        self._rank = {step.name: rank for rank, step in enumerate(story.steps)}
        self._missing = {step.name: len(set(step.after)) for step in story.steps}
        self._followers: dict[str, list[str]] = {}
        for step in story.steps:
            for before in set(step.after):
                self._followers.setdefault(before, []).append(step.name)
        self._ready: list[tuple[int, str]] = []
        self._running: dict[asyncio.Task[None], str] = {}
        self._clock = _Clock(story.script.speed)
        self._ids: dict[str, str] = {}
        self._versions: dict[str, int] = {}
        self._members: dict[str, str] = {}
        self._acted_at: dict[str, int] = {}
        self._positions: dict[str, int] = {}
        self._moments: dict[str, datetime] = {}
        self._closed = False
        self._done = self._certified = self._repeated = 0

    async def run(self) -> None:
        """Play all steps. When one fails or the play is cancelled, those under way are dropped; they come again."""
        for name, missing in self._missing.items():
            if not missing:
                heappush(self._ready, (self._rank[name], name))
        try:
            while self._ready or self._running:
                pause = self._hand_out()
                if self._running:
                    done, _ = await asyncio.wait(self._running, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
                    for task in done:
                        self._finish(self._running.pop(task), task)
                elif pause is not None:
                    await asyncio.sleep(pause)
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    def _hand_out(self) -> float | None:
        """Start what is due; answers the seconds until the next step is, or None when none waits for its moment."""
        while self._ready and len(self._running) < CONNECTIONS:
            _, name = self._ready[0]
            step = self._steps[name]
            if self._clock.waits and step.at >= 0 and self._running:
                return None
            pause = self._clock.wait_for(step.at)
            if pause > 0:
                return pause
            heappop(self._ready)
            self._running[asyncio.create_task(self._take(step))] = name
        return None

    def _finish(self, name: str, task: asyncio.Task[None]) -> None:
        task.result()
        self._done += 1
        self._closed = self._closed or name == CLOSE
        for follower in self._followers.get(name, ()):
            self._missing[follower] -= 1
            if not self._missing[follower]:
                heappush(self._ready, (self._rank[follower], follower))
        self._report(self._steps[name])

    def _report(self, step: Step) -> None:
        self._certified += step.name in self._story.seals
        if self._watch is not None:
            self._watch(
                Progress(
                    steps=self._done,
                    of_steps=len(self._steps),
                    certified=self._certified,
                    of_contracts=self._story.script.contracts,
                    moment=step.at,
                    repeated=self._repeated,
                    doing=step.name,
                )
            )

    async def _take(self, step: Step) -> None:
        for told in step.body.values():
            if isinstance(told, Desk):
                await self._know_member(told.role)
            elif isinstance(told, Moment):
                await self._know_moment(told.step)
        path, version = step.path, None
        if step.thing is not None:
            thing = self._ids[step.thing]
            path, version = path.replace("{id}", thing), self._versions[thing]
        body = resolve(step.body, self._known)
        key = f"rehearsal/{self._story.script.run}/{step.name}"
        receipt = await self._asking.post(step.name, step.role, path, body, key, version)
        self._learn(step, receipt)

    def _learn(self, step: Step, receipt: Mapping[str, Any]) -> None:
        for record in receipt["records"]:
            stream = record["stream"]
            self._versions[stream] = max(record["version"], self._versions.get(stream, 0))
        self._acted_at.setdefault(step.role, receipt["position"])
        self._positions[step.name] = receipt["position"]
        if step.makes is not None:
            self._ids[step.makes] = receipt["id"]
        if receipt["replayed"]:
            self._repeated += 1
        elif step.at >= 0:
            self._clock.start(step.at)

    def _known(self, reference: Reference) -> str:
        match reference:
            case Thing(name=name):
                return self._ids[name]
            case Person(name=name):
                return str(uuid5(UUID(self._ids[EDITION]), name))
            case Desk(role=role):
                return self._members[role]
            case Moment(step=step, minutes=minutes):
                return instant(self._moments[step] + timedelta(minutes=minutes))
            case HashOf():
                raise TypeError("terms are hashed when their references are known")

    async def _know_member(self, role: str) -> None:
        """Who holds the desk's key: the records say under which pseudonym it acts. Known from one of its own."""
        if role not in self._members:
            record = await self._asking.record(self._acted_at[role])
            self._members[role] = record["entry"]["actor"]["id"]

    async def _know_moment(self, step: str) -> None:
        """When a step was recorded: its record says so, in a later run too."""
        if step not in self._moments:
            record = await self._asking.record(self._positions[step])
            self._moments[step] = moment(Instant(record["entry"]["time"]))

    async def must_not_be_closed(self, refused: StepRefused) -> None:
        """Tell a refusal's deeper reason, if it is that trading is over; raises `ClosedEarly`."""
        if self._closed or EDITION not in self._ids:
            return
        edition = await self._asking.get(f"marketplaces/{self._ids[EDITION]}")
        if refused.type_name in _OVER or edition["state"] in ("over", "follow_up", "archived", "called_off"):
            raise ClosedEarly(
                f"{edition['title']}: trading ended before the story did. Play another one: choose another seed."
            ) from refused

    async def outcome(self) -> Outcome:
        """Wait until nothing is open any more, and compare the ledger with the story."""
        edition = self._ids[EDITION]
        lapsed = await self._no_table_is_open(edition)
        results = await self._asking.get(f"marketplaces/{edition}/results")
        ledger = results["ledger"]
        outcome = Outcome(
            marketplace=edition,
            contracts=ledger["contracts"],
            value_minor=ledger["value_minor"],
            lapsed=lapsed,
            steps=self._done,
            repeated=self._repeated,
        )
        if (outcome.contracts, outcome.value_minor) != (self._story.script.contracts, self._story.minor):
            raise StoryEndedOtherwise(
                f"The ledger has {outcome.contracts} contracts worth {outcome.value_minor} cents, the story "
                f"{self._story.script.contracts} worth {self._story.minor}. Somebody else traded here too."
            )
        return outcome

    async def _no_table_is_open(self, edition: str) -> int:
        """Wait until the timekeeper has let lapse what the gong found undecided; answers how many tables it was."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + LAPSE
        while (await self._asking.get("negotiations", marketplace=edition, state="proposed"))["items"]:
            if loop.time() > deadline:
                raise StoryEndedOtherwise(
                    f"Tables are still open {LAPSE:.0f} seconds after the gong: does the timekeeper run?"
                )
            await asyncio.sleep(0.2)
        return len(await self._asking.every("negotiations", marketplace=edition, state="lapsed"))
