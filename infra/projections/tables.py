"""The tables of schema `views` as readers name them; `0002_views.sql` makes them.

`doc` and `details` are json or jsonb, and declared as text here: `infra.projections.engine` hands them on as text, and
`infra.projections.docs` decodes them.
"""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, MetaData, SmallInteger, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

metadata = MetaData(schema="views")


def _id(name: str) -> Column[str]:
    return Column(name, Uuid(as_uuid=False))


def _owner() -> tuple[Column[str], Column[int]]:
    return Column("tenant", Text), Column("generation", Integer)


def _life() -> tuple[Column[int], Column[int]]:
    return Column("valid_from", BigInteger), Column("valid_until", BigInteger)


generations = Table("generations", metadata, Column("tenant", Text), Column("live", Integer))
tracking = Table("tracking", metadata, *_owner(), Column("position", BigInteger))
ledger = Table(
    "ledger",
    metadata,
    *_owner(),
    _id("id"),
    *_life(),
    Column("drafted", BigInteger),
    _id("marketplace"),
    Column("state", Text),
    Column("rehearsal", Boolean),
    Column("doc", Text),
)
tallies = Table("tallies", metadata, *_owner(), _id("marketplace"), *_life(), Column("doc", Text))
statements = Table(
    "statements",
    metadata,
    *_owner(),
    _id("id"),
    *_life(),
    _id("marketplace"),
    Column("said_at", DateTime(timezone=True)),
    Column("doc", Text),
)
trail = Table(
    "trail",
    metadata,
    *_owner(),
    _id("case_id"),
    Column("position", BigInteger),
    Column("nth", SmallInteger),
    _id("event"),
    _id("stream"),
    Column("type", Text),
    Column("at", DateTime(timezone=True)),
    Column("actor", Text),
    Column("role", Text),
    _id("on_behalf_of"),
    Column("rehearsal", Boolean),
    _id("marketplace"),
    Column("details", Text),
)
directory = Table(
    "directory",
    metadata,
    *_owner(),
    _id("id"),
    Column("kind", Text),
    Column("version", Integer),
    Column("first", BigInteger),
    Column("position", BigInteger),
    _id("marketplace"),
    Column("state", Text),
    Column("rehearsal", Boolean),
    Column("season", Integer),
    Column("doc", Text),
)
parked = Table(
    "parked",
    metadata,
    *_owner(),
    _id("stream"),
    Column("first", BigInteger),
    Column("last", BigInteger),
    Column("type", Text),
    Column("error", Text),
    Column("things", ARRAY(Uuid(as_uuid=False))),
)
tenants = Table(
    "tenants", MetaData(), Column("tenant", Text), Column("city", Text), Column("region", Text), schema="log"
)
entries = Table(
    "entries", MetaData(), Column("tenant", Text), Column("position", BigInteger), _id("stream"), schema="log"
)
