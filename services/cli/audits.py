"""`handschlag verify`, `verifier` and `sample`: what auditors run, offline; the same code as `verify.pyz`."""

import sys
from pathlib import Path

import rich_click as click

from services.auditor.bundle import Bundle, CantOpen, Unreadable
from services.auditor.main import main as verify
from services.auditor.pack import fingerprint, packed
from services.auditor.printable import printable, write_anywhere
from services.auditor.sample import sample, told, words, write_receipts


@click.command(
    "verify",
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
    add_help_option=False,
)
@click.pass_context
def verify_command(context: click.Context) -> None:
    """Check an export bundle offline: history, signatures, ledger (exit code 0, 1 findings, 2 no bundle)."""
    sys.exit(verify(context.args))


@click.command("verifier")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("verify.pyz"), show_default=True)
def verifier_command(out: Path) -> None:
    """Write the verifier as one file that needs Python and nothing else, and tell its SHA-256."""
    raw = packed()
    out.write_bytes(raw)
    click.echo(f"{fingerprint(raw)}  {out}")


@click.command("sample")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--seed", required=True, help="Whoever names the same seed draws the same contracts.")
@click.option("--count", type=click.IntRange(1, 1000), default=5, show_default=True, help="How many contracts.")
@click.option(
    "--receipts", type=click.Path(path_type=Path, file_okay=False), help="A folder for every record's receipt."
)
@click.option("--json", "as_json", is_flag=True, help="The sample for programs.")
def sample_command(file: Path, seed: str, count: int, receipts: Path | None, as_json: bool) -> None:
    """Draw contracts from a bundle by a seed: each one's form, trail and receipts, and what was announced."""
    write_anywhere()
    try:
        with Bundle(file) as bundle:
            found = sample(bundle, seed, count)
    except CantOpen as error:
        raise click.UsageError(f"this is no bundle that can be opened: {error}") from None
    except Unreadable as error:
        raise click.ClickException(printable(f"{error}.")) from None
    click.echo(told(found) if as_json else "\n".join(words(found)))
    if receipts is not None:
        click.echo(f"{write_receipts(found, receipts)} receipts written to {receipts}", err=True)
