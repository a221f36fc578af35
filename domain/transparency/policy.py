"""Policies: which logs are known, which witnesses, and how many of them make a checkpoint valid (C2SP tlog-policy)."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Self

from domain.transparency.note import COSIGNATURE, ED25519, NoteMalformed, VerifierKey

NONE = "none"
"""The quorum that asks for no witness."""

_COUNT = re.compile(r"[1-9][0-9]{0,8}")
_SPACE = re.compile(r"[ \t]+")


class PolicyMalformed(ValueError):
    """This isn't a policy; the message names the line."""


@dataclass(frozen=True, slots=True)
class Log:
    """A log by its key, and where it is read (if that is said)."""

    key: VerifierKey
    url: str | None


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness by the policy's name for it, its key, and where checkpoints are handed in (if that is said)."""

    name: str
    key: VerifierKey
    url: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """At least `least` of `members` (witnesses or groups) must have witnessed."""

    name: str
    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy file says."""

    logs: tuple[Log, ...] = ()
    witnesses: Mapping[str, Witness] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE

    def met_by(self, cosigners: Collection[VerifierKey]) -> bool:
        """Whether witnesses with these keys are a quorum (tlog-policy, Defining a witness group)."""
        return self.quorum == NONE or self._witnessed(self.quorum, cosigners)

    def _witnessed(self, name: str, cosigners: Collection[VerifierKey]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return self.witnesses[name].key in cosigners
        return sum(self._witnessed(member, cosigners) for member in group.members) >= group.least

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """The policy in a file (tlog-policy, Policy file syntax and structure). Raises `PolicyMalformed`.

        The file is octets (Character set): what isn't ASCII stands in names, URLs and comments, compared as it is.
        """
        if any((octet < 0x20 and octet not in b"\t\n") or octet == 0x7F for octet in raw):
            raise PolicyMalformed("a policy has no control characters but tabs and newlines")
        if raw and not raw.endswith(b"\n"):
            raise PolicyMalformed("a policy's last line ends with a newline, too")
        reading = _Reading()
        for number, line in enumerate(raw.decode("utf-8", "surrogateescape").split("\n"), start=1):
            words = [word for word in _SPACE.split(line) if word]
            if not words or words[0].startswith("#"):
                continue
            try:
                reading.line(words)
            except (PolicyMalformed, NoteMalformed) as error:
                raise PolicyMalformed(f"line {number}: {error}") from error
        if reading.quorum is None:
            raise PolicyMalformed("a policy has a line that says its quorum")
        return cls(tuple(reading.logs), reading.witnesses, reading.groups, reading.quorum)


class _Reading:
    """A policy while it is read, line by line: a name stands for what preceding lines have said."""

    def __init__(self) -> None:
        self.logs: list[Log] = []
        self.witnesses: dict[str, Witness] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def line(self, words: list[str]) -> None:
        """Take one line."""
        kinds: dict[str, Callable[[list[str]], None]] = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._quorum,
        }
        take = kinds.get(words[0])
        if take is None:
            raise PolicyMalformed(f"no line begins with {words[0]!r}")
        take(words[1:])

    def _log(self, words: list[str]) -> None:
        if not 1 <= len(words) <= 2:
            raise PolicyMalformed("a log has a key and perhaps a URL")
        key = VerifierKey.parse(words[0])
        if key.kind != ED25519:
            raise PolicyMalformed("this key isn't a log's")
        if any(log.key.public == key.public for log in self.logs):
            raise PolicyMalformed("another log has the same public key")
        self.logs.append(Log(key, words[1] if len(words) == 2 else None))

    def _witness(self, words: list[str]) -> None:
        if not 2 <= len(words) <= 3:
            raise PolicyMalformed("a witness has a name, a key and perhaps a URL")
        name, key = self._fresh(words[0]), VerifierKey.parse(words[1])
        if key.kind != COSIGNATURE:
            raise PolicyMalformed("this key isn't a witness's")
        if any(witness.key.public == key.public for witness in self.witnesses.values()):
            raise PolicyMalformed("another witness has the same public key")
        self.witnesses[name] = Witness(name, key, words[2] if len(words) == 3 else None)

    def _group(self, words: list[str]) -> None:
        if len(words) < 3:
            raise PolicyMalformed("a group has a name, all, any or a number, and at least one member")
        name, (least, *members) = self._fresh(words[0]), words[1:]
        for member in members:
            if not self._known(member):
                raise PolicyMalformed(f"{member!r} isn't defined on a line before")
            if member in self._members:
                raise PolicyMalformed(f"{member!r} is a member already: each name is one at most once")
            self._members.add(member)
        count = {"all": len(members), "any": 1}.get(least, int(least) if _COUNT.fullmatch(least) else 0)
        if not 1 <= count <= len(members):
            raise PolicyMalformed(f"{least!r} is neither all nor any nor a number from 1 to {len(members)}")
        self.groups[name] = Group(name, count, tuple(members))

    def _quorum(self, words: list[str]) -> None:
        if self.quorum is not None:
            raise PolicyMalformed("a policy has one quorum")
        if len(words) != 1 or not (words[0] == NONE or self._known(words[0])):
            raise PolicyMalformed("a quorum is none, or a witness or group defined on a line before")
        self.quorum = words[0]

    def _known(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups

    def _fresh(self, name: str) -> str:
        if name == NONE or self._known(name):
            raise PolicyMalformed(f"{name!r} is a name already")
        return name
