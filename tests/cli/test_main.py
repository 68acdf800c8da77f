"""The door: what a command prints, what it returns, and that a mistake never shows a traceback."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import trialkit.cli.validating as validate_command
from tests.conftest import EXAMPLE, THREE_ARMS
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.cli.options import build_parser
from trialkit.newtrial.writing import write_new_trial

PROGRAM = "import sys; from trialkit.cli.main import main; sys.exit(main())"
LISTING = {"findings.csv", "findings.xlsx", "findings.html"}
COMMANDS = (
    "new",
    "validate",
    "analyse",
    "report",
    "run",
    "forms",
    "import",
    "workbook",
    "codebook",
    "instruments",
    "power",
    "randomise",
    "simulate",
    "queries",
    "deviations",
    "statements",
    "verify",
    "protocol",
    "plan",
    "due",
    "datasets",
    "trace",
    "store",
)


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """A copy of the example that a test may damage."""
    copy = tmp_path / "trial"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("output", "__pycache__"))
    return copy


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The trial that ``trialkit new`` writes, for what any trial shows."""
    write_new_trial(tmp_path / "small")
    return tmp_path / "small"


def test_run_writes_everything_and_says_the_primary_result(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(trial), "--formats", "html"]) == ExitCode.FINE
    out = capsys.readouterr().out
    assert "Findings: 0 hard" in out
    assert "Primary result." in out
    assert "95% CI" in out
    assert "Synthetic re-enactment; not data of ISRCTN14488937" in out
    lines = out.splitlines()
    summary = next(at for at, line in enumerate(lines) if "(Synthetic" in line)
    assert len(lines[summary:]) <= 6
    assert lines[-1] == f"Open {trial / 'output' / 'report.html'}"
    assert [line for line in lines[:summary] if not line.startswith("  R01 error")] == []
    assert (trial / "output" / "report.html").is_file()


@pytest.mark.slow
def test_each_step_alone_writes_its_files(small: Path, tmp_path: Path) -> None:
    written = {
        "validate": LISTING,
        "analyse": LISTING | {"results.csv", "results.json", "series.csv"},
        "report": {
            *("report.html", "report.docx", "report.pdf", "tables.rtf", "report.md"),
            *("flow.svg", "checklist.csv", "lint.csv", "manifest.json", "figures"),
        },
    }
    for command, files in written.items():
        out = tmp_path / command
        assert main([command, str(small), "--out", str(out)]) == ExitCode.FINE
        assert {path.name for path in out.iterdir()} == files


@pytest.mark.slow
def test_new_writes_a_trial_that_run_accepts_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "my trial"
    assert main(["new", str(folder)]) == ExitCode.FINE
    assert main(["run", str(folder), "--formats", "html"]) == ExitCode.FINE
    assert (folder / "output" / "report.html").is_file()


def test_new_does_not_touch_a_folder_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert main(["new", str(tmp_path)]) == ExitCode.CANNOT
    assert "is there already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.slow
def test_the_second_trial_runs_too(tmp_path: Path) -> None:
    assert (
        main(["run", str(THREE_ARMS), "--out", str(tmp_path), "--formats", "html"]) == ExitCode.FINE
    )


@pytest.mark.slow
def test_strict_makes_a_missing_statement_an_error(trial: Path) -> None:
    assert main(["report", str(trial), "--strict", "--formats", "html"]) == ExitCode.FINDINGS
    assert (trial / "output" / "report.html").is_file()


@pytest.mark.slow
def test_hard_findings_give_1_and_stop_the_analysis(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(small / "data" / "assessment.csv", line=1, cell=3, text="400")
    assert main(["validate", str(small)]) == ExitCode.FINDINGS
    assert main(["run", str(small)]) == ExitCode.FINDINGS
    said = capsys.readouterr()
    assert "400" in said.out
    assert "--allow-hard" in said.err
    assert main(["run", str(small), "--allow-hard", "--formats", "html"]) == ExitCode.FINE
    html = (small / "output" / "report.html").read_text(encoding="utf-8")
    assert "hard finding" in html


def spoil(path: Path, *, line: int, cell: int, text: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = lines[line].split(",")
    cells[cell] = text
    lines[line] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def empty(trial: Path) -> None:
    (trial / "data" / "pain.csv").write_bytes(b"")


def other_delimiter(trial: Path) -> None:
    path = trial / "data" / "pain.csv"
    path.write_bytes(path.read_bytes().replace(b",", b";"))


def latin_1(trial: Path) -> None:
    path = trial / "data" / "concomitant_care.csv"
    path.write_bytes(path.read_bytes().replace(b"Ibuprofen gel", "Ibuprofène".encode("latin-1")))


def missing_column(trial: Path) -> None:
    path = trial / "data" / "pain.csv"
    path.write_bytes(path.read_bytes().replace(b"vas_mm", b"vas_cm", 1))


def no_data_file(trial: Path) -> None:
    (trial / "data" / "pain.csv").unlink()


def a_folder_for_a_file(trial: Path) -> None:
    (trial / "data" / "pain.csv").unlink()
    (trial / "data" / "pain.csv").mkdir()


def no_protocol(trial: Path) -> None:
    (trial / "protocol.toml").unlink()


def broken_toml(trial: Path) -> None:
    (trial / "protocol.toml").write_text("[trial", encoding="utf-8")


def broken_form(trial: Path) -> None:
    path = trial / "forms" / "pain.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\ncolour = 1\n", encoding="utf-8")


def rule_that_runs_code(trial: Path) -> None:
    path = trial / "forms" / "pain.toml"
    rule = "__import__('os').system('touch /tmp/owned')"
    path.write_text(
        path.read_text(encoding="utf-8")
        + f'\n[[rules]]\nid = "X1"\nexpression = "{rule}"\nseverity = "hard"\n'
        'message = "x"\nitems = ["vas_mm"]\n',
        encoding="utf-8",
    )


def statement_of_no_item(trial: Path) -> None:
    (trial / "statements" / "99.md").write_text("words", encoding="utf-8")


def output_is_a_file(trial: Path) -> None:
    (trial / "output").write_text("mine", encoding="utf-8")


def output_is_a_circle(trial: Path) -> None:
    (trial / "output").symlink_to(trial / "output")


def a_list_for_a_method(trial: Path) -> None:
    path = trial / "protocol.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('method = "welch_t"', 'method = ["welch_t"]'), encoding="utf-8")


def output_leads_outside(trial: Path) -> None:
    (trial / "output").symlink_to(trial.parent, target_is_directory=True)


BAD = {
    empty: "pain.csv",
    other_delimiter: "pain.csv",
    latin_1: "concomitant_care.csv",
    missing_column: "vas_mm",
    no_data_file: "pain.csv",
    a_folder_for_a_file: "pain.csv",
    no_protocol: "trialkit new",
    broken_toml: "protocol.toml",
    broken_form: "pain.toml",
    rule_that_runs_code: "pain.toml",
    statement_of_no_item: "99.md",
    output_is_a_file: "output",
    output_leads_outside: "output",
    output_is_a_circle: "output",
    a_list_for_a_method: "protocol.toml: [analyses 'primary_welch'] method",
}


FOUND_LATE = {statement_of_no_item, output_is_a_file}
"""What any trial shows, and no command before it has results."""


@pytest.mark.parametrize("damage", list(BAD), ids=lambda each: each.__name__)
def test_bad_input_ends_in_a_message_that_names_the_file(
    damage: object, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = request.getfixturevalue("small" if damage in FOUND_LATE else "trial")
    damage(trial)
    assert main(["run", str(trial), "--formats", "html"]) == ExitCode.CANNOT
    said = capsys.readouterr()
    assert BAD[damage] in said.err
    assert "Traceback" not in said.err + said.out
    assert "fault of trialkit" not in said.err


def test_a_protocol_with_five_errors_says_all_five(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = trial / "protocol.toml"
    text = path.read_text(encoding="utf-8")
    for right, wrong in (
        ('framework = "superiority"', 'framework = "superior"'),
        ("ratio = 1", "ratio = 0"),
        ('direction = "lower"', 'direction = "down"'),
        ('method = "welch_t"', 'method = "welsh_t"'),
        ("date = 2024-05-28", 'date = "2024-05-28"'),
    ):
        assert right in text
        text = text.replace(right, wrong, 1)
    path.write_text(text, encoding="utf-8")
    assert main(["run", str(trial)]) == ExitCode.CANNOT
    said = capsys.readouterr().err
    assert "5 things are wrong" in said
    assert main(["validate", str(trial)]) == ExitCode.CANNOT
    assert "2 things are wrong" in capsys.readouterr().err, "in the trial and its arms"


def test_a_folder_that_is_no_trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(tmp_path)]) == ExitCode.CANNOT
    assert main(["run", str(tmp_path / "nowhere")]) == ExitCode.CANNOT
    assert "trialkit new" in capsys.readouterr().err


def test_a_fault_of_ours_is_called_ours(
    trial: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by us")

    monkeypatch.setattr(validate_command, "validate", fail)
    assert main(["validate", str(trial)]) == ExitCode.FAULT
    said = capsys.readouterr().err
    assert "fault of trialkit" in said
    assert "ZeroDivisionError: by us" in said


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["walk"],
        ["run"],
        ["run", ""],
        ["new", " "],
        ["run", "x", "--out", ""],
        ["run", "x", "--cut", "31.12.2025"],
        ["run", "x", "--cut", "20251231"],
        ["run", "x", "--cut", "2025-W40-1"],
        ["run", "x", "--cut", "2025-02-30"],
    ],
)
def test_a_wrong_call_gives_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == ExitCode.CANNOT


def test_what_was_entered_is_not_taken_for_markup(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(trial / "data" / "pain.csv", line=1, cell=4, text="[bold red]x[/]")
    assert main(["validate", str(trial)]) == ExitCode.FINDINGS
    assert "[bold red]" in capsys.readouterr().out.replace("\n", "")


@pytest.fixture(scope="module")
def helped() -> dict[str, tuple[int, str, list[str]]]:
    """By command how its help ends, what it says, and the heavy libraries loaded by then.

    One after the other in one process: what none has loaded in the end no command loads.
    """
    program = (
        "import contextlib, io, json, sys\n"
        "from trialkit.cli.main import main\n"
        "found = {}\n"
        "for command in sys.argv[1:]:\n"
        "    said = io.StringIO()\n"
        "    try:\n"
        "        with contextlib.redirect_stdout(said):\n"
        "            main([*filter(None, [command]), '--help'])\n"
        "    except SystemExit as ended:\n"
        "        heavy = {'pandas', 'numpy', 'scipy', 'polars', 'matplotlib', 'rich'}\n"
        "        found[command] = ended.code, said.getvalue(), sorted(heavy & set(sys.modules))\n"
        "print(json.dumps(found))\n"
    )
    words = [sys.executable, "-c", program, "", *COMMANDS]
    run = subprocess.run(words, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_answers_without_heavy_libraries(command: str, helped: dict) -> None:
    code, said, heavy = helped[command]
    assert code == 0
    assert "usage: trialkit" in said
    assert "exit codes" in said
    assert heavy == []


def test_every_command_is_documented() -> None:
    readme = (EXAMPLE.parent / "README.md").read_text(encoding="utf-8")
    known = build_parser()._subparsers._group_actions[0].choices
    assert set(known) == set(COMMANDS)
    for command in known:
        assert f"trialkit {command}" in readme


@pytest.mark.parametrize("command", ["new", "validate", "analyse", "report", "run", "simulate"])
def test_a_path_too_long_for_a_folder_is_refused(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "x" * 300]) == ExitCode.CANNOT
    assert "fault of trialkit" not in capsys.readouterr().err


@pytest.mark.parametrize("inside", ["", "data", "forms", "statements/more"])
def test_outputs_do_not_go_among_the_inputs(
    trial: Path, inside: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(trial.rglob("*"))
    assert main(["run", str(trial), "--out", str(trial / inside)]) == ExitCode.CANNOT
    assert "which holds what people wrote" in capsys.readouterr().err
    assert sorted(trial.rglob("*")) == before


@pytest.mark.parametrize(
    "encoding",
    [
        "ascii",
        pytest.param("cp1252", marks=pytest.mark.slow),
        pytest.param("latin-1", marks=pytest.mark.slow),
    ],
)
def test_a_terminal_without_the_signs_shows_question_marks(small: Path, encoding: str) -> None:
    spoil(small / "data" / "assessment.csv", line=1, cell=3, text="≥ 40 ☃")
    ended = trialkit(["validate", str(small)], PYTHONIOENCODING=encoding)
    said, complained = ended.communicate()
    assert ended.returncode == ExitCode.FINDINGS, complained
    assert b"? 40 ?" in said


def trialkit(arguments: list[str], **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | environment,
    )


@pytest.mark.slow
def test_a_reader_who_leaves_does_not_stop_the_run(small: Path) -> None:
    running = trialkit(["run", str(small), "--formats", "html"])
    running.stdout.close()
    complained = running.stderr.read()
    running.stderr.close()
    assert running.wait() == ExitCode.FINE, complained
    assert b"Traceback" not in complained
    assert b"Exception" not in complained
    names = {path.name for path in (small / "output").iterdir()}
    assert names >= {"findings.csv", "results.csv", "report.html", "manifest.json"}


@pytest.mark.slow
def test_report_counts_the_findings_that_stop_it_and_writes_nothing(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(trial / "data" / "pain.csv", line=1, cell=4, text="400")
    assert main(["report", str(trial)]) == ExitCode.FINDINGS
    said = capsys.readouterr()
    assert "Findings: 1 hard" in said.out
    assert f"See them: trialkit validate {trial}" in said.out
    assert "1 hard finding stops" in said.err
    assert not (trial / "output").exists()


def test_a_file_that_the_system_refuses_is_named(
    trial: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "forms/pain.toml")

    monkeypatch.setattr(validate_command, "validate", refuse)
    assert main(["validate", str(trial)]) == ExitCode.CANNOT
    assert "forms/pain.toml: cannot be used: permission denied; check" in capsys.readouterr().err
