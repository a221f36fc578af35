"""`handschlag verify` and `handschlag verifier`: what auditors run; the same code as `verify.pyz`."""

import sys
from pathlib import Path

import rich_click as click

from services.auditor.main import main as verify
from services.auditor.pack import fingerprint, packed


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
