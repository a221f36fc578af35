"""Somebody at a browser without script: reads a page, fills in its forms, presses a button, follows where it leads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx2

from tests.running import Host, RunningService

FORM = {
    "form_number": "P-001",
    "party-1": "Bäckerei Morgenrot",
    "title-1-1": "Brot für das Sommerfest",
    "area-1-1": "tatkraft",
    "hours-1-1": "8",
    "signed-1": "yes",
    "public-1": "yes",
    "party-2": "tafel",
    "title-2-1": "Ein Abend mit Musik",
    "area-2-1": "wissen",
    "euro-2-1": "250",
    "signed-2": "yes",
}
"""A form that both parties have signed; one of them wants to be named."""


@dataclass
class Form:
    """A form as a browser holds it: its fields' values, and its buttons (words, name, value) in order."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page, its text, and where the person begins to type."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.begins = ""
        self._text: list[str] = []
        self._button: tuple[str, str] | None = None
        self._select = self._area = ""
        self.feed(page)

    @property
    def text(self) -> str:
        return " ".join("".join(self._text).replace("\N{NO-BREAK SPACE}", " ").split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if "autofocus" in told:
            assert not self.begins, "a page has one beginning"
            self.begins = told.get("name") or tag
        if tag == "form":
            self.forms.append(Form(told.get("action", ""), told.get("method", "get")))
        if tag == "button" and told.get("type") == "submit":
            self._button = (told.get("name", ""), told.get("value", ""))
            self.forms[-1].buttons.append(("", *self._button))
        if not self.forms:
            return
        fields, name = self.forms[-1].fields, told.get("name", "")
        if tag == "input" and name:
            if told["type"] not in ("checkbox", "radio"):
                fields[name] = told.get("value", "")
            elif "checked" in told:
                fields[name] = told["value"]
        elif tag == "textarea":
            self._area, fields[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in told or self._select not in fields):
            fields[self._select] = told["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._button = None
        if tag == "textarea":
            self._area = ""
        if tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        self._text.append(data)
        if self._button is not None:
            words, *rest = self.forms[-1].buttons[-1]
            self.forms[-1].buttons[-1] = (f"{words}{data}", rest[0], rest[1])
        if self._area:
            self.forms[-1].fields[self._area] += data


@dataclass
class Person:
    """A person at a host's desk. `page` is what they see now, `status` how it came."""

    http: httpx2.AsyncClient
    host: Host
    edition: str = ""
    path: str = ""
    page: str = ""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def desk(self) -> str:
        return f"/{self.host.tenant}/desk"

    @property
    def seen(self) -> Forms:
        return Forms(self.page)

    @property
    def text(self) -> str:
        return self.seen.text

    async def open(self, path: str, status: int = 200) -> str:
        """Go to a page, following where it leads."""
        await self._show(await self.http.get(path, follow_redirects=True), status)
        return self.text

    def form(self, button: str) -> Form:
        """The form with that button (a word of it)."""
        for form in self.seen.forms:
            if any(button in words for words, _, _ in form.buttons):
                return form
        raise AssertionError(f"no button {button!r} at {self.path}: {self.text}")

    def filled(self, button: str, /, **typed: str) -> tuple[str, dict[str, str]]:
        """The address and the fields that pressing a button would send."""
        form = self.form(button)
        name, value = next((name, value) for words, name, value in form.buttons if button in words)
        return form.action, form.fields | typed | ({name: value} if name else {})

    async def press(self, button: str, status: int = 200, /, **typed: str) -> str:
        """Fill in fields and press a button of their form."""
        action, fields = self.filled(button, **typed)
        return await self.send(action, fields, status)

    async def send(self, action: str, fields: Mapping[str, str], status: int = 200, /, **headers: str) -> str:
        """Send a form as a browser does."""
        origin = str(self.http.base_url).rstrip("/")
        answer = await self.http.post(action, data=dict(fields), headers={"Origin": origin} | headers)
        if answer.status_code == 303:
            answer = await self.http.get(answer.headers["location"])
        await self._show(answer, status)
        return self.text

    async def enter(self, name: str, side: str, status: int = 200, /, **typed: str) -> str:
        """Enter an organisation that is here."""
        await self.open(f"{self.edition}/organisations")
        return await self.press("Eintragen", status, name=name, side=side, **typed)

    async def hand_in(self, status: int = 200, /, **typed: str) -> str:
        """Type in a form between the two who are here, signed by both."""
        await self.open(f"{self.edition}/form")
        return await self.press("Aufzeichnen", status, **(FORM | typed))

    async def records(self, *types: str) -> list[dict[str, Any]]:
        """What the log holds of these types of records (their beginnings will do)."""
        found: list[dict[str, Any]] = []
        after, key = 0, {"Authorization": f"Bearer {self.host.keys['host_admin']}"}
        while True:
            asked = {"after": after, "limit": 200}
            items = (await self.http.get(f"/v1/{self.host.tenant}/events", params=asked, headers=key)).json()["items"]
            if not items:
                return found
            found += [item for item in items if item["entry"]["type"].startswith(types)]
            after = items[-1]["position"]

    async def _show(self, answer: httpx2.Response, status: int) -> None:
        self.page, self.status, self.path, self.headers = (
            answer.text,
            answer.status_code,
            answer.url.path,
            answer.headers,
        )
        assert answer.status_code == status, f"{answer.status_code} at {self.path}: {self.text}"

    async def sign_in(self, *roles: str) -> None:
        """Sign in with the keys of some roles, one after the other."""
        for role in roles:
            await self.open(f"{self.desk}?add=role")
            await self.press("Anmelden", secret=self.host.keys[role])


def browser(service: RunningService) -> httpx2.AsyncClient:
    """A browser's window with cookies of its own."""
    return httpx2.AsyncClient(base_url=service.url, timeout=30, headers={"Accept-Language": "de"})
