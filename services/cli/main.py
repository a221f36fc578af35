"""`handschlag`: what an operator and a host's desk can ask for. Errors are one clear line and an exit code.

A command's module is loaded when the command is asked for: a service starts without what only its auditors need.
"""

import gc
import os
import sys
from collections.abc import Mapping
from importlib import import_module

import rich_click as click
from click.exceptions import Exit

TROUBLE = 1
"""The exit code when something couldn't be done; wrong arguments exit with 2."""

GARBAGE = 20_000
"""Objects after which circles of garbage are looked for. Records and what is folded of them are made by the ten
thousand, hold no circles, and stay for a page: looking after every 700, as Python does, took a tenth of a rebuild.
"""

SHOW_TRACEBACK = "HANDSCHLAG_TRACEBACK"
"""A variable for whoever looks for a fault of ours."""

COMMANDS: Mapping[str, tuple[str, str]] = {
    "bench": ("bench.command", "command"),
    "export": ("exporting", "export_command"),
    "key": ("members", "key_group"),
    "log-keys": ("signing", "log_keys_group"),
    "projections": ("projections", "projections_group"),
    "rehearse": ("rehearse", "command"),
    "relay": ("relay", "relay_command"),
    "role": ("members", "role_group"),
    "sample": ("audits", "sample_command"),
    "sandbox": ("sandbox", "sandbox_group"),
    "serve": ("serving", "serve_command"),
    "signer": ("signing", "signer_command"),
    "tail": ("tail", "command"),
    "tenant": ("hosts", "tenant_group"),
    "vault": ("vault", "vault_group"),
    "verifier": ("audits", "verifier_command"),
    "verify": ("audits", "verify_command"),
    "webhooks": ("webhooks", "webhooks_command"),
    "witness": ("witness", "witness_command"),
}
"""Where each command is: a module of `services.cli`, and its name there."""


class Commands(click.RichGroup):
    """The commands of `COMMANDS`, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Their names."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command, or None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"services.cli.{module}"), name)
        gc.enable()
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="handschlag", prog_name="handschlag")
def cli() -> None:
    """Handschlag: marketplaces where companies and non-profits trade help for help."""


def main() -> None:
    """Run the command line, garbage resting until the command is loaded: no traceback for what a person can mend."""
    gc.set_threshold(GARBAGE)
    try:
        cli.main(standalone_mode=False)
    except Exit as ended:
        sys.exit(ended.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except Exception as error:
        sentence = import_module("services.cli.trouble").sentence(error)
        if sentence is None and os.environ.get(SHOW_TRACEBACK):
            raise
        _say(sentence or _fault(error))


def _fault(error: Exception) -> str:
    return f"something is wrong on our side: {type(error).__name__}: {error}. {SHOW_TRACEBACK}=1 shows where."


def _say(sentence: str) -> None:
    click.echo(f"handschlag: {sentence}", err=True)
    sys.exit(TROUBLE)
