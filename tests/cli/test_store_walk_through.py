"""What the page of the store walks through can be run as it stands there, and prints what it says."""

import re
import shlex
from pathlib import Path

import pytest

from trialkit.cli.main import main

PAGE = Path(__file__).parents[2] / "docs" / "store.md"
SECTIONS = ("A store in ten minutes", "A trial of two people")
EDIT = re.compile(r"# in (\S+): (.*) becomes (.*)")
MORE = "…"


def _steps(head: str = SECTIONS[0]) -> list[tuple[str, list[str]]]:
    """Each call or edit of a walk, with the lines that are printed below it."""
    named = re.compile(rf"^##+ {head}\n(.*?)^##", re.DOTALL | re.MULTILINE)
    (section,) = named.findall(PAGE.read_text("utf-8"))
    steps: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", section, re.DOTALL):
        for line in block.splitlines():
            if line.startswith(("$ ", "# ")):
                steps.append((line, []))
            else:
                steps[-1][1].append(line)
    return steps


def _as_pattern(lines: list[str]) -> str:
    """What is to be printed, with anything for what the page leaves out."""
    said = (re.escape(line).replace(re.escape(MORE), ".*") for line in lines if line != MORE)
    return ".*".join(said)


@pytest.mark.slow
@pytest.mark.parametrize("head", SECTIONS)
def test_the_walk_through_a_store_runs_and_prints_what_it_says(
    head: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for line, printed in _steps(head):
        if edit := EDIT.fullmatch(line):
            path, before, after = Path(edit[1]), edit[2], edit[3]
            text = path.read_text("utf-8")
            assert text.count(before) == 1
            path.write_text(text.replace(before, after), "utf-8")
            continue
        words = shlex.split(line.removeprefix("$ "))
        account = "anna"
        if words[0].startswith("LOGNAME="):
            account = words.pop(0).removeprefix("LOGNAME=")
        monkeypatch.setenv("LOGNAME", account)
        assert words[0] == "trialkit"
        code = main(words[1:])
        screen = capsys.readouterr()
        assert code == 0, f"{line}: {screen.err}"
        assert re.search(_as_pattern(printed), screen.out, re.DOTALL), f"{line}: {screen.out}"


def test_the_walk_through_has_steps_of_several_people() -> None:
    calls = [line for line, _ in _steps()]
    assert len(calls) > 15
    assert {"$ LOGNAME=ben", "$ LOGNAME=cora", "$ trialkit"} <= {
        " ".join(line.split()[:2]) for line in calls
    }
