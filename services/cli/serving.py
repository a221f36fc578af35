"""`handschlag serve`: the service from its start to its end."""

import asyncio
import gc
import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from importlib import import_module
from typing import Any

import rich_click as click

from infra.settings import Settings
from services.cli.command import run, settings
from services.cli.database import Database, database


class PortInUse(Exception):
    """Another program listens there. Stop it, or choose another port with HANDSCHLAG_PORT."""


@click.command("serve")
@click.option("--demo", "with_demo", is_flag=True, help="On first start, give the six hosts of 2006.")
def serve_command(with_demo: bool) -> None:
    """Serve API and pages until Ctrl-C or SIGTERM."""
    told = settings()
    listener = listen(told)
    gc.disable()  # what is made while starting stays to the end; `serve` turns it on again
    with ThreadPoolExecutor(1) as aside:
        house, service = (aside.submit(import_module, f"services.cli.{name}") for name in ("house", "serve"))
        with database(told) as running:  # starts while the service is loaded, which is most of a start
            prepare = partial(import_module("services.cli.demo").prepare, told) if with_demo else None
            click.echo(f"Handschlag listens on http://{told.host}:{listener.getsockname()[1]}", err=True)
            run(_serve(running, house, service, listener, prepare))


async def _serve(
    database: Database,
    house: "Future[Any]",
    service: "Future[Any]",
    listener: socket.socket,
    prepare: Callable[..., Any] | None,
) -> None:
    """Open the house as soon as its module is there, while the service's others are still being loaded."""
    async with house.result().open_house(database.urls, database.settings) as opened:
        serve = (await asyncio.wrap_future(service)).serve
        await serve(database, opened, listener, prepare)


def listen(settings: Settings) -> socket.socket:
    """The socket that is served. Raises `PortInUse`."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise PortInUse(f"{settings.host}:{settings.port}: {error.strerror}. {PortInUse.__doc__}") from error
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # Inherited by every connection: who takes nothing for so long is gone, or holds us up (RFC 5482).
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(2000 * settings.stream_patience))
    listener.setblocking(False)
    return listener
