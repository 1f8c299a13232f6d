"""A missing part is a failure in CI and a named gap elsewhere."""

import sys

import pytest

from tests.absent import left_out, needs


@pytest.mark.parametrize(
    ("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)]
)
def test_what_is_missing_fails_in_ci_and_is_left_out_elsewhere(
    ci: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="apt install moon"):
        left_out("The moon is not installed: apt install moon")
    with pytest.raises(outcome, match="apt install moon"):
        needs("no-such-program-here", "The moon is not installed: apt install moon")
    needs(sys.executable, "never said")
