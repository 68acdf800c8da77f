"""People who act on a trial by the command line, each by an account of their own."""

import csv
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trialkit.cli.main import main

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STORE = ("--store", "trial/evidence.sqlite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Whoever has an account."""

    patch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str] | None = None

    def does(self, person: str, *words: str, code: int = 0) -> str:
        """Run a command by that account; what it said, on one line."""
        self.patch.setenv("LOGNAME", person)
        ended = main(words, moment=AT)
        heard = self.capsys.readouterr() if self.capsys else None
        said = " ".join(f"{heard.out} {heard.err}".split()) if heard else ""
        assert ended == code, (words, said)
        return said

    def store(self, person: str, action: str, *words: str, code: int = 0) -> str:
        """The same for an action of ``trialkit store`` on the trial."""
        return self.does(person, "store", action, "trial", *words, code=code)

    def query(self, person: str, step: str, *words: str, code: int = 0) -> str:
        return self.does(person, "store", "query", "trial", step, *words, code=code)

    def enters(self, person: str, form: str, before: str, after: str, *, code: int = 0) -> str:
        """Change a row of a form in the trial's folder, and take the folder into the store."""
        rewrite(Path("trial/data") / f"{form}.csv", before, after)
        words = (
            "store",
            "import",
            "folder",
            "trial",
            "--empty",
            "--write",
            "--reason",
            "typed anew",
        )
        return self.does(person, *words, code=code)

    def log(self, person: str = "ann", *words: str) -> list[dict[str, str]]:
        """The log as its table has it."""
        self.store(person, "log", *words, "--to", "log.csv")
        found = read_table("log.csv")
        Path("log.csv").unlink()
        return found


def rewrite(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text, (path, before)
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def read_table(path: str | Path) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def last_event(said: str) -> str:
    """The number of the event with which the log ends, as a command says it."""
    return re.findall(r"ends with event (\d+)", said)[-1]


def query_key(said: str) -> str:
    return next(word for word in said.split() if re.fullmatch(r"q[0-9a-f]{15}", word))
