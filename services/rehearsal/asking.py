"""Asking the service over HTTP, and not letting go: the same request with the same key until it is answered.

An idempotency key makes that safe. What was recorded before a connection broke or a service was killed is answered
again, not done again.
"""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx2

from services.rehearsal.trouble import KeysMissing, ServiceAway, StepRefused

PATIENCE = 60.0
"""Seconds for which a service that is away, busy or starting anew is asked again."""

CONNECTIONS = 24

_AGAIN = frozenset({500, 502, 503, 504})
"""The service may answer the same request otherwise in a moment. After a 500 its own advice is to ask again."""

_IN_FLIGHT = "/problems/key-in-flight"


class Asking:
    """The desks of one host: requests with the keys of their roles. Use it as an async context manager."""

    def __init__(self, base_url: str, tenant: str, access: Mapping[str, str], patience: float = PATIENCE) -> None:
        self.tenant = tenant
        self.position = 0
        self._access = access
        self._patience = patience
        limits = httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        self._http = httpx2.AsyncClient(base_url=base_url, timeout=30, limits=limits, trust_env=False)

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self._http.__aexit__(kind, error, where)

    def must_hold(self, *roles: str) -> None:
        """Raises `KeysMissing` unless every one of these desks has a key."""
        missing = [role for role in roles if not self._access.get(role)]
        if missing:
            raise KeysMissing(f"{self.tenant} has no key for: {', '.join(missing)}. Issue them: handschlag key create.")

    async def post(
        self, what: str, role: str, path: str, body: Mapping[str, Any], key: str, version: int | None = None
    ) -> dict[str, Any]:
        """The receipt of a request; `what` names it in errors. Raises `StepRefused` or `ServiceAway`."""
        headers = {"Idempotency-Key": key} | ({} if version is None else {"If-Match": f'"{version}"'})
        receipt = await self._ask(what, role, "POST", path, headers=headers, json=body)
        self.position = max(self.position, receipt["position"])
        return receipt

    async def get(self, path: str, role: str = "host_admin", **query: str | int) -> dict[str, Any]:
        """What stands at an address, when all that was posted here is told. Raises `StepRefused` or `ServiceAway`."""
        if self.position:
            query["wait_for"] = self.position
        return await self._ask(f"Reading {path}", role, "GET", path, headers={}, params=query)

    async def record(self, position: int) -> dict[str, Any]:
        """The record at a position."""
        query = {"after": position - 1, "limit": 1}
        page = await self._ask(f"Reading record {position}", "host_admin", "GET", "events", headers={}, params=query)
        record: dict[str, Any] = page["items"][0]
        return record

    async def every(self, path: str, **query: str | int) -> list[dict[str, Any]]:
        """All items of a list, page by page."""
        items: list[dict[str, Any]] = []
        page = await self.get(path, "host_admin", limit=200, **query)
        while True:
            items += page["items"]
            if page["next"] is None:
                return items
            page = await self.get(path, "host_admin", limit=200, cursor=page["next"], **query)

    async def _ask(
        self, what: str, role: str, method: str, path: str, *, headers: dict[str, str], **more: Any
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._access[role]}", **headers}
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + self._patience, 0.05
        while True:
            try:
                response = await self._http.request(method, f"/v1/{self.tenant}/{path}", headers=headers, **more)
            except httpx2.TransportError as error:
                reason = f"{type(error).__name__} {error}".strip()
            else:
                if response.is_success:
                    answer: dict[str, Any] = response.json()
                    return answer
                problem = _problem(response)
                if response.status_code not in _AGAIN and problem["type"] != _IN_FLIGHT:
                    raise StepRefused(what, response.status_code, problem["type"], problem["detail"])
                reason = f"{response.status_code} {problem['detail']}"
            if loop.time() + pause > deadline:
                raise ServiceAway(f"{what}: no answer for {self._patience:.0f} seconds ({reason}).")
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)


def _problem(response: httpx2.Response) -> dict[str, str]:
    """A problem's type and detail; something between us and the service may answer in another way."""
    try:
        told = response.json()
        errors = "; ".join(f"{error}" for error in told.get("errors", ()))
        return {"type": str(told["type"]), "detail": f"{told['detail']} {errors}".strip()}
    except (ValueError, KeyError, AttributeError, TypeError):
        return {"type": "no-problem-document", "detail": response.text[:200]}
