"""`handschlag serve`: API, pages, projector, signer, timekeeper, webhooks in one process that stops cleanly."""

import asyncio
import contextlib
import gc
import resource
import signal
import socket
from collections.abc import Awaitable, Callable
from functools import cache, partial
from importlib import import_module
from typing import Any

import structlog
import uvicorn
from litestar import Litestar

from domain.transparency.policy import Policy
from infra.postgres.away import TROUBLE
from infra.settings import Settings
from infra.shelf.shelf import Shelf
from infra.streams.feed import Feed
from infra.streams.tail import Tails
from services.api.app import api_routes
from services.api.keys import Doorkeeper
from services.api.outer import Outer
from services.api.pulling import Pulls
from services.api.streaming import Streams
from services.application.bundling.keeping import Bundles
from services.application.doorkeeping import Keyring
from services.application.listeners import Limits, Listeners
from services.application.proofs import Proofs
from services.application.webhooks.desk import Webhooks
from services.auditor.pack import packed
from services.cli.database import Database
from services.cli.front import Front, make_app, make_pages, make_rooms
from services.cli.house import House
from services.cli.later import Later
from services.cli.line import Line, line
from services.cli.playing import Playing
from services.cli.witness_policy import witness_policy
from services.projector.projector import Projector
from services.signer.signer import Signer
from services.timekeeper.sweeper import keep_sweeping
from services.timekeeper.timekeeper import Timekeeper

GRACE = 5
"""Seconds that open requests have to end after the service was told to stop."""

READING = 3
"""Of the log's connections, those that pulls and streams read by at the same time: the others are for commands."""

Prepare = Callable[[House, str], Awaitable[None]]
"""What a first start still has to do once the service answers; it gets the service's address."""

_log = structlog.get_logger(__name__)


class ServiceFailed(Exception):
    """A part of the service failed, and it stopped; its log says why. Nothing that was answered is lost."""


def make_room(listeners: int) -> None:
    """Let this process open a file for every listener, and some besides, as far as the system lets it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = listeners + 512
    soft = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    if soft > resource.getrlimit(resource.RLIMIT_NOFILE)[0]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, most))
    if soft < wanted:
        _log.warning("streams.few_files", files=soft, wanted=wanted)


def keep_for_good() -> None:
    """Take what stands by now (modules, routes, schemas) out of the garbage collector's rounds: it stays to the end.

    A full round over it stops everything for a tenth of a second, and a thousand listeners wait.
    """
    gc.freeze()
    gc.enable()


async def serve(database: Database, house: House, listener: socket.socket, prepare: Prepare | None) -> None:
    """Serve until SIGINT or SIGTERM. Order at the end: streams say bye, requests end, workers stop, log drains."""
    urls = database.urls
    make_room(database.settings.stream_listeners)
    later = Later()
    state = _Readiness(house, later.ready, prepared=prepare is None)
    projector = Projector(urls.follower, house.log.wakeups, read=house.log.decoded)
    state.caught_up = projector.caught_up
    timekeeper = Timekeeper(house.application, house.queries, house.log.wakeups)
    policy = witness_policy(database.settings)
    proofs = Proofs(house.log, policy)
    shelf = Shelf(database.settings.home / "bundles")
    verifier = cache(packed)
    bundles = Bundles(shelf, house.queries, proofs, verifier, house.stopping)
    webhooks = Webhooks(house.log, house.vault, database.settings.webhook_reach)
    playing = Playing(database.settings.home, f"http://{_address(listener)}", house.log, house.stopping)
    feed = Feed(house.log.pool, at_once=READING)
    listeners = _listeners(database.settings)
    streams = _streams(house, feed, listeners, database.settings)
    pulls = Pulls(feed, house.log.wakeups, house.vault, house.stopping, address=database.settings.address)
    keyring = Keyring(house.keys)
    doorkeeper = Doorkeeper(keyring)
    front = Front(
        partial(_api, house, doorkeeper, streams, state, pulls),
        partial(
            make_rooms,
            *(house.application, house.queries, proofs, bundles, webhooks, doorkeeper, playing),
            database.settings.address,
        ),
        partial(make_pages, house, keyring, listeners, playing.sandboxes),
        later,
    )
    outer = Outer(front, database.settings.body_patience)
    server = _Server(outer, line(database.settings.head_patience), house.stopping)
    work = {
        "database": database.keep(),
        "projector": projector.run(),
        "later": _after_start(front, verifier, later),
        "timekeeper": _behind(later, timekeeper.run),
        "sweeper": _behind(later, partial(keep_sweeping, house.application)),
        "bundles": _behind(later, bundles.run),
        **_outward(house, database.settings, policy, later),
    }
    if database.settings.signs:
        work["signer"] = Signer(urls.follower, house.log.wakeups, database.settings.home).run()
    if prepare is not None:
        work["prepare"] = _prepare(prepare, house, f"http://{_address(listener)}", state)
    workers = [asyncio.create_task(_watched(each, server), name=name) for name, each in work.items()]
    try:
        await front.api.there()  # made in the thread: the projector catches up meanwhile
        await server.serve(sockets=[listener])
    finally:
        later.close()
        await playing.close()
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    if server.broken is not None:
        raise ServiceFailed(f"{ServiceFailed.__doc__} ({server.broken})") from server.broken


def _listeners(settings: Settings) -> Listeners:
    return Listeners(
        Limits(
            patience=settings.stream_patience, lifetime=settings.stream_lifetime, listeners=settings.stream_listeners
        )
    )


def _streams(house: House, feed: Feed, listeners: Listeners, settings: Settings) -> Streams:
    tails = Tails(feed, house.log.wakeups, house.stopping, tick=settings.stream_patience / 2)
    return Streams(tails, house.vault, house.stopping, address=settings.address, listeners=listeners)


def _outward(house: House, settings: Settings, policy: Policy | None, later: Later) -> dict[str, Awaitable[None]]:
    """What calls the world by itself. No answer needs it, and its clients are loaded when the service is ready."""

    async def run(module: str, make: Callable[[Any], Any]) -> None:
        await later.started()
        await make(await later.load(partial(import_module, module))).run()

    urls, work = house.urls, dict[str, Awaitable[None]]()
    if settings.signs and policy is not None:
        work["cosigner"] = run("services.signer.cosigner", lambda module: module.Cosigner(urls.follower, policy))
    if settings.nats is not None:
        work["relay"] = run(
            "services.cli.relay", lambda module: module.make_relay(urls, house.log.wakeups, settings, settings.nats)
        )
    if settings.delivers:
        work["webhooks"] = run("services.cli.webhooks", lambda module: module.make_deliverer(house, settings))
    return work


async def _behind(later: Later, run: Callable[[], Awaitable[None]]) -> None:
    """Work that goes on by itself, and that no answer waits for."""
    await later.started()
    await run()


async def _after_start(front: Front, verifier: Callable[[], bytes], later: Later) -> None:
    """Load what a start doesn't wait for; `verify.pyz` is of the software that runs, whatever is installed next."""
    await later.started()
    await front.rooms.there()
    await front.pages.there()
    await later.load(verifier)
    keep_for_good()


def _api(house: House, doorkeeper: Doorkeeper, streams: Streams, state: "_Readiness", pulls: Pulls) -> Litestar:
    return make_app(api_routes(house.application, house.queries, doorkeeper, streams, state.missing, pulls))


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"{host}:{port}"


class _Readiness:
    """Whether everything that a start has to do is done. Once ready, only a lost database makes it unready."""

    def __init__(self, house: House, ready: asyncio.Event, *, prepared: bool) -> None:
        self._house = house
        self._ready = ready
        self.prepared = prepared
        self.caught_up: Callable[[], bool] = lambda: False

    async def missing(self) -> str | None:
        """What is still missing, or None."""
        try:
            await self._house.log.pool.fetchval("select 1", timeout=2)
        except TROUBLE:
            return "The database doesn't answer."
        if self._ready.is_set():
            return None
        if not self.prepared:
            return "The first start is still being prepared."
        if not self.caught_up():
            return "The lists are catching up with the records."
        self._ready.set()
        return None


class _Server(uvicorn.Server):
    """A uvicorn that tells open streams to end as soon as a signal comes."""

    def __init__(self, app: Outer, connection: type[Line], stopping: asyncio.Event) -> None:
        config = uvicorn.Config(
            app,
            loop="uvloop",
            http=connection,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
        super().__init__(config)
        self._stopping = stopping
        self.broken: BaseException | None = None

    def stop(self, broken: BaseException | None = None) -> None:
        """Begin to stop."""
        self.broken = self.broken or broken
        self._stopping.set()
        self.should_exit = True

    def handle_exit(self, sig: int, frame: object) -> None:  # noqa: ARG002 - uvicorn's signature
        """A signal asks us to stop; a second SIGINT doesn't wait for open requests."""
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.stop()

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        """Handle signals in the loop, and leave them handled: the process ends by itself."""
        loop = asyncio.get_running_loop()
        for sig in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sig, self.handle_exit, sig, None)
        yield


async def _watched(work: Awaitable[None], server: _Server) -> None:
    """A worker that fails takes the service down with it, loudly: a supervisor starts it anew."""
    try:
        await work
    except asyncio.CancelledError:
        raise
    except Exception as error:
        _log.exception("worker.failed")
        server.stop(error)


async def _prepare(prepare: Prepare, house: House, address: str, state: _Readiness) -> None:
    """The address answers as soon as it is asked: the socket listens already."""
    await prepare(house, address)
    state.prepared = True
