"""Who is told what of the records, and which of them a reader has chosen."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest

from domain.codec import read_entry
from domain.envelope import Recorded
from domain.identity import ContractId, MarketplaceId, NegotiationId, PersonId, StreamId, contract_of
from domain.names import CLASSES
from domain.streaming.audience import Audience
from domain.streaming.choice import Filter
from domain.streaming.persons import pseudonyms
from domain.streaming.places import cases, edition_named, needs_first
from domain.streaming.visibility import SHOWN, Members, reduced, visible, visible_types
from domain.trail import step
from tests.golden.samples import lines

GOLDEN = lines()


def golden(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in map(json.loads, GOLDEN) if entry["type"] == name)
    return found


def inner(kind: Any) -> Any:
    """What stands in a list, or where something may be missing."""
    parts = [part for part in get_args(kind) if part not in (type(None), Ellipsis)]
    return parts[0] if parts else kind


def undecided(kind: Any, members: Members, where: str) -> Iterator[str]:
    """What the table leaves out of a class, and what it names that isn't there."""
    named = {field.name for field in fields(kind)}
    yield from (f"{where}.{each}" for each in named ^ members.keys())
    for key, least in members.items():
        if isinstance(least, Mapping) and key in named:
            yield from undecided(inner(get_type_hints(kind)[key]), least, f"{where}.{key}")


def persons_told(kind: Any, members: Members, where: str) -> Iterator[str]:
    """Members below internal in which a person's pseudonym can stand."""
    for key, least in members.items():
        hint = get_type_hints(kind)[key]
        if isinstance(least, Mapping):
            yield from persons_told(inner(hint), least, f"{where}.{key}")
        elif least is not Audience.INTERNAL and holds_person(hint):
            yield f"{where}.{key}"


def holds_person(kind: Any) -> bool:
    if kind is PersonId:
        return True
    inside = get_type_hints(kind).values() if is_dataclass(kind) else get_args(kind)
    return any(holds_person(part) for part in inside)


def test_every_stored_type_and_each_of_its_members_has_an_audience_of_its_own() -> None:
    """Nothing is told to anybody because somebody forgot to say that it isn't."""
    assert SHOWN.keys() == CLASSES.keys()
    assert [each for name, shown in SHOWN.items() for each in undecided(CLASSES[name], shown.members, name)] == []


def test_no_pseudonym_of_a_person_is_told_below_internal() -> None:
    """The vault can still resolve a pseudonym, so it is a personal value."""
    assert [each for name, shown in SHOWN.items() for each in persons_told(CLASSES[name], shown.members, name)] == []


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTNER])
def test_access_and_persons_are_internal(audience: Audience) -> None:
    """Neither who was let in nor what became of somebody's data is anybody else's business."""
    assert not {name for name in SHOWN if name.startswith(("access.", "person.")) and visible(name, audience)}


def test_who_sees_more_sees_all_that_others_see() -> None:
    """Public is a part of partner, and partner of internal, in every golden entry."""
    for entry in map(json.loads, GOLDEN):
        public, partner, internal = (reduced(entry, audience) for audience in Audience)
        assert internal == entry
        assert public is None or (partner is not None and within(public, partner))
        assert partner is None or within(partner, entry)


def within(part: Any, whole: Any) -> bool:
    if isinstance(part, dict):
        return part.keys() <= whole.keys() and all(within(part[key], whole[key]) for key in part)
    if isinstance(part, list):
        return len(part) == len(whole) and all(map(within, part, whole))
    return bool(part == whole)


def test_a_certification_says_its_number_to_everybody_and_its_notary_to_the_house() -> None:
    """The board counts; partners can match the terms; who sealed it stays inside."""
    entry = golden("contract.certified.v1")
    public, partner = reduced(entry, Audience.PUBLIC), reduced(entry, Audience.PARTNER)
    assert public is not None
    assert partner is not None
    assert public["data"].keys() == {"number"}
    assert partner["data"].keys() == {"number", "terms_hash"}
    assert {"actor", "sealed", "correlation"}.isdisjoint(partner)
    assert "cause" in partner
    assert "cause" not in public


def test_a_form_reaches_partners_without_its_broker() -> None:
    """Members are left out wherever they stand, and the rest stays as it was."""
    entry = golden("contract.drafted.v1")
    partner = reduced(entry, Audience.PARTNER)
    assert partner is not None
    assert "broker" not in partner["data"]["form"]
    assert partner["data"]["form"]["terms"] == entry["data"]["form"]["terms"]
    assert reduced(entry, Audience.PUBLIC) is None


def test_a_type_newer_than_this_software_is_internal() -> None:
    """What nobody has thought about yet is shown to nobody else."""
    entry = golden("contract.certified.v1") | {"type": "contract.praised.v9"}
    assert [reduced(entry, audience) for audience in Audience] == [None, None, entry]


def test_an_audience_can_be_asked_for_its_types() -> None:
    """So that nothing else is read from the log for it."""
    public = visible_types(Audience.PUBLIC)
    assert public is not None
    assert "contract.certified.v1" in public
    assert "contract.signed.v1" not in public
    assert visible_types(Audience.INTERNAL) is None


def test_a_record_belongs_to_the_cases_that_the_trail_tells() -> None:
    """Filters read plain JSON; the trail reads facts. They agree on every golden entry."""
    for line in GOLDEN:
        assert cases(json.loads(line)) == step.cases(Recorded(1, read_entry(line, CLASSES)))


def test_the_first_record_of_a_stream_names_its_edition() -> None:
    """Whatever belongs to an edition is either told so or found at the beginning of its stream."""
    first = {
        "participation.requested.v1",
        "listing.published.v1",
        "negotiation.opened.v1",
        "contract.drafted.v1",
        "register.numbered.v1",
        "results.announced.v1",
        "marketplace.planned.v1",
    }
    for name in first:
        assert edition_named(golden(name)) is not None
    assert needs_first(golden("contract.signed.v1"))
    assert not needs_first(golden("organisation.registered.v1"))


def test_a_filter_sees_one_contract_from_the_first_word_at_the_table() -> None:
    """Its negotiation, its form and what listings promise to it; not another contract's."""
    opened, signed = golden("negotiation.opened.v1"), golden("contract.signed.v1")
    contract = contract_of(NegotiationId(StreamId(opened["stream"])))
    chosen = Filter(audience=Audience.INTERNAL, contract=contract)
    assert chosen.sees(opened, None)
    assert chosen.sees(signed | {"stream": contract}, None)
    assert not chosen.sees(signed, None)
    promised = golden("listing.promised.v1")
    promised["data"]["negotiation"] = opened["stream"]
    assert chosen.sees(promised, None)


def test_a_filter_sees_its_types_its_edition_and_no_more_than_its_audience() -> None:
    """Each part narrows, and none widens another."""
    signed = golden("contract.signed.v1")
    here, there = MarketplaceId(StreamId("a")), MarketplaceId(StreamId("b"))
    assert Filter(audience=Audience.PARTNER, marketplace=here).sees(signed, here)
    assert not Filter(audience=Audience.PARTNER, marketplace=here).sees(signed, there)
    assert not Filter(audience=Audience.PARTNER, marketplace=here).sees(signed, None)
    assert not Filter(audience=Audience.PUBLIC, types=frozenset({"contract.signed.v1"})).sees(signed, here)
    assert Filter(audience=Audience.PUBLIC, types=frozenset({"contract.signed.v1"})).only_types() == frozenset()
    assert not Filter(audience=Audience.PARTNER, types=frozenset({"contract.drafted.v1"})).sees(signed, here)
    assert not Filter(audience=Audience.PARTNER, contract=ContractId(StreamId("c"))).sees(signed, here)


def test_the_pseudonyms_in_a_record_are_found_wherever_they_stand() -> None:
    """Signatory and witness, notary, actor, and organisations, since a sole trader's id is a person's."""
    signed = golden("contract.signed.v1")
    assert pseudonyms(signed) >= {
        signed["data"]["signature"]["person"],
        signed["data"]["signature"]["witness"],
        signed["actor"]["id"],
    }
    opened = golden("negotiation.opened.v1")
    assert pseudonyms(opened) >= {party["organisation"] for party in opened["data"]["parties"]}
    absorbed = golden("organisation.absorbed.v1")
    assert pseudonyms(absorbed) >= {*absorbed["data"]["representatives"], absorbed["stream"]}
    partner = reduced(signed, Audience.PARTNER)
    assert partner is not None
    assert pseudonyms(partner) == frozenset()


def test_members_that_events_carry_beside_the_facts_are_no_facts_members() -> None:
    """`sealed` and `persons` stand beside a fact's own members in an event's data."""
    assert not {name for name, fact in CLASSES.items() for each in fields(fact) if each.name in {"sealed", "persons"}}
