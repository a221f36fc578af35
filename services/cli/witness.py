"""`handschlag witness`: cosign the checkpoints of logs that others run: they can't rewrite what it has seen."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import rich_click as click
import uvicorn

from domain.transparency.note import ED25519, NoteMalformed, VerifierKey, is_name
from infra.signing.keys import witness_key
from infra.signing.seeds import make_seed
from infra.signing.witnessed import LogKeyFile, WitnessBook
from services.cli.command import settings
from services.witness.app import Witness


@click.command("witness")
@click.option("--port", type=click.IntRange(0, 65535), required=True, help="The TCP port to listen on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--name", required=True, help="This witness's name for ever, like witness.example.org/pruefverein.")
@click.option(
    "--logs",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    required=True,
    help="A file with the keys of the logs to watch, a vkey a line, as /.well-known/handschlag-log-keys answers them.",
)
def witness_command(port: int, host: str, name: str, logs: Path) -> None:
    """Witness other people's logs (C2SP tlog-witness). Key and memory lie in HANDSCHLAG_HOME.

    Run it on a machine of your own, under nobody's orders who runs the logs; and never from a restored backup of
    its memory: a witness that has forgotten cosigns what it should refuse.
    """
    home = settings().home
    if not is_name(name):
        raise click.UsageError("A witness's name has no spaces and no plus.")
    key = witness_key(make_seed(home / "keys" / "witness.seed"), name)
    known = _Known(logs)
    known.keys("")
    book = WitnessBook(home / "witness")
    book.open()
    try:
        click.echo(str(key.verifier))
        click.echo(f"Witnessing the logs of {logs} on http://{host}:{port}", err=True)
        app = Witness(key, known.keys, book)
        uvicorn.run(app, host=host, port=port, lifespan="off", log_config=None, access_log=False, server_header=False)
    finally:
        book.close()


class _Known:
    """The logs of a file, by their origins; read anew when it has changed."""

    def __init__(self, path: Path) -> None:
        self._file = LogKeyFile(path)
        self._lines: Sequence[str] = ()
        self._keys: dict[str, list[VerifierKey]] = {}

    def keys(self, origin: str) -> Sequence[VerifierKey]:
        """The keys that are trusted for a log. Raises `click.ClickException` when a line isn't one."""
        lines = self._file.lines()
        if lines is not self._lines:
            found: dict[str, list[VerifierKey]] = defaultdict(list)
            for line in lines:
                try:
                    key = VerifierKey.parse(line)
                except NoteMalformed as error:
                    raise click.ClickException(f"{line[:100]}: {error}") from error
                if key.kind == ED25519:
                    found[key.name].append(key)
            self._lines, self._keys = lines, found
        return self._keys.get(origin, ())
