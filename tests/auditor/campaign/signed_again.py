"""With the log's key: the real signer signs what the intruder has made of the log, and views are rebuilt."""

import json
from random import Random

from domain.codec import canonical, entry_bytes
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.merkle import leaf_hash, root_of
from infra.signing.store import key_of
from tests.auditor.campaign.changes import Done, certified, first_difference, whole
from tests.auditor.campaign.intruder import Intruder
from tests.auditor.campaign.scene import TENANT
from tests.auditor.campaign.witnesses import colluding, refused
from tests.auditor.editions import editions


async def _signed_again(at: Intruder, entries: list[bytes], *, kept: int = 0) -> None:
    """Put another history in place and sign it; honest witnesses refuse it unless it continues what they saw."""
    await at.replace_history(entries)
    await at.sign_again(kept)
    seen = at.scene.sizes["seen"]
    if first_difference(at.scene.entries, entries) <= seen:
        leaves = [leaf_hash(entry) for entry in entries]
        for witness in at.scene.witnesses[:2]:
            assert await refused(witness, at.scene.key, leaves, seen)


def _renamed(raw: bytes, random: Random) -> bytes:
    entry = json.loads(raw)
    entry["data"]["name"] = f"Strohfirma {random.randrange(10**6)} GmbH"
    return canonical(entry)


async def edit_before(at: Intruder, random: Random) -> Done:
    """An organisation bears another name from the first day, and nothing contradicts it."""
    entries = list(at.scene.entries)
    until = at.scene.sizes["older"] - 10
    named = [place for place in range(until) if b'"type":"organisation.registered.v1"' in entries[place]]
    place = random.choice(named)
    entries[place] = _renamed(entries[place], random)
    await _signed_again(at, entries)
    return Done(None)


async def edit_after(at: Intruder, random: Random) -> Done:
    """What nobody has kept anything of yet says something else: the last deliveries."""
    entries, seen = list(at.scene.entries), at.scene.sizes["seen"]
    told = [place for place in range(seen, len(entries)) if b'"type":"contract.delivery_recorded.v1"' in entries[place]]
    place = random.choice(told)
    entry = json.loads(entries[place])
    entry["data"]["quantity"] += random.randrange(1, 5)
    entries[place] = canonical(entry)
    await _signed_again(at, entries, kept=seen)
    return Done(None)


async def cut_before(at: Intruder, random: Random) -> Done:
    """The history ends before anybody kept anything."""
    left = whole(at.scene.entries[: at.scene.sizes["older"] - random.randrange(1, 100)])
    await _signed_again(at, left)
    return Done(len(left) + 1)


async def cut_after(at: Intruder, random: Random) -> Done:
    """The history ends sooner, but after all that was kept."""
    seen = at.scene.sizes["seen"]
    left = whole(at.scene.entries[: random.randrange(seen + 2, len(at.scene.entries) - 1)])
    await _signed_again(at, left, kept=seen)
    return Done(None)


async def replace_all(at: Intruder, random: Random) -> Done:
    """Another history altogether, as long as the genuine one."""
    await _signed_again(at, _another(at, random))
    return Done(None)


def _another(at: Intruder, random: Random) -> list[bytes]:
    told = editions(random.randrange(10**6), 2, len(certified(at.scene.entries)) // 2).told
    return [entry_bytes(each) for each in told]


async def _replaced_with(at: Intruder, random: Random, helpers: int) -> Done:
    """Another history, cosigned by witnesses whose keys the operator has."""
    entries = _another(at, random)
    await _signed_again(at, entries)
    point = Checkpoint(f"handschlag/{TENANT}", len(entries), root_of([leaf_hash(entry) for entry in entries]))
    for witness in at.scene.witnesses[3 - helpers :]:
        line = colluding(witness, point)
        await at.run.execute(
            "insert into signed.signatures (tenant, size, key, witness, line, at) values ($1, $2, $3, true, $4, now())",
            TENANT, point.size, key_of(line), line.line().rstrip("\n"),
        )  # fmt: skip
    return Done(None)


async def replace_with_one(at: Intruder, random: Random) -> Done:
    """One of three witnesses helps."""
    return await _replaced_with(at, random, 1)


async def replace_with_two(at: Intruder, random: Random) -> Done:
    """Two of three witnesses help."""
    return await _replaced_with(at, random, 2)


async def another_number(at: Intruder, random: Random) -> Done:
    """A contract bears another number than the register gave."""
    entries = list(at.scene.entries)
    position = random.choice(certified(entries))
    entry = json.loads(entries[position - 1])
    entry["data"]["number"] += random.randrange(1, 50)
    entries[position - 1] = canonical(entry)
    await _signed_again(at, entries)
    return Done(position)


async def a_foreign_record(at: Intruder, random: Random) -> Done:
    """A record says that it belongs to another host."""
    entries = list(at.scene.entries)
    place = random.randrange(len(entries))
    entries[place] = entries[place].replace(b'"origin":"handschlag/test"', b'"origin":"handschlag/other"')
    await _signed_again(at, entries)
    return Done(place + 1)


async def out_of_a_stream(at: Intruder, random: Random) -> Done:
    """A record is left out that others of its stream follow."""
    entries = list(at.scene.entries)
    streams = [json.loads(raw)["stream"] for raw in entries]
    talks = [place for place, raw in enumerate(entries) if b'"type":"negotiation.' in raw]
    place = random.choice([place for place in talks if streams[place] in streams[place + 1 : place + 5]])
    following = streams.index(streams[place], place + 1)
    del entries[place]
    await _signed_again(at, entries)
    return Done(following)


async def end_of_a_stream(at: Intruder, random: Random) -> Done:
    """A record is left out that nothing follows: a delivery that nobody confirmed."""
    entries = list(at.scene.entries)
    until = at.scene.sizes["older"]
    places = [place for place in range(until) if b'"type":"contract.delivery_recorded.v1"' in entries[place]]
    del entries[random.choice(places)]
    await _signed_again(at, entries)
    return Done(None)
