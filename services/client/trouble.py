"""What can go wrong between an integrator and a service, told so that a program can tell it apart."""

import json
from collections.abc import Mapping
from typing import Any

import httpx2

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same request may be answered otherwise in a moment."""


class ClientTrouble(Exception):
    """What was asked for couldn't be had, or can't be trusted."""


class Unreachable(ClientTrouble):
    """The service didn't answer, or not with anything that can be used."""


class Refused(ClientTrouble):
    """The service said no (RFC 9457): `status`, the lasting `type`, and a sentence in `detail`.

    `retry_after` is the service's own advice, in seconds, when it gave one.
    """

    def __init__(self, status: int, type_name: str, detail: str, retry_after: float | None = None) -> None:
        super().__init__(f"{status} {type_name}: {detail}")
        self.status = status
        self.type = type_name
        self.detail = detail
        self.retry_after = retry_after

    @property
    def passes(self) -> bool:
        """Whether asking again later may help."""
        return self.status in AGAIN


class PlaceUnknown(Refused):
    """The log hasn't come to the position after which you go on: your cursor is of another log, or it was set back.

    Asking again doesn't help, and what it records next would be left out. Read anew from 0, or ask the host.
    """


_KINDS: Mapping[str, type[Refused]] = {"/problems/not-recorded-yet": PlaceUnknown}


def refused(response: httpx2.Response) -> Refused:
    """The refusal that a response (read to its end) is; something between us and the service may not know problems."""
    after = response.headers.get("retry-after", "")
    seconds = float(after) if after.isascii() and after.isdigit() and len(after) < 6 else None
    try:
        told: Any = json.loads(response.content)
        errors = "; ".join(str(error) for error in told.get("errors", ()))
        kind = _KINDS.get(told["type"], Refused)
        return kind(response.status_code, str(told["type"]), f"{told['detail']} {errors}".strip(), seconds)
    except (ValueError, KeyError, AttributeError, TypeError):
        return Refused(response.status_code, "no-problem-document", response.text[:200], seconds)
