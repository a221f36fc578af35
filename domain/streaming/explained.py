"""What records mean, for whoever reads a bundle without our software: JSON Schemas of the entry and of every type."""

from typing import Any

from domain.streaming.catalogue import CATALOGUE
from domain.streaming.schemas import entry_schema


def explained() -> dict[str, Any]:
    """The schema of a whole record; by each type's stored name its version, its meaning, the schema of `data`."""
    types = {
        name: {"version": told.version, "meaning": told.meaning, "schema": told.schema()}
        for name, told in CATALOGUE.items()
    }
    return {"entry": entry_schema(), "types": types}
