"""What lies in a bundle beside what is checked: bytes of no member, links, and words that the report names."""

import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from domain.codec import canonical, parse
from domain.streaming.explained import explained
from domain.transparency import bundle as members
from services.application.bundling.members import Archive
from services.auditor.bundle import Bundle, CantOpen
from services.auditor.main import main
from services.auditor.trust import Trust
from services.auditor.verify import Verdict, verify
from tests.auditor.bundles import OPERATOR, Told, history, told_of


@pytest.fixture
def told() -> Told:
    """A genuine bundle's members, words and programs among them."""
    genuine = told_of(history(11))
    genuine.more = {members.PROCEDURE: b"How to check it.", members.VERIFIER: b"#!/usr/bin/env python3"}
    return genuine


def said(path: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any], str]:
    """The exit code and the report, for programs and in words."""
    key = ("--key", str(OPERATOR.vkey))
    code = main([str(path), *key, *arguments, "--json"])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert main([str(path), *key, *arguments]) == code
    return code, report, capsys.readouterr().out


def kinds(report: dict[str, Any]) -> set[str]:
    """The kinds of findings."""
    return {found["kind"] for found in report["findings"]}


def rewritten(path: Path, change: Callable[[zipfile.ZipInfo], None]) -> None:
    """The same members in the same order, each changed as a member of an archive."""
    with zipfile.ZipFile(path) as old:
        held = [(info, old.read(info)) for info in old.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info, raw in held:
            change(info)
            new.writestr(info, raw)


def before(raw: bytes) -> bytes:
    """Bytes in front of the archive."""
    return b"x" * 1_000 + raw


def behind(raw: bytes) -> bytes:
    """Bytes behind the archive."""
    return raw + b"x" * 1_000


def another_before(raw: bytes) -> bytes:
    """A whole archive in front of the other."""
    return raw + raw


def a_comment(raw: bytes) -> bytes:
    """A comment of the archive."""
    out = io.BytesIO(raw)
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"All is well."
    return out.getvalue()


def between(raw: bytes) -> bytes:
    """Bytes between the last member and the directory, which states where it stands."""
    place = zipfile.ZipFile(io.BytesIO(raw)).start_dir
    moved = raw[:place] + b"x" * 1_000 + raw[place:]
    end = len(moved) - 22
    return moved[: end + 16] + (place + 1_000).to_bytes(4, "little") + moved[end + 20 :]


@pytest.mark.parametrize("change", [before, behind, another_before, a_comment, between], ids=lambda each: each.__name__)
def test_bytes_that_are_of_no_member_are_found(
    change: Callable[[bytes], bytes], told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a bundle with something beside its members, then that is found, and nothing else."""
    path = told.write(tmp_path / "bundle.zip")
    path.write_bytes(change(path.read_bytes()))
    code, report, _ = said(path, capsys)
    assert (code, kinds(report)) == (1, {"bytes-outside"})


def test_a_member_s_comment_is_found(told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given a comment at a member, then that is found."""
    path = told.write(tmp_path / "bundle.zip")
    rewritten(path, lambda info: setattr(info, "comment", b"All is well."))
    code, report, _ = said(path, capsys)
    assert (code, kinds(report)) == (1, {"bytes-outside"})


@pytest.mark.parametrize("attributes", [(stat.S_IFLNK | 0o777) << 16, (stat.S_IFIFO | 0o644) << 16, 0x10])
def test_a_member_that_is_no_file_is_found(
    attributes: int, told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a link, a pipe or a folder that is called like a member, then that is found."""
    told.more[members.PROCEDURE] = b"/etc/passwd"
    path = told.write(tmp_path / "bundle.zip")

    def change(info: zipfile.ZipInfo) -> None:
        if info.filename == members.PROCEDURE:
            info.external_attr = attributes

    rewritten(path, change)
    code, report, _ = said(path, capsys)
    assert (code, kinds(report)) == (1, {"member-irregular"})


@pytest.mark.parametrize("place", [(), ("members", members.PROCEDURE)])
def test_a_manifest_says_nothing_that_nobody_checks(
    place: tuple[str, ...], told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a field more in the manifest, or in what it says of a member, then that is found."""
    path = told.write(tmp_path / "bundle.zip")
    with zipfile.ZipFile(path) as old:
        held = {name: old.read(name) for name in old.namelist()}
    manifest: dict[str, Any] = parse(held[members.MANIFEST])
    inner = manifest
    for name in place:
        inner = inner[name]
    inner["audited_by"] = "A good friend"
    with zipfile.ZipFile(path, "w") as new:
        for name, raw in held.items():
            new.writestr(name, canonical(manifest) if name == members.MANIFEST else raw)
    code, report, _ = said(path, capsys)
    assert (code, kinds(report)) == (1, {"member-differs" if place else "manifest-needless"})


def test_what_nothing_is_compared_with_is_named(told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given words and programs, whatever they say, then the report names them as not checked."""
    told.more = {members.PROCEDURE: b"Believe me.", members.VERIFIER: b"evil"}
    code, report, page = said(told.write(tmp_path / "bundle.zip"), capsys)
    unchecked = ["PROCEDURE.md", "keys.txt", "verify.pyz"]
    assert (code, report["not_checked"], report["explained_otherwise"]) == (0, unchecked, [])
    told_so = "Not checked: PROCEDURE.md, keys.txt, verify.pyz; these are words and programs, not records\n"
    assert page.endswith(told_so)


def test_without_a_pinned_key_the_bundle_s_keys_are_what_is_compared_with(
    told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given no key from elsewhere, then the bundle's own aren't among what isn't checked."""
    main([str(told.write(tmp_path / "bundle.zip")), "--json"])
    assert json.loads(capsys.readouterr().out)["not_checked"] == ["PROCEDURE.md", "verify.pyz"]


def another_meaning(schemas: dict[str, Any]) -> str:
    """A type means something else."""
    schemas["types"]["contract.certified.v1"]["meaning"] = "The contract was annulled."
    return "contract.certified.v1"


def another_type(schemas: dict[str, Any]) -> str:
    """A type is explained that this verifier doesn't know."""
    schemas["types"]["contract.blessed.v1"] = {"version": 1, "meaning": "It is good.", "schema": {}}
    return "contract.blessed.v1"


def another_entry(schemas: dict[str, Any]) -> str:
    """A record is said to be something else."""
    schemas["entry"]["title"] = "whatever"
    return "entry"


def a_preface(schemas: dict[str, Any]) -> str:
    """Words stand beside the types."""
    schemas["note"] = "Audited by a good friend."
    return "note"


@pytest.mark.parametrize(
    "change", [another_meaning, another_type, another_entry, a_preface], ids=lambda each: each.__name__
)
def test_schemas_in_other_words_than_the_verifier_s_are_named(
    change: Callable[[dict[str, Any]], str], told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given schemas of another release, or changed ones, then the bundle is verified, and says that they weren't."""
    schemas: dict[str, Any] = parse(canonical(explained()))
    name = change(schemas)
    told.more[members.SCHEMAS] = canonical(schemas)
    code, report, page = said(told.write(tmp_path / "bundle.zip"), capsys)
    assert (code, report["explained_otherwise"]) == (0, [name])
    assert members.SCHEMAS in report["not_checked"]
    assert f"1 aren't this verifier's own: of another release, or changed ({name})" in page


def test_a_bundle_of_an_earlier_release_is_verified(
    told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given schemas without types that came later and don't occur, then nothing is said of them."""
    schemas = explained()
    occurring = {parse(raw)["type"] for raw in told.entries}
    schemas["types"] = {name: each for name, each in schemas["types"].items() if name in occurring}
    told.more[members.SCHEMAS] = canonical(schemas)
    code, report, _ = said(told.write(tmp_path / "bundle.zip"), capsys)
    assert (code, report["explained_otherwise"]) == (0, [])


class OneWay(io.RawIOBase):
    """A file that can't be gone back in, like a pipe."""

    def __init__(self) -> None:
        self.raw = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, raw: Any) -> int:
        self.raw += raw
        return len(raw)


def test_a_bundle_that_was_written_one_way_or_packed_anew_is_verified(
    told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given lengths behind members, as a pipe makes them, or another tool's times and rights, then nothing is found."""
    path = told.write(tmp_path / "bundle.zip")
    out = OneWay()
    archive = Archive(out)  # type: ignore[arg-type]
    with zipfile.ZipFile(path) as old:
        for name in old.namelist():
            archive.put(name, old.read(name))
    archive.close()
    (tmp_path / "piped.zip").write_bytes(out.raw)
    assert said(tmp_path / "piped.zip", capsys)[0] == 0

    def other_tool(info: zipfile.ZipInfo) -> None:
        info.external_attr, info.extra = (stat.S_IFREG | 0o600) << 16, b"UT\x05\x00\x01\x00\x00\x00\x00"

    rewritten(path, other_tool)
    assert said(path, capsys)[0] == 0


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_archive_is_no_bundle_or_a_verdict(seed: int, told: Told, tmp_path: Path) -> None:
    """Given bytes of headers and of the directory changed, then there is a report, or it can't be opened."""
    path = told.write(tmp_path / "bundle.zip")
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        headers = [each for info in archive.infolist() for each in range(info.header_offset, info.header_offset + 40)]
        places = [*headers, *range(archive.start_dir, len(raw))]
    random = Random(seed)
    for place in random.choices(places, k=random.choice((1, 2, 8))):
        raw[place] = random.choice((0, 255, 128, random.randrange(256)))
    path.write_bytes(raw)
    try:
        with Bundle(path) as bundle:
            report = verify(bundle, Trust(keys=(OPERATOR.vkey,)), lambda *_: None)
    except CantOpen:
        return
    assert (report.verdict is Verdict.FINDINGS) == bool(report.findings)
