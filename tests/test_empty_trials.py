"""Empty is normal: whatever is not there yet, every command ends well and prints headers and zeros."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import examples, few_at_once
from tests.emptied import FORMS, emptied, only, subjects_of, template, three_arms
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main

Change = Callable[[Path], object]
SLIPS = re.compile(r"\b(?:nan|NaN|NaT|None|Traceback|-?inf)\b|<NA>|\b0(?: of |/)0 \((?!no)")
"""What a number or a date that is not there looks like where nobody thought of it."""
BEFORE_ALL = "2000-01-01"


def nobody(folder: Path) -> None:
    emptied(folder, FORMS)


def one_screened(folder: Path) -> None:
    only(emptied(folder, set(FORMS) - {"screening"}), subjects_of(folder, "screening")[:1])


def one_randomised(folder: Path) -> None:
    only(folder, subjects_of(folder, "randomisation")[:1])


def just_randomised(folder: Path) -> None:
    one_randomised(emptied(folder, set(FORMS) - {"screening", "randomisation"}))


def nobody_randomised(folder: Path) -> None:
    emptied(folder, set(FORMS) - {"screening"})


def one_arm(folder: Path) -> None:
    rows = (folder / "data" / "randomisation.csv").read_text("utf-8").splitlines()[1:]
    others = {row.split(",")[0] for row in rows if row.split(",")[3] == "USUAL"}
    only(folder, set(subjects_of(folder, "screening")) - others)


def no_form_of_events(folder: Path) -> None:
    for kind, ending in (("forms", "toml"), ("data", "csv")):
        (folder / kind / f"adverse_events.{ending}").unlink()


EMPTY: dict[str, tuple[Change, str]] = {
    "nobody": (nobody, ""),
    "before the first screening": (lambda _: None, BEFORE_ALL),
    "one screened": (one_screened, ""),
    "nobody randomised": (nobody_randomised, ""),
    "one randomised": (one_randomised, ""),
    "just randomised": (just_randomised, ""),
    "one arm": (one_arm, ""),
    "no form of events": (no_form_of_events, ""),
}
DAILY = ("nobody", "before the first screening", "one arm", "no form of events")
"""Those that are tried every day; the others are the slow tests'."""
EMPTY |= {f"no {form}": (lambda folder, form=form: emptied(folder, [form]), "") for form in FORMS}
SOME = [pytest.param(name, marks=[] if name in DAILY else pytest.mark.slow) for name in EMPTY]


def ends(*arguments: str | Path) -> ExitCode:
    """How a command ends; at whatever it is, not by a fault of trialkit."""
    try:
        return ExitCode(main([str(each) for each in arguments]))
    except SystemExit as end:
        return ExitCode(end.code)


def texts_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Each output that is text, or has text in it, with its name."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".csv", ".html", ".md", ".svg", ".json", ".rtf"}:
            yield file.name, file.read_text("utf-8")
        elif file.suffix in {".xlsx", ".docx"}:
            with ZipFile(file) as archive:
                parts = [name for name in archive.namelist() if name.endswith(".xml")]
                text = " ".join(archive.read(name).decode("utf-8") for name in parts)
            yield file.name, re.sub(r"<[^>]*>", " ", text)


def slips(folder: Path) -> list[str]:
    """Where an output has a word that no reader should see."""
    return [
        f"{name}: {text[max(0, slip.start() - 40) : slip.end() + 20]!r}"
        for name, text in texts_in(folder)
        for slip in SLIPS.finditer(text)
    ]


def run(trial: Path, cut: str, formats: str) -> ExitCode:
    """The whole line; findings about what is not there yet do not stop it."""
    to = ["--cut", cut] if cut else []
    return ends("run", trial, "--allow-hard", "--formats", formats, *to)


def has_ended_well(end: ExitCode, said: str) -> bool:
    """Whether a command did what it is for, or said why not."""
    why = ("trialkit: ", "could not be carried out; the rest is written")
    return end in {ExitCode.FINE, ExitCode.FINDINGS} or (
        end is ExitCode.CANNOT and any(words in said for words in why)
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", few_at_once(SOME, 1))
def test_every_command_on_an_empty_trial_ends_well(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change, cut = EMPTY[name]
    trial, output = template(tmp_path / "trial"), tmp_path / "trial" / "output"
    change(trial)
    to = ["--cut", cut] if cut else []
    findings = ends("validate", trial, *to)
    assert findings in {ExitCode.FINE, ExitCode.FINDINGS}, capsys.readouterr().err
    for command in (
        ("run", trial, "--allow-hard", "--formats", "html,md", *to),
        ("verify", output),
        ("queries", "list", trial, "--all"),
        ("queries", "send", trial),
        ("queries", "answer", trial, output / "findings.xlsx"),
        ("workbook", trial, output / "entry.xlsx"),
        ("import", "workbook", trial, output / "entry.xlsx", "--dry-run"),
    ):
        end = ends(*command)
        said = capsys.readouterr()
        assert has_ended_well(end, said.out + said.err), (command, end, said.err)
        assert not SLIPS.search(said.out + said.err), (command, said)
    assert (output / "report.md").exists()
    assert slips(output) == []


@pytest.mark.slow
def test_a_report_without_its_primary_analysis_says_which_is_missing_and_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = template(tmp_path / "trial")
    one_arm(trial)
    assert ends("report", trial, "--formats", "md") is ExitCode.CANNOT
    said = " ".join(capsys.readouterr().out.split())
    assert "Primary analysis primary of Symptoms: not estimable: nobody in Usual care" in said
    assert "A primary analysis is due and could not be carried out; the rest is written." in said


def test_header_lines_alone_are_no_finding_and_no_query(tmp_path: Path) -> None:
    trial = template(tmp_path / "trial")
    nobody(trial)
    assert ends("validate", trial) is ExitCode.FINE
    findings = (trial / "output" / "findings.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[0].strip("\ufeff") for line in findings] == ["subject_id"]
    assert not (trial / "queries").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", EMPTY)
def test_the_heavy_formats_and_the_other_commands_end_well_too(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change, cut = EMPTY[name]
    trial, output = template(tmp_path / "trial"), tmp_path / "trial" / "output"
    change(trial)
    to = ["--cut", cut] if cut else []
    for command in (
        ("analyse", trial, "--allow-hard", *to),
        ("report", trial, "--allow-hard", "--formats", "pdf,docx,rtf", "--png", *to),
        ("codebook", trial),
        ("forms", "check", trial),
        ("protocol", trial),
        ("power", trial),
        ("simulate", trial, "--write", tmp_path / "rehearsal"),
    ):
        end = ends(*command)
        said = capsys.readouterr()
        assert has_ended_well(end, said.out + said.err), (command, end, said.err)
    assert slips(output) == []
    assert (output / "report.pdf").stat().st_size > 10_000


SECOND = (
    "assessment",
    "concomitant_care",
    "global_rating",
    "sessions",
    "screening",
    "randomisation",
)


@pytest.mark.slow
@pytest.mark.parametrize("form", [*SECOND, ""])
def test_a_trial_with_sessions_and_risks_ends_well_without_any_of_its_forms(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = three_arms(tmp_path / "trial")
    every = [file.stem for file in (trial / "data").glob("*.csv")]
    emptied(trial, [form] if form else every)
    end = run(trial, "", "html,md,rtf,docx")
    said = capsys.readouterr()
    assert has_ended_well(end, said.out + said.err), said
    assert (trial / "output" / "report.docx").exists()
    assert slips(trial / "output") == []


def emptied_and_cut_ends_well(forms: set[str], day: date | None) -> None:
    with TemporaryDirectory() as place:
        trial = emptied(template(Path(place) / "trial"), forms)
        cut = "" if day is None else day.isoformat()
        to = ["--cut", cut] if cut else []
        assert ends("validate", trial, *to) in {ExitCode.FINE, ExitCode.FINDINGS}
        assert run(trial, cut, "md") is not ExitCode.FAULT
        assert (trial / "output" / "report.md").exists()
        assert slips(trial / "output") == []


AS_FOUND = (Phase.explicit, Phase.generate)
"""An example is a whole run: what fails is shown as it was found, and not made smaller for minutes."""
ANY_FORMS = st.sets(st.sampled_from(FORMS))
ANY_DAY = st.none() | st.dates(date(2024, 12, 20), date(2025, 4, 30))


@given(ANY_FORMS, ANY_DAY)
@settings(max_examples=examples(4), phases=AS_FOUND)
def test_whatever_is_empty_and_whenever_it_is_cut(forms: set[str], day: date | None) -> None:
    emptied_and_cut_ends_well(forms, day)


@pytest.mark.slow
@given(ANY_FORMS, ANY_DAY)
@settings(max_examples=examples(25), phases=AS_FOUND)
def test_whatever_is_empty_and_whenever_it_is_cut_often(forms: set[str], day: date | None) -> None:
    emptied_and_cut_ends_well(forms, day)
