"""What a call, or the protocol, says of the report's files."""

import shutil
from argparse import ArgumentError
from pathlib import Path

import docx
import pytest
from docx.shared import RGBColor

from tests.conftest import EXAMPLE, few_at_once
from trialkit.cli.editions import edition_of
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.cli.options import build_parser
from trialkit.protocol.trial.reporting import ReportFormat, ReportStyle
from trialkit.report.writers.editions import EVERY_FORMAT, Edition


def edition(*words: str) -> Edition:
    return edition_of(build_parser().parse_args(["report", "somewhere", *words]))


def test_without_a_word_every_format_is_made_in_the_protocols_style() -> None:
    assert edition() == Edition(formats=EVERY_FORMAT)


def test_a_call_chooses_formats_style_reference_and_pictures() -> None:
    asked = edition(
        "--formats", "md, docx,md", "--style", "lancet", "--reference", "a.docx", "--png"
    )
    assert asked.formats == (ReportFormat.MARKDOWN, ReportFormat.WORD)
    assert asked.style is ReportStyle.LANCET
    assert asked.reference == Path("a.docx")
    assert asked.pictures


def test_an_unknown_format_lists_the_known(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises((SystemExit, ArgumentError)):
        edition("--formats", "odt")
    assert "known are html, docx, pdf, rtf, md" in capsys.readouterr().err


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    folder = tmp_path / "trial"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("output", "__pycache__"))
    return folder


def with_reference(trial: Path, named: str) -> None:
    protocol = trial / "protocol.toml"
    text = protocol.read_text(encoding="utf-8")
    line = f'reference_docx = "{named}"\nstyle = "lancet"\n'
    given = text.replace("[report]\n", f"[report]\n{line}")
    protocol.write_text(given if given != text else f"{text}\n[report]\n{line}", encoding="utf-8")


@pytest.mark.slow
def test_the_protocols_style_and_word_file_are_followed(trial: Path) -> None:
    mine = docx.Document()
    mine.styles["Heading 1"].font.color.rgb = RGBColor(1, 2, 3)
    mine.save(str(trial / "mine.docx"))
    with_reference(trial, "mine.docx")
    assert main(["report", str(trial), "--formats", "docx,md", "--png"]) == ExitCode.FINE
    out = trial / "output"
    made = docx.Document(str(out / "report.docx"))
    assert made.styles["Heading 1"].font.color.rgb == RGBColor(1, 2, 3)
    assert "p=0·00024" in (out / "report.md").read_text(encoding="utf-8")
    assert "mine.docx" in (out / "manifest.json").read_text(encoding="utf-8")
    drawn = {each.stem for each in (out / "figures").glob("*.svg")}
    assert drawn == {each.stem for each in (out / "figures").glob("*.png")}
    assert (out / "flow.png").is_file()
    assert not (out / "report.html").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("named", "says"), few_at_once([("../x.docx", "outside"), ("x.docx", "not there")], 1)
)
def test_a_word_file_that_is_not_the_trials_is_refused(
    trial: Path, named: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with_reference(trial, named)
    assert main(["report", str(trial), "--formats", "md"]) == ExitCode.CANNOT
    assert says in capsys.readouterr().err
