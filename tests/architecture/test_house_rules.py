"""The house's rules that a machine can hold: floors, what the domain may import, sizes, and what no file may name."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 60

# Hosts are matched with [.], so that this file doesn't name them either.
REGISTRIES = re.compile(
    r"pypi[.]org|pythonhosted[.]org|pypi[.]io|npmjs[.](?:org|com)|yarnpkg[.]com|jsdelivr[.]net|unpkg[.]com"
    r"|deb[.]debian[.]org|(?:archive|security)[.]ubuntu[.]com|proxy[.]golang[.]org|crates[.]io|rubygems[.]org"
    r"|repo1?[.]maven|conda[.]anaconda[.]org|docker[.]io|(?:ghcr|quay|gcr)[.]io|--(?:extra-)?index-url[ =]",
    re.IGNORECASE,
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:wor[k]|roo[t]|hom[e]/\w+|User[s]/\w+)/")


def tracked(*patterns: str) -> list[Path]:
    """The files that git knows and that are there, fitting one of `patterns` (all, without)."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--", *patterns]
    try:
        listed = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout, so nobody can say which files are committed")
    return [HOUSE / name for name in listed.split("\0") if name and (HOUSE / name).is_file()]


def found(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    """Each place where `pattern` stands in one of the text files: file, line and the words."""
    places = []
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a font
        for number, line in enumerate(text.splitlines(), start=1):
            if hit := pattern.search(line):
                places.append(f"{path.relative_to(HOUSE)}:{number}: {hit[0]}")
    return places


def code() -> list[Path]:
    """Our Python that runs in service."""
    return tracked("domain/*.py", "infra/*.py", "services/*.py")


def test_the_floors_hold() -> None:
    """Given the import contracts in pyproject.toml, when the imports are read, then none is broken."""
    linter = Path(sys.executable).with_name("lint-imports")
    # A process of its own: in ours it would switch off loggers that other tests listen to.
    run = subprocess.run([linter, "--no-cache"], cwd=HOUSE, capture_output=True, text=True, check=False)
    assert re.search(r"Contracts: (?:[5-9]|[1-9][0-9]+) kept, 0 broken", run.stdout), run.stdout + run.stderr
    assert run.returncode == 0


def test_the_domain_imports_the_standard_library_and_itself_alone() -> None:
    """Given the domain, when its imports are read, even those inside functions, then nothing foreign is among them."""
    allowed = sys.stdlib_module_names | {"domain"}
    foreign = []
    for path in tracked("domain/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "."]
            foreign += [f"{path.relative_to(HOUSE)}: {name}" for name in names if name.partition(".")[0] not in allowed]
    assert not foreign


def test_a_file_has_one_subject() -> None:
    """Given our code, when its files are measured, then none is longer than 400 lines."""
    files = [*code(), *tracked("infra/*.sql", "services/*.sql")]
    lengths = {path.relative_to(HOUSE): len(path.read_text().splitlines()) for path in files}
    assert not {path: length for path, length in lengths.items() if length > LONGEST_FILE}


def test_a_function_fits_in_a_glance() -> None:
    """Given our code, when its functions are measured, then none is longer than 60 lines."""
    long = []
    for path in code():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long.append(f"{path.relative_to(HOUSE)}:{node.lineno} {node.name}: {length}")
    assert not long


def test_nothing_waits_for_ever_when_it_is_cancelled() -> None:
    """Given asyncpg, whose cancelled `executemany` can wait for ever, then nothing that is stopped calls it."""
    found = [path.name for path in tracked("infra/*.py", "services/*.py") if ".executemany(" in path.read_text()]
    assert found == []


def test_what_postgresql_15_cant_parse_is_said_as_text() -> None:
    """Given SQL for PostgreSQL 15 to 18, then what 16 brought in stands in an `execute`: 15 parses whole functions."""
    lines = [line for path in tracked("*.sql") for line in path.read_text(encoding="utf-8").splitlines()]
    newer = [line for line in lines if re.search(r"\binherit (?:false|true)\b", line)]
    assert newer
    assert all("execute" in line for line in newer)


def test_no_file_names_a_registry() -> None:
    """Given the committed files, when read, then none names a package registry's host: installers choose their own."""
    assert not found(REGISTRIES, tracked())


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    """Given the committed files, when read, then none holds a path of the machine it was written on."""
    assert not found(MACHINE_PATHS, tracked())


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_hold_versions_and_hashes_and_no_addresses(name: str) -> None:
    """Given a lock file, when read, then every line is a pinned package or its hash."""
    line = re.compile(r"[a-z0-9-]+(?:\[[a-z,-]+\])?==[\w.!+-]+(?: ; [^:]+)? \\|    --hash=sha256:[0-9a-f]{64}(?: \\)?")
    strange = [each for each in (HOUSE / name).read_text().splitlines() if not line.fullmatch(each)]
    assert not strange


def test_what_tests_install_is_what_the_service_runs() -> None:
    """Given both lock files, when compared, then the tests' one holds the service's packages at the same versions."""
    pins = [
        {each.split(" ")[0] for each in (HOUSE / name).read_text().splitlines() if "==" in each and each[0] != " "}
        for name in ("requirements.lock", "requirements-dev.lock")
    ]
    assert pins[0] <= pins[1]
