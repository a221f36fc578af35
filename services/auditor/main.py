"""`verify FILE|ADDRESS [--key VKEY …] [--policy FILE] [--held FILE …] [--json] …`; ends with 0, 1 (findings) or 2."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from domain.transparency.note import NoteMalformed, VerifierKey
from domain.transparency.policy import Policy, PolicyMalformed
from services.auditor import report as reports
from services.auditor.bundle import Bundle, CantOpen, NothingToCheck
from services.auditor.printable import printable, write_anywhere
from services.auditor.trust import Held, Trust
from services.auditor.verify import Report, verify

GENUINE, FOUND, NO_BUNDLE = 0, 1, 2

MOST_PROCESSES = 64

MOST_KEY = 1_000
"""Bytes of a file with an access key."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a bundle or a service and print the report; answers the exit code."""
    write_anywhere()
    asked = _parser().parse_args(arguments)
    try:
        trust = _trust(asked)
        report = _service(asked, trust) if _is_address(asked.file) else _bundle(asked, trust)
    except CantOpen as error:
        _say(f"this is no bundle that can be opened: {error}")
        return NO_BUNDLE
    except (OSError, NoteMalformed, PolicyMalformed, NothingToCheck) as error:
        _say(f"{error}")
        return NO_BUNDLE
    except MemoryError:
        _say("there isn't as much memory as it takes: nothing was verified")
        return NO_BUNDLE
    sys.stdout.write((reports.told(report) if asked.json else "\n".join(reports.words(report))) + "\n")
    return FOUND if report.counted else GENUINE


class _Unusable(NothingToCheck):
    """Arguments that don't go together."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify", description="Check an export bundle, or a running service: history, signatures, ledger."
    )
    parser.add_argument(
        "file", help="the bundle, a ZIP; or a host's address at a service, like https://SERVICE/v1/HOST"
    )
    parser.add_argument("--key", action="append", default=[], help="a verifier key (vkey) that you trust; repeatable")
    parser.add_argument("--policy", type=Path, help="a tlog-policy file that names witnesses and their quorum")
    parser.add_argument("--held", action="append", default=[], type=Path, help="a checkpoint that you kept; repeatable")
    parser.add_argument(
        "--disclosed", type=Path, help="values with their salts, as log/disclosures.ndjson answers them"
    )
    parser.add_argument("--json", action="store_true", help="the report for programs")
    parser.add_argument(
        "--processes", type=_number, metavar="N", help="check with so many processes; without it, with as many as help"
    )
    service = parser.add_argument_group("at a service", "Without an access key only what is public is checked.")
    service.add_argument("--api-key-file", type=Path, help="a file with an auditor's access key")
    service.add_argument("--api-key-env", metavar="NAME", help="a variable that holds an auditor's access key")
    service.add_argument("--keep", type=Path, metavar="FILE", help="keep the bundle there; cut off, it goes on there")
    return parser


def _number(told: str) -> int:
    number = int(told)
    if not 1 <= number <= MOST_PROCESSES:
        raise argparse.ArgumentTypeError(f"from 1 to {MOST_PROCESSES}")
    return number


def _is_address(told: str) -> bool:
    return told.startswith(("http://", "https://"))


def _bundle(asked: argparse.Namespace, trust: Trust) -> Report:
    if asked.api_key_file or asked.api_key_env or asked.keep:
        raise _Unusable("--api-key-file, --api-key-env and --keep are for a service's address, not for a file")
    with Bundle(Path(asked.file)) as bundle:
        return verify(bundle, trust, _bar(asked, "records"), asked.processes)


def _service(asked: argparse.Namespace, trust: Trust) -> Report:
    # HTTP is a good part of what Python has to load, and a bundle is checked without it.
    from services.auditor.running import verify_service  # noqa: PLC0415
    from services.auditor.service import Service  # noqa: PLC0415

    service = Service.at(asked.file, _access_key(asked))
    if service.key is None and (asked.keep or asked.disclosed):
        raise _Unusable("without an access key there is no bundle: neither --keep nor --disclosed has a use")
    taking, reading = _bar(asked, "bytes"), _bar(asked, "records")
    return verify_service(service, trust, asked.keep, taking, _say, reading, asked.processes)


def _access_key(asked: argparse.Namespace) -> str | None:
    """The key, from a file or a variable: what stands on a command line, others can read."""
    if asked.api_key_file and asked.api_key_env:
        raise _Unusable("--api-key-file or --api-key-env, not both")
    if asked.api_key_file:
        with Path(asked.api_key_file).open("rb") as file:
            told = file.read(MOST_KEY).decode("ascii", "replace").strip()
    elif asked.api_key_env:
        told = os.environ.get(asked.api_key_env, "").strip()
    else:
        return None
    if not told or not told.isascii() or not told.isprintable() or " " in told:
        raise _Unusable("there is no access key in that file or variable")
    return told


def _trust(asked: argparse.Namespace) -> Trust:
    return Trust(
        keys=tuple(VerifierKey.parse(key) for key in asked.key),
        policy=None if asked.policy is None else Policy.parse(asked.policy.read_bytes()),
        held=tuple(Held.read(path) for path in asked.held),
        disclosed=asked.disclosed,
    )


def _bar(asked: argparse.Namespace, of_what: str) -> Callable[[int, int], None]:
    """A bar for people; nothing where nobody looks."""
    if asked.json or not sys.stderr.isatty():
        return _silent

    def show(done: int, of: int) -> None:
        share = 100 * done // max(of, 1)
        end = "\n" if done >= of else ""
        sys.stderr.write(f"\r{'#' * (share // 4):<25} {share:3d} %  {done:,} of {of:,} {of_what}{end}")
        sys.stderr.flush()

    return show


def _silent(_done: int, _of: int) -> None:
    pass


def _say(sentence: str) -> None:
    """What isn't the report: why nothing comes just now, also where no bar is shown, and why there is no report."""
    sys.stderr.write(f"verify: {printable(sentence)}\n")
    sys.stderr.flush()
