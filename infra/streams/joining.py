"""Personal values for a reader who has the right to them, read from the vault when an event is sent."""

from collections.abc import Iterable
from re import compile as pattern

from domain.identity import TenantId
from domain.person.events import Field
from domain.streaming.audience import Audience
from domain.streaming.persons import pseudonyms
from domain.streaming.visibility import reduced
from infra.streams.cloudevent import Persons
from infra.streams.feed import Heard
from infra.vault.vault import Vault

_TOLD = frozenset(field.value for field in Field)
"""Notes aren't among them: they are words of the desk, about whoever."""

_UUID = pattern(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def persons_of(vault: Vault, tenant: TenantId, heard: Iterable[Heard], audience: Audience) -> Persons:
    """What the vault holds on everybody whom these records name to `audience`, by now; who was erased is None.

    Two queries, however many records. Whoever hands it on notes that first (`infra.vault.disclosures`), once a page
    or connection.
    """
    shown = (reduced(one.entry, audience) for one in heard)
    asked = {each for entry in shown if entry is not None for each in pseudonyms(entry) if _UUID.fullmatch(each)}
    if not asked:
        return {}
    kept = await vault.read(tenant, sorted(asked))
    told: dict[str, dict[str, str] | None] = {
        person: {field: value for field, value in values.items() if field in _TOLD} for person, values in kept.items()
    }
    erased = await vault.erased(tenant, sorted(asked - kept.keys()))
    return told | dict.fromkeys(erased)
