"""What ``trialkit statements import`` shows of each statement, and how it ends."""

from argparse import Namespace
from pathlib import Path

import pytest

from trialkit.cli.commands import statements
from trialkit.cli.exit_codes import ExitCode
from trialkit.errors import DataFileError
from trialkit.steps.returned.statements import (
    ReturnedStatement,
    ReturnedStatements,
    StatementState,
)

EDITED = ReturnedStatement(
    key="6", state=StatementState.EDITED, file="statements/6.md", before="Old.\nSame.\n",
    after="New.\nSame.\n", lost=("underlined (2)",), changes=1,
)  # fmt: skip
SAME = ReturnedStatement(key="8", state=StatementState.SAME, file="statements/8.md")
CONFLICT = ReturnedStatement(
    key="30", state=StatementState.CONFLICT, file="statements/30.md", before="a\n", after="b\n"
)
STUCK = ReturnedStatement(
    key="20b",
    state=StatementState.UNWRITABLE,
    file="statements/20b.md",
    why=("it holds a picture",),
)


def call(
    found: tuple[ReturnedStatement, ...],
    monkeypatch: pytest.MonkeyPatch,
    *,
    write: bool = False,
    comments: int = 0,
) -> ExitCode:
    returned = ReturnedStatements(statements=found, comments=comments)
    monkeypatch.setattr(statements, "returned_statements", lambda *_: returned)
    return statements.run(
        Namespace(document=Path("e.docx"), trial=Path("t"), only=(), write=write, action="import")
    )


def test_an_edited_statement_is_shown_with_what_it_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call((EDITED, SAME), monkeypatch, comments=1) is ExitCode.FINDINGS
    assert capsys.readouterr().out.splitlines() == [
        "statements/6.md: edited",
        "  --- statements/6.md in the trial",
        "  +++ 6 in e.docx",
        "  @@ -1,2 +1,2 @@",
        "  -Old.",
        "  +New.",
        "   Same.",
        "  1 tracked change was read as if accepted.",
        "  Not kept, since Markdown has none: underlined (2).",
        "1 comment was not read.",
        "1 edited, 1 as in the trial, 0 to be settled by hand.",
        "Nothing was written; --write takes what was edited into the trial.",
    ]


def test_what_is_to_be_settled_says_why_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call((CONFLICT, STUCK), monkeypatch) is ExitCode.FINDINGS
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "statements/30.md: edited, and changed in the trial since"
    assert "  +b" in said
    assert said[-3:] == [
        "statements/20b.md: cannot be taken back",
        "  it holds a picture",
        "0 edited, 0 as in the trial, 2 to be settled by hand.",
    ]
    with pytest.raises(DataFileError, match="nothing was written"):
        call((EDITED, CONFLICT), monkeypatch, write=True)


def test_where_nothing_was_edited_it_ends_with_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call((SAME,), monkeypatch) is ExitCode.FINE
    assert capsys.readouterr().out == "0 edited, 1 as in the trial, 0 to be settled by hand.\n"
    gone = ReturnedStatement(key="6", state=StatementState.EMPTY, file="statements/6.md")
    assert call((gone,), monkeypatch, write=True) is ExitCode.FINE
    assert "nothing is taken" in capsys.readouterr().out
