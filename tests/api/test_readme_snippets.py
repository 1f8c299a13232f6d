"""What README tells a dashboard programmer to run, run against the API on a socket."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

import pytest

from api.ids import encode
from models.house import House
from models.tables import CaseFile, TimelineEntry
from models.vocabulary import Role, TimelineKind
from tests.absent import needs
from tests.api import node_clients
from tests.api.desk import Door
from tests.api.seeds import Sample, make_entry
from tests.api.serving import served
from tests.processes import kill

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SCHEMA = Path(__file__).parents[2] / "api" / "schema.graphql"
STRICTLY = ("--strict", "--target", "es2022", "--module", "nodenext", "--types", "node")
CHAPTER = README.split("## The API")[1].split("## Proof")[0]


def snippets(language: str) -> list[str]:
    """The snippets of the chapter in this language."""
    return re.findall(rf"```{language}\n(.*?)```", CHAPTER, re.DOTALL)


def snippet(language: str) -> str:
    """The only one."""
    (found,) = snippets(language)
    return found


def _environment(door: Door, url: str, **more: str) -> dict[str, str]:
    token = door.tokens[Role.CASE_HANDLER]
    api = url.removesuffix("/graphql")
    return {"PATH": os.environ["PATH"], "API": api, "TOKEN": token, **more}


async def ran(door: Door, folder: Path, *words: str, **environ: str) -> str:
    """Standard output of a command that finds API and TOKEN in its environment."""
    async with served(door.app) as server:
        process = await asyncio.create_subprocess_exec(
            *words,
            cwd=folder,
            env=_environment(door, server.url(), **environ),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(60):
            out, err = await process.communicate()
    assert (process.returncode, err.decode()) == (0, "")
    return out.decode()


async def test_the_shell_snippet_asks_and_puts_a_file(
    door: Door, sample: Sample, tmp_path: Path
) -> None:
    needs("curl", "curl is not installed: apt install curl")
    (tmp_path / "orders.csv").write_bytes(b"service;count\n")
    case = encode("DataSubjectRequest", sample.case.id)
    out = await ran(door, tmp_path, "sh", "-ec", snippet("sh"), CASE=case)
    decoder = json.JSONDecoder()
    asked, end = decoder.raw_decode(out)
    put, _ = decoder.raw_decode(out[end:].lstrip())
    assert asked["data"]["requests"]["nodes"][0]["reference"] == sample.older.reference
    assert put["size"] == 14
    assert (await CaseFile.get()).request_id == sample.case.id


async def test_the_python_snippet_pages_and_notes(
    door: Door, sample: Sample, tmp_path: Path
) -> None:
    (tmp_path / "snippet.py").write_text(snippet("python"), encoding="utf-8")
    out = await ran(door, tmp_path, sys.executable, "snippet.py")
    assert out == f"{sample.older.reference} []\n"
    entry = await TimelineEntry.get(kind=TimelineKind.NOTE)
    assert entry.request_id == sample.older.id


@pytest.mark.parametrize("register_url", ["sqlite"], indirect=True)
async def test_the_typescript_snippet_compiles_with_generated_types_and_reads_one_case(
    door: Door, sample: Sample, tmp_path: Path
) -> None:
    """graphql-codegen reads the published schema, tsc is strict, Node runs what comes out."""
    node_clients.needed()
    (tmp_path / "node_modules").symlink_to(node_clients.packages() / "node_modules")
    published = {
        "codegen.json": snippet("json"),
        "desk.graphql": "\n".join(snippets("graphql")),
        "snippet.ts": snippet("ts"),
        "package.json": '{"type": "module"}',
    }
    for name, text in published.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    generator = (str(node_clients.packages() / "codegen.mjs"), "codegen.json", str(SCHEMA))
    types = await ran(door, tmp_path, "node", *generator, "desk.graphql")
    (tmp_path / "desk.ts").write_text(types, encoding="utf-8")
    compiler = "node_modules/typescript/bin/tsc"
    said = await ran(door, tmp_path, "node", compiler, *STRICTLY, "--outDir", "out", "snippet.ts")
    out = await ran(door, tmp_path, "node", "out/snippet.js", sample.case.reference)
    assert (said, out) == ("", f"NEW {sample.case.due_on}\n")


@pytest.mark.parametrize("register_url", ["sqlite"], indirect=True)
async def test_the_live_snippet_tells_what_came_after_the_line_it_names(
    door: Door, sample: Sample, house: House, tmp_path: Path
) -> None:
    node_clients.needed()
    (tmp_path / "node_modules").symlink_to(node_clients.packages() / "node_modules")
    (tmp_path / "snippet.mjs").write_text(snippet("js"), encoding="utf-8")
    after = encode("TimelineEntry", sample.entry.id)
    await make_entry(house, sample.case, TimelineKind.NOTE, "What came after.")
    async with served(door.app) as server:
        process = await asyncio.create_subprocess_exec(
            "node",
            "snippet.mjs",
            cwd=tmp_path,
            env=_environment(door, server.url(), AFTER=after),
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        assert process.stdout is not None
        try:
            async with asyncio.timeout(60):
                line = await process.stdout.readline()
        finally:
            kill(process)
            await process.wait()
    assert line.decode() == f"{sample.case.reference} NEW What came after.\n"
