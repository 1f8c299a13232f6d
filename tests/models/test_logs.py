"""A log line says which fault it was and where, never its words: those may quote a letter."""

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest

from models.logs import formatter, place_of

SECRET = "mari@example.com"


class Lines(logging.Handler):
    """What a process would have written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(formatter("json"))
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        self.written.append(self.format(record))


@pytest.fixture
def lines() -> Iterator[list[str]]:
    handler = Lines()
    root = logging.getLogger()
    root.addHandler(handler)
    yield handler.written
    root.removeHandler(handler)


def thrown(fault: Exception) -> Exception:
    """The same, with the place where it was raised."""
    try:
        raise fault
    except Exception as found:
        return found


def test_a_fault_is_told_by_kind_and_place_with_its_cause() -> None:
    fault = thrown(ValueError(SECRET))
    fault.__cause__ = thrown(KeyError(SECRET))
    said = place_of(fault)
    assert said.startswith("ValueError at test_logs.py:")
    assert ", from KeyError at test_logs.py:" in said
    assert SECRET not in said


def test_of_a_group_each_fault_is_told() -> None:
    inner = ExceptionGroup("two", [thrown(OSError(SECRET)), thrown(KeyError(SECRET))])
    said = place_of(thrown(ExceptionGroup("one", [inner])))
    assert "OSError at test_logs.py:" in said
    assert "KeyError at test_logs.py:" in said
    assert SECRET not in said


def test_causes_that_go_round_or_on_for_ever_come_to_an_end() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert place_of(first).count("ValueError") == 1
    chain = ValueError()
    for _ in range(5000):
        above = ValueError()
        above.__cause__ = chain
        chain = above
    said = place_of(chain)
    assert said.endswith(", from others")
    assert len(said) < 1000


def test_a_line_that_promises_a_fault_where_there_is_none_is_written_all_the_same(
    lines: list[str],
) -> None:
    logging.getLogger("x").error("no fault here", exc_info=True)
    assert json.loads(lines[-1])["event"] == "no fault here"
    assert "fault" not in json.loads(lines[-1])


def test_a_task_nobody_waited_for_is_logged_without_its_words(lines: list[str]) -> None:
    async def fails() -> None:
        raise ValueError(SECRET)

    async def main() -> None:
        task = asyncio.ensure_future(fails())
        await asyncio.wait([task])
        del task

    asyncio.run(main())
    (told,) = [one for one in lines if "never retrieved" in one]
    assert "ValueError at test_logs.py:" in told
    assert SECRET not in told


def test_what_ends_a_process_is_told_without_its_words() -> None:
    code = f"from models.logs import set_up\nset_up('json')\nraise ValueError('{SECRET}')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 1
    assert b"ValueError at " in done.stderr
    assert SECRET.encode() not in done.stderr


@pytest.mark.parametrize(("level", "count"), [("info", 1), ("warning", 0)])
def test_an_event_is_one_line_of_json_from_its_level_upwards(level: str, count: int) -> None:
    code = (
        "import structlog; from models.logs import set_up; "
        f"set_up('json', '{level}'); structlog.get_logger().info('answered', ms=1, codes=['X'])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in ran.stderr.splitlines()]
    assert len(lines) == count
    for line in lines:
        assert line | {"timestamp": ""} == {
            "event": "answered",
            "level": "info",
            "timestamp": "",
            "ms": 1,
            "codes": ["X"],
        }
