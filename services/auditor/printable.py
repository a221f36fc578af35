"""What strangers say, as it can be shown on a terminal: their signs, and no orders to the terminal."""

import io
import sys


def printable(line: str) -> str:
    r"""A line in which all that isn't a visible sign or a space is written as an escape (`\x1b`, `\u202e`, `\n`).

    That is control characters, line ends, what changes the direction of writing, and halves of surrogate pairs.
    """
    return line if line.isprintable() else "".join(map(_visible, line))


def _visible(sign: str) -> str:
    return sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii")


def write_anywhere() -> None:
    """Let standard output and error write what their encoding doesn't have as escapes: a report is never cut short.

    That is for the whole process, so it is its entry that asks for it.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
