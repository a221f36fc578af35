"""The page for those who listen: who sees what, how to pull, and every type with its members and an example."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import Any

import msgspec
from markupsafe import Markup

from domain.streaming.audience import Audience
from domain.streaming.catalogue import CATALOGUE, NOTICE_DAYS, EventType
from domain.streaming.visibility import SHOWN

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"

_STYLE = Markup("""
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}td,th{text-align:left;vertical-align:top;padding:.25rem
.75rem .25rem 0;border-bottom:1px solid #ddd}code,pre{font:14px/1.4 ui-monospace,monospace}pre{overflow-x:auto;
background:#f5f5f2;padding:.75rem}h3{margin:2rem 0 .25rem}.audience{font-size:.85rem;border:1px solid currentColor;
border-radius:.25rem;padding:0 .35rem;font-weight:normal}@media(prefers-color-scheme:dark){body{background:#161616;
color:#eee}pre{background:#242424}td,th{border-color:#444}a{color:#9cf}}""")

_PAGE = Markup("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Handschlag: event types</title><link rel="icon" href="data:,"><style>{style}</style></head><body><main>
<h1>Event types</h1>
<p>What a host's log tells those who listen to it. The same table makes the <a href="/schemas">JSON Schemas</a>, the
<a href="/asyncapi.json">AsyncAPI document</a> and this page; requests are described at <a href="/docs">/docs</a>.</p>
<h2>Who sees what</h2>
<p>Every type, and each member of it, says the least audience that sees it; who sees more sees all that others see.</p>
<table><tr><th>Audience</th><th>For whom</th></tr>
<tr><td><code>public</code></td><td>Everybody: a newspaper's ticker. Editions, certified contracts, announced results.
No key is needed.</td></tr>
<tr><td><code>partner</code></td><td>Umbrella organisations, a city's portal: how contracts come about, with
organisations' names and the terms. No person's pseudonym.</td></tr>
<tr><td><code>internal</code></td><td>The host's own systems: the records as they stand, with who did it.</td></tr>
</table>
<p>The operator issues a key with
<code>handschlag key create HOST --role integrator --member NAME --audience partner</code>;
<code>--marketplace ID</code> makes it one edition's. <code>--persons</code> adds the right to personal values: they
are read from the vault when you ask, stand beside the record under <code>persons</code>, and somebody who was erased
reads as <code>erased</code>. Each such answer is noted. Such keys open streams and nothing else.</p>
<h2>Pulling</h2>
<pre>curl -H "Authorization: Bearer $KEY" -H "Accept: application/cloudevents-batch+json" \\
  "$ADDRESS/v1/HOST/events?after=0&amp;limit=200&amp;wait=20&amp;type=contract.certified.v1,results.announced.v1"</pre>
<p><code>after</code> is the position that you have reached. <code>marketplace</code> and <code>contract</code> narrow
it to one edition, or to one contract with the negotiation it came of. <code>wait</code> answers as soon as something
comes, at the latest after so many seconds. With <code>Accept: application/json</code> you get pages of records, with
<code>application/x-ndjson</code> all of them, a line each.</p>
<p>Keep the header <code>Handschlag-Reached</code> (in JSON: <code>reached</code>) and ask from there next time, also
when nothing came: it says how far the log was looked through, and a reader who sees little sees gaps. A record may
reach you twice if you crash; <code>id</code> and <code>sequence</code> tell.</p>
<h2>What stays as it is</h2>
<p>A record is told as it was stored, for ever. A type that you don't know can be ignored. When a meaning changes there
is a new version (<code>….v2</code>); the old one is then named here and in AsyncAPI as replaced for at least {notice}
days before it is recorded no more. {replaced}</p>
<h2>All types</h2>
{types}
</main></body></html>""")

_TYPE = Markup("""<h3 id="{name}"><code>{name}</code> <span class="audience">{audience}</span></h3>
<p>{meaning} {replaced}<a href="/schemas/{name}.json">Schema</a></p>
{members}<details><summary>Example</summary><pre>{example}</pre></details>
""")
_MEMBERS = Markup("<table><tr><th>Member</th><th>Kind</th><th>Audience</th><th>Meaning</th></tr>\n{rows}</table>\n")
_ROW = Markup("<tr><td><code>{path}</code></td><td>{kind}</td><td>{audience}</td><td>{meaning}</td></tr>\n")


@cache
def page() -> str:
    """The page, in English: it is for those who write programs."""
    replaced = [name for name, type_ in CATALOGUE.items() if type_.replaced is not None]
    return str(
        _PAGE.format(
            style=_STYLE,
            notice=NOTICE_DAYS,
            replaced="Now replaced: " + ", ".join(replaced) if replaced else "Nothing is replaced yet.",
            types=Markup("").join(_groups()),
        )
    )


def _groups() -> Iterator[Markup]:
    """Types of one subject stand together."""
    ordered = sorted(CATALOGUE.values(), key=lambda type_: type_.name.partition(".")[0])
    for subject, types in groupby(ordered, key=lambda type_: type_.name.partition(".")[0]):
        yield Markup('<h2 id="{subject}">{subject}</h2>\n').format(subject=subject)
        yield from (_type(type_) for type_ in types)


def _type(type_: EventType) -> Markup:
    rows = Markup("").join(_rows(type_.schema(), "", SHOWN[type_.name].audience))
    replaced = type_.replaced
    return _TYPE.format(
        name=type_.name,
        audience=type_.audience.value,
        meaning=type_.meaning,
        replaced="" if replaced is None else f"From {replaced.sunset} on {replaced.by} takes its place. ",
        members=_MEMBERS.format(rows=rows) if rows else "",
        example=msgspec.json.format(msgspec.json.encode(type_.example()), indent=2).decode(),
    )


def _rows(schema: Mapping[str, Any], path: str, audience: Audience | str) -> Iterator[Markup]:
    """A row for each member, those of objects in it below."""
    for name, member in schema["properties"].items():
        where, sees = path + name, member.get("x-audience", audience)
        yield _ROW.format(path=where, kind=_kind(member), audience=str(sees), meaning=member["description"])
        inner = next((one for one in _within(member) if "properties" in one), None)
        if inner is not None:
            many = "[]" if "items" in member else ""
            yield from _rows(inner, f"{where}{many}.", sees)


def _within(member: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The member itself, what it may be, what stands in it."""
    return [member, *member.get("anyOf", ()), *([member["items"]] if "items" in member else ())]


def _kind(member: Mapping[str, Any]) -> str:
    """Its type and limits in a few words."""
    if "anyOf" in member:
        return " or ".join(_kind(one) for one in member["anyOf"])
    if "enum" in member:
        return " | ".join(member["enum"])
    if "const" in member:
        return str(member["const"])
    told = member["type"]
    kind = " or ".join(told) if isinstance(told, list) else str(told)
    named = {"uuid": "id", "date": "day", "date-time": "moment (UTC)"}.get(member.get("format", ""))
    if named is not None:
        kind = kind.replace("string", named)
    limits = {
        "minimum": "≥ {}", "maximum": "≤ {}", "minLength": "≥ {} characters", "maxLength": "≤ {} characters",
        "minItems": "≥ {} items", "maxItems": "≤ {} items",
    }  # fmt: skip
    said = [text.format(f"{member[key]:,}") for key, text in limits.items() if key in member and member[key] != _ANY]
    return ", ".join([kind, *said])


_ANY = 2**53 - 1
"""The largest whole number that an entry holds: no limit of its own."""
