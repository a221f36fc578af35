"""The attacks by the words of the auditors' guide, and those that the database alone is enough for."""

import json
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.codec import canonical
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.merkle import root_of
from domain.transparency.note import ED25519, VerifierKey
from infra.signing.keys import SigningKey
from tests.auditor.campaign import signed_again
from tests.auditor.campaign.changes import Attack, Done, certified, first_difference, whole
from tests.auditor.campaign.intruder import Intruder
from tests.auditor.campaign.scene import OTHER, TENANT


async def edit_a_byte(at: Intruder, random: Random) -> Done:
    """Any byte of any record, to any other value but a line feed."""
    entries = at.scene.entries
    place = random.randrange(len(entries))
    raw = bytearray(entries[place])
    where = random.randrange(len(raw))
    raw[where] = random.choice([value for value in range(256) if value not in (raw[where], 0x0A)])
    await at.set_bytes(place + 1, bytes(raw))
    return Done(place + 1)


async def delete(at: Intruder, random: Random) -> Done:
    """One record is gone, and nothing closes the gap."""
    position = random.randrange(1, len(at.scene.entries) + 1)
    await at.delete(position)
    return Done(position)


async def delete_and_close(at: Intruder, random: Random) -> Done:
    """Some records are gone, the later ones move up, the head says so."""
    number = random.randrange(1, 6)
    first = random.randrange(1, len(at.scene.entries) - number)
    await at.delete(*range(first, first + number))
    await at.shift(first + number - 1, -number)
    await at.set_head()
    return Done(first)


async def insert(at: Intruder, random: Random) -> Done:
    """A record more, a copy of another one; the later ones move down."""
    entries = at.scene.entries
    place = random.randrange(len(entries))
    copied = random.choice([raw for raw in entries if raw != entries[place]])
    await at.shift(place, 1)
    await at.insert(place + 1, copied)
    await at.set_head()
    return Done(place + 1)


async def swap(at: Intruder, random: Random) -> Done:
    """Two records change places."""
    one, other = sorted(random.sample(range(1, len(at.scene.entries) + 1), 2))
    await at.renumber([(one, other), (other, one)])
    return Done(one)


async def reorder(at: Intruder, random: Random) -> Done:
    """A stretch of records stands in another order."""
    entries = at.scene.entries
    length = random.randrange(3, 40)
    first = random.randrange(1, len(entries) - length)
    old = list(range(first, first + length))
    new = old[1:] + old[:1] if random.random() < 0.5 else old[::-1]
    await at.renumber(list(zip(old, new, strict=True)))
    return Done(first_difference(entries, await at.entries()))


async def renumber_a_contract(at: Intruder, random: Random) -> Done:
    """A certified contract bears another number."""
    position = random.choice(certified(at.scene.entries))
    entry = json.loads(at.scene.entries[position - 1])
    entry["data"]["number"] += random.randrange(1, 50)
    await at.set_bytes(position, canonical(entry))
    return Done(position)


async def cut_the_tail(at: Intruder, random: Random) -> Done:
    """The last records are gone, the head is put back; what was signed stays."""
    size = len(whole(at.scene.entries[: -random.randrange(1, 60)]))
    await at.delete(*range(size + 1, len(at.scene.entries) + 1))
    await at.set_head()
    return Done(size + 1)


async def another_hosts_record(at: Intruder, random: Random) -> Done:
    """A record changes places with one of another host's."""
    position = random.randrange(1, len(at.scene.entries) + 1)
    theirs = await at.run.fetchval(
        "select bytes from log.entries where tenant = $1 order by position offset $2 limit 1",
        OTHER, random.randrange(150),
    )  # fmt: skip
    await at.set_bytes(position, theirs)
    return Done(position)


async def another_hosts_log(at: Intruder, _random: Random) -> Done:
    """Two hosts' records change places altogether."""
    await _change_places(at, "log.entries")
    return Done(1)


async def another_hosts_signed_log(at: Intruder, _random: Random) -> Done:
    """Two hosts' records change places, and with them what was signed of them."""
    await _change_places(
        at, "log.entries", "signed.checkpoints", "signed.signatures", "signed.hashes", "signed.logs", "signed.witnesses"
    )
    return Done(1)


async def _change_places(at: Intruder, *tables: str) -> None:
    for table in tables:
        for old, new in ((TENANT, "aside"), (OTHER, TENANT), ("aside", OTHER)):
            await at.run.execute(f"update {table} set tenant = $2 where tenant = $1", old, new)


async def a_ledger_row(at: Intruder, random: Random) -> Done:
    """A contract is worth something else in the ledger."""
    position = await _ledger_row(at, random, "jsonb_set(doc::jsonb, '{value,minor}', '123456789')::json")
    return Done(position)


async def _ledger_row(at: Intruder, random: Random, changed: str) -> int:
    rows = await at.run.fetch(
        "select id, (doc->>'position')::bigint from views.ledger where tenant = $1 and valid_until is null order by id",
        TENANT,
    )
    contract, position = random.choice(rows)
    done = await at.run.execute(
        f"update views.ledger set doc = {changed} where tenant = $1 and id = $2 and valid_until is null",
        TENANT, contract,
    )  # fmt: skip
    assert done == "UPDATE 1", done
    return int(position)


async def drop_a_ledger_row(at: Intruder, random: Random) -> Done:
    """A contract is missing in the ledger."""
    rows = await at.run.fetch(
        "select id, (doc->>'position')::bigint from views.ledger where tenant = $1 and valid_until is null order by id",
        TENANT,
    )
    contract, position = random.choice(rows)
    await at.run.execute("delete from views.ledger where tenant = $1 and id = $2", TENANT, contract)
    return Done(int(position))


async def a_hash(at: Intruder, random: Random) -> Done:
    """A leaf's hash in the signer's own tiles."""
    first, hashes = random.choice(
        await at.run.fetch("select first, hashes from signed.hashes where tenant = $1 and level = 0", TENANT)
    )
    place = random.randrange(len(hashes) // 32)
    changed = hashes[: place * 32] + random.randbytes(32) + hashes[place * 32 + 32 :]
    await at.run.execute(
        "update signed.hashes set hashes = $3 where tenant = $1 and level = 0 and first = $2", TENANT, first, changed
    )
    return Done(first + place + 1)


async def a_hash_above(at: Intruder, random: Random) -> Done:
    """A hash above the leaves."""
    changed = random.randbytes(32)
    done = await at.run.execute(
        "update signed.hashes set hashes = $2 || substr(hashes, 33) where tenant = $1 and level = 1", TENANT, changed
    )
    assert done != "UPDATE 0"
    return Done(None)


async def an_old_checkpoint(at: Intruder, random: Random) -> Done:
    """What was signed of fewer records is said to be signed of all."""
    old = at.scene.sizes[random.choice(["oldest", "older", "receipt", "seen"])]
    newest = at.scene.sizes["newest"]
    await at.run.execute(
        "update signed.checkpoints n set root = o.root from signed.checkpoints o"
        " where n.tenant = $1 and o.tenant = $1 and n.size = $2 and o.size = $3", TENANT, newest, old,
    )  # fmt: skip
    await at.run.execute(
        "update signed.signatures n set line = o.line from signed.signatures o where n.tenant = $1 and o.tenant = $1"
        " and n.size = $2 and o.size = $3 and not n.witness and n.key = o.key", TENANT, newest, old,
    )  # fmt: skip
    return Done(None)


async def _put_back(at: Intruder, to: str) -> Done:
    size = at.scene.sizes[to]
    await at.delete(*range(size + 1, len(at.scene.entries) + 1))
    await at.set_head()
    await at.put_back_signed(size)
    return Done(size + 1)


async def put_back_before(at: Intruder, _random: Random) -> Done:
    """Everything is as it was at a moment before anybody kept anything."""
    return await _put_back(at, "oldest")


async def put_back_after(at: Intruder, _random: Random) -> Done:
    """Everything is as it was when witnesses cosigned last."""
    return await _put_back(at, "seen")


async def another_key(at: Intruder, random: Random) -> Done:
    """The newest checkpoint is signed with a key of the intruder's, which is published as the log's."""
    newest = at.scene.sizes["newest"]
    await at.run.execute("delete from signed.checkpoints where tenant = $1 and size < $2", TENANT, newest)
    point = Checkpoint(f"handschlag/{TENANT}", newest, root_of(at.scene.leaves))
    await at.sign_with(_stranger(random), point.text(), newest)
    return Done(None)


def _stranger(random: Random) -> SigningKey:
    private = Ed25519PrivateKey.from_private_bytes(random.randbytes(32))
    public = private.public_key().public_bytes_raw()
    return SigningKey(VerifierKey(f"handschlag/{TENANT}", ED25519, public), private)


ATTACKS: dict[str, Attack] = {
    "edit any byte of a record": edit_a_byte,
    "delete a record": delete,
    "delete records and close the gap": delete_and_close,
    "insert a record": insert,
    "swap two records": swap,
    "put records in another order": reorder,
    "give a certified contract another number": renumber_a_contract,
    "cut the tail": cut_the_tail,
    "put another host's record in a record's place": another_hosts_record,
    "swap two hosts' records": another_hosts_log,
    "swap two hosts' records and what was signed of them": another_hosts_signed_log,
    "change a row of the ledger": a_ledger_row,
    "take a contract out of the ledger": drop_a_ledger_row,
    "change a hash of a record in the tiles": a_hash,
    "change a hash above the records in the tiles": a_hash_above,
    "put an old checkpoint over the whole history": an_old_checkpoint,
    "sign with another key": another_key,
    "put everything back to before anything was kept": put_back_before,
    "put everything back to what witnesses cosigned last": put_back_after,
    "change what was kept, and sign": signed_again.edit_before,
    "change what nobody kept, and sign": signed_again.edit_after,
    "leave out the end of a stream, and sign": signed_again.end_of_a_stream,
    "leave out the middle of a stream, and sign": signed_again.out_of_a_stream,
    "cut off what was kept, and sign": signed_again.cut_before,
    "cut off what nobody kept, and sign": signed_again.cut_after,
    "replace the whole history, and sign": signed_again.replace_all,
    "the same, and one of three witnesses helps": signed_again.replace_with_one,
    "the same, and two of three witnesses help": signed_again.replace_with_two,
    "give a contract a number that no register gave, and sign": signed_again.another_number,
    "bring in another host's record, and sign": signed_again.a_foreign_record,
}
"""Each attack by the words that the guide has for it."""
