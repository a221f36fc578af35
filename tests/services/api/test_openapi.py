"""The OpenAPI document says what the service does: Schemathesis asks everything it can think of."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import httpx2

from services.api.commands import COMMANDS
from services.api.lists import QUERIES
from tests.running import RunningService
from tests.services.hall import Hall

EXAMPLES = "15" if os.environ.get("HANDSCHLAG_LAWS") == "long" else "8"
"""Requests that are made up for each operation; the long form makes more."""


async def test_every_command_and_query_is_described(service: RunningService) -> None:
    """What is routed is in the document, and bodies refuse unknown members there too."""
    document = httpx2.get(f"{service.url}/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    for command in COMMANDS:
        assert "post" in document["paths"]["/v1/{tenant}/" + command.path]
        assert document["components"]["schemas"][command.body.__name__]["additionalProperties"] is False
    for query in QUERIES:
        assert "get" in document["paths"]["/v1/{tenant}/" + query.path]


async def test_the_description_can_be_read_as_a_page_from_here_alone(service: RunningService) -> None:
    """The documentation page loads nothing from elsewhere."""
    page = httpx2.get(f"{service.url}/docs")
    assert page.status_code == 200
    assert "//" not in page.text.replace("<!doctype html>", "")
    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js"):
        assert httpx2.get(f"{service.url}/docs/{name}").status_code == 200


async def test_schemathesis_finds_no_crash_and_no_undocumented_answer(
    service: RunningService, hall: Hall, tmp_path: Path
) -> None:
    """No 5xx, no status, type or shape that the document doesn't name, over every operation; streams aside."""
    await hall.plan()
    config = tmp_path / "schemathesis.toml"
    # A wrong tenant is replaced by the right one: so that this isn't taken for accepted, what is asked isn't there.
    # Nobody waits for records that don't come.
    missing = '"path.size" = 900000\n"path.position" = 900000\n"query.wait" = 0\n'
    config.write_text(f'[parameters]\n"path.tenant" = "{hall.host.tenant}"\n{missing}')
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    run = await asyncio.to_thread(
        subprocess.run,
        [
            str(Path(sys.executable).with_name("schemathesis")),
            "--config-file",
            str(config),
            "run",
            f"{service.url}/openapi.json",
            "--checks",
            f"{checks},unsupported_method,negative_data_rejection",
            "--max-examples",
            EXAMPLES,
            "--seed",
            "2006",
            "--phases",
            "examples,coverage,fuzzing",
            "--exclude-operation-id",
            "StreamEvents",
            "--header",
            f"Authorization: Bearer {hall.host.keys['host_admin']}",
            "--request-timeout",
            "20",
            "--suppress-health-check",
            "all",
            "--no-color",
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=400,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
