"""A case as a folder: read, journalled, then written; nothing is sent anywhere.

The row in the journal stands and is sealed before the first file is written, so the
extract in the folder ends with the export itself.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from models.acts.exporting import record_export
from models.acts.seals import head, seal, verify
from models.casefile.breach import breach
from models.casefile.case import about, clock, consents, identity, items
from models.casefile.fulfilment import fulfilment
from models.casefile.ledgers import Line, Seal, journal, journal_section, timeline
from models.casefile.letters import Papers, files, letters
from models.casefile.sheet import Paper, Section
from models.casefile.words import moment
from models.house import House
from models.package.machine import plain, written
from models.shapes import Actor
from models.tables import DataSubjectRequest

PAGE, JOURNAL, SUMS = "index.html", "logi.json", "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Folder:
    """What was written, and what does not fit in the journal's chain."""

    path: Path
    files: int
    findings: tuple[str, ...]


async def export_case(
    house: House, actor: Actor, reference: str, folder: Path, now: datetime | None = None
) -> Folder:
    """Writes everything about one case into a new or empty `folder`, readable by its owner only.

    Raises ActRefused when there is no such case, FileExistsError when the folder holds
    something, OSError when it cannot be written.
    """
    made_at = now or datetime.now(UTC)
    _check_free(folder)
    request_id = await record_export(house, actor, reference.strip().upper(), now=made_at)
    await seal(house.vault)
    papers = await _papers(house, request_id, made_at)
    _lay_down(folder, papers.found)
    return Folder(folder, len(papers.found) + 1, tuple(await verify(house.vault)))


async def _papers(house: House, request_id: int, made_at: datetime) -> Papers:
    """Every file of the folder but the sums; the page first."""
    request = await DataSubjectRequest.get(id=request_id)
    papers = Papers()
    lines, seals = await journal(request)
    findings, end = await verify(house.vault), str(await head() or "–")
    found = [
        await about(house, request),
        await clock(house, request, made_at),
        await items(house, request),
        await breach(house, request),
        await identity(house, request),
        await fulfilment(house, request),
        await consents(house, request),
        await letters(house, request, papers),
        await files(house, request, papers),
        await timeline(house, request),
        journal_section(house, lines, findings, end),
    ]
    sections = [one for one in found if one is not None]
    extract = _extract(request.reference, lines, seals, findings, end)
    html = page(house, request.reference, sections, made_at)
    papers.found = [Paper(PAGE, html.encode()), *papers.found, Paper(JOURNAL, extract)]
    return papers


def page(house: House, reference: str, sections: list[Section], made_at: datetime) -> str:
    """The page in Estonian; everything in it is escaped."""
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            reference=reference,
            sections=sections,
            controller=house.controller,
            made_at=moment(house.zone, made_at),
        )
        .strip()
    )


def _extract(
    reference: str, lines: list[Line], seals: list[Seal], findings: list[str], end: str
) -> bytes:
    return written(
        {
            "case": reference,
            "head": end,
            "findings": findings,
            "entries": plain(lines),
            "seals": plain(seals),
        }
    )


@lru_cache(maxsize=1)
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        autoescape=True,
    )


def _check_free(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")


def _lay_down(folder: Path, papers: list[Paper]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for paper in papers:
        _write(folder / paper.path, paper.content)
    sums = "".join(
        f"{hashlib.sha256(paper.content).hexdigest()}  {paper.path}\n" for paper in papers
    )
    _write(folder / SUMS, sums.encode())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)
