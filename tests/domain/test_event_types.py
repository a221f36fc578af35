"""The one table of event types: schemas, examples, and what is announced before it changes."""

import json
from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import timedelta
from typing import Any, get_args, get_type_hints

import jsonschema_rs
import pytest

from domain.codec import entry_bytes, from_data, read_entry
from domain.names import CLASSES
from domain.streaming.audience import Audience
from domain.streaming.catalogue import CATALOGUE, NOTICE_DAYS, REPLACED
from domain.streaming.examples import example_entry
from domain.streaming.meanings import MEANINGS, meaning_of
from domain.streaming.schemas import data_schema, entry_schema, schemas, told_schema
from domain.streaming.visibility import reduced


def valid(schema: dict[str, Any], value: Any) -> list[str]:
    """What is wrong with `value`, formats included."""
    checker = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return [f"{error.instance_path}: {error.message}" for error in checker.iter_errors(value)]


def members_of(kind: Any) -> Iterator[tuple[type, str]]:
    """Every class and member that can stand in a fact."""
    if is_dataclass(kind):
        for name, hint in get_type_hints(kind).items():
            yield kind, name  # type: ignore[misc]  # a class, not an instance
            yield from members_of(hint)
    for inner in get_args(kind):
        yield from members_of(inner)


def test_every_member_has_a_meaning_and_no_meaning_is_left_over() -> None:
    """Readers are told what each member is, in which unit; and nothing is told that isn't."""
    used = set()
    for fact in CLASSES.values():
        for kind, member in members_of(fact):
            assert meaning_of(kind, member).meaning.endswith(".")
            own = f"{kind.__name__}.{member}"
            used.add(own if own in MEANINGS else member)
    assert used == MEANINGS.keys()


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_types_example_is_valid_for_every_audience(name: str) -> None:
    """Given a type, when its example is told to an audience, then it is what that audience's schema says."""
    entry = example_entry(name)
    assert valid(data_schema(name), entry["data"]) == []
    assert valid(entry_schema(), entry) == []
    for audience in Audience:
        told, schema = reduced(entry, audience), told_schema(name, audience)
        assert (told is None) == (schema is None)
        if told is not None and schema is not None:
            jsonschema_rs.meta.validate(schema)
            assert valid(schema, told["data"]) == []


def test_an_example_is_an_entry_of_the_log() -> None:
    """It could stand there byte for byte: its fact is read back by the strict codec."""
    for name, type_ in CATALOGUE.items():
        entry = type_.entry()
        raw = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        assert entry_bytes(read_entry(raw, CLASSES)) == raw
        assert from_data(type_.fact, type_.example()) is not None
        assert entry["type"] == name


def test_a_schema_refuses_what_the_rules_refuse() -> None:
    """A quantity of nothing, money in another currency, a member that nobody knows, one that is missing."""
    schema = schemas()["negotiation.terms_proposed.v1"]
    good = CATALOGUE["negotiation.terms_proposed.v1"].example()

    def spoilt(**said: Any) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(json.dumps(good))
        told["terms"]["pledges"][0] |= said
        return told

    assert valid(schema, good) == []
    assert valid(schema, spoilt(quantity=0))
    assert valid(schema, spoilt(quantity=1.5))
    assert valid(schema, spoilt(value={**good["terms"]["pledges"][0]["value"], "currency": "USD"}))
    assert valid(schema, spoilt(money=100))
    assert valid(schema, spoilt(kind="money"))
    assert valid(schema, spoilt(due_until="tomorrow"))
    assert valid(schema, spoilt(giver=None))
    assert not valid(schema, spoilt(value=None, due_from=None))
    assert valid(schema, {"by": good["by"]})


def test_what_an_audience_is_not_told_is_not_in_its_schema() -> None:
    """The public's schema of a certification has the number and nothing else; partners' has no notary."""
    public = told_schema("contract.certified.v1", Audience.PUBLIC)
    partner = told_schema("contract.certified.v1", Audience.PARTNER)
    assert public is not None
    assert partner is not None
    assert public["properties"].keys() == {"number"}
    assert partner["properties"].keys() == {"number", "terms_hash", "persons"}
    assert told_schema("access.key_issued.v1", Audience.PARTNER) is None


def test_a_version_that_is_replaced_is_announced_twelve_months_ahead() -> None:
    """Nothing is replaced yet; whatever will be names its successor, and leaves a year."""
    for name, replaced in REPLACED.items():
        assert name in CLASSES
        assert replaced.by in CLASSES
        assert replaced.sunset - replaced.announced >= timedelta(days=NOTICE_DAYS)
        assert CATALOGUE[name].replaced == replaced


def test_a_types_version_is_the_end_of_its_name() -> None:
    """One name says both."""
    assert all(name.endswith(f".v{type_.version}") for name, type_ in CATALOGUE.items())
