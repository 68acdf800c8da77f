"""A Word report that came back is held against the trial: what was typed, and what the data changed."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

import trialkit.verifying.document.verify as verifying
from trialkit.cli.main import main
from trialkit.errors import DataFileError
from trialkit.report.writers.word import render_word
from trialkit.steps.stages import Published
from trialkit.verifying.document.judging import NumberState
from trialkit.verifying.document.verify import BEFORE_ALL, verify_document

MARK = r'<w:bookmarkStart w:id="\d+" w:name="_tk_\w+"/>(<w:r>.*?</w:r>)<w:bookmarkEnd w:id="\d+"/>'


@pytest.fixture(scope="session")
def report(published: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Word report of the small trial, without its pictures."""
    path = tmp_path_factory.mktemp("word") / "report.docx"
    sections = tuple(
        replace(each, blocks=tuple(b for b in each.blocks if b.kind != "figure"))
        for each in published.content.sections
    )
    path.write_bytes(
        render_word(replace(published.content, sections=sections), _nothing(published))
    )
    return path


def _nothing(published: Published) -> dict[str, bytes]:
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
    return {figure.name: pixel for figure in published.content.figures}


@pytest.fixture
def analysed_before(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial is as it was when it was run, and its report need not be made again."""
    cut = published.manifest.data_cut
    monkeypatch.setattr(verifying, "_content_now", lambda *_, **__: (published.content, cut))


def edited(report: Path, into: Path, change: Callable[[str], str], *, record: bool = True) -> Path:
    """The document with its text changed, and without its record where it is to have none."""
    with ZipFile(report) as made, ZipFile(into / "edited.docx", "w", ZIP_DEFLATED) as kept:
        for name in made.namelist():
            content = made.read(name)
            if name == "word/document.xml":
                content = change(content.decode()).encode()
            if record or b"urn:trialkit:document:1" not in content:
                kept.writestr(name, content)
    return into / "edited.docx"


def test_what_was_just_made_holds(report: Path, trial: Path) -> None:
    found = verify_document(report, trial)
    assert found.holds
    assert len(found.numbers) > 50
    assert found.origin is not None
    assert found.cut == found.origin.data_cut
    assert found.unmarked[BEFORE_ALL] > 0
    assert found.comments == 0
    places = {each.where for each in found.numbers}
    assert any(place.startswith("Table 2, row") for place in places)


@pytest.mark.usefixtures("analysed_before")
def test_a_digit_that_somebody_changed_and_a_number_typed_over_are_told(
    report: Path, trial: Path, tmp_path: Path
) -> None:
    def change(text: str) -> str:
        first, second = list(re.finditer(MARK, text))[:2]
        text = text.replace(second[0], "<w:r><w:t>99</w:t></w:r>")
        return text.replace(first[0], re.sub(r">[^<>]+</w:t>", ">98</w:t>", first[0]))

    found = verify_document(edited(report, tmp_path, change), trial)
    assert not found.holds
    wrong = [each for each in found.numbers if each.state is not NumberState.TRUE]
    assert [(each.state, each.text) for each in wrong] == [
        (NumberState.CHANGED, "98"), (NumberState.CHANGED, "99"),
    ]  # fmt: skip
    assert {each.where for each in wrong} == {"Abstract"}


@pytest.mark.slow
def test_what_corrected_data_change_is_no_longer_true(report: Path, trial: Path) -> None:
    data = trial / "data" / "assessment.csv"
    first = data.read_text(encoding="utf-8").splitlines()[1]
    subject, visit, day, score, *others = first.split(",")
    changed = ",".join([subject, visit, day, str(int(score) - 9), *others])
    data.write_text(data.read_text(encoding="utf-8").replace(first, changed), encoding="utf-8")
    found = verify_document(report, trial)
    outdated = found.of(NumberState.OUTDATED)
    assert outdated
    assert not found.of(NumberState.CHANGED)
    assert all(each.text not in each.now for each in outdated)


@pytest.mark.usefixtures("analysed_before")
def test_a_document_without_its_record_is_checked_by_its_marks_alone(
    report: Path, trial: Path, tmp_path: Path
) -> None:
    def change(text: str) -> str:
        first, second = list(re.finditer(MARK, text))[:2]
        return text.replace(first[0], "").replace(
            second[0], re.sub(r">[^<>]+</w:t>", ">98</w:t>", second[0])
        )

    found = verify_document(edited(report, tmp_path, change, record=False), trial)
    assert found.origin is None
    wrong = [each for each in found.numbers if each.state is not NumberState.TRUE]
    assert [(each.state, each.text) for each in wrong] == [(NumberState.CHANGED, "98")]
    assert wrong[0].where.startswith("“")


def test_a_document_of_another_trial_or_with_no_mark_at_all_is_refused(
    report: Path, trial: Path, tmp_path: Path
) -> None:
    plain = edited(report, tmp_path, lambda text: re.sub(MARK, r"\1", text), record=False)
    with pytest.raises(DataFileError, match="holds no number that trialkit marked"):
        verify_document(plain, trial)
    protocol = trial / "protocol.toml"
    text = protocol.read_text(encoding="utf-8")
    renamed = re.sub(r'(?m)^id = "[^"]+"', 'id = "OTHER-1"', text, count=1)
    assert renamed != text
    protocol.write_text(renamed, encoding="utf-8")
    with pytest.raises(DataFileError, match=r"reports the trial .* is that of 'OTHER-1'"):
        verify_document(report, trial)


@pytest.mark.slow
def test_another_cut_can_be_asked_for(report: Path, trial: Path) -> None:
    early = verify_document(report, trial, cut=date(2020, 1, 1), today=date(2026, 1, 1))
    assert early.cut == date(2020, 1, 1)
    assert not early.holds


@pytest.mark.usefixtures("analysed_before")
def test_the_command_finds_the_trial_around_the_document_and_ends_by_what_it_found(
    report: Path, trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (trial / "from_ann").mkdir()
    mine = trial / "from_ann" / "edited.docx"
    shutil.copy(report, mine)
    assert main(["verify", str(mine)]) == 0
    assert "marked numbers are as the results give them" in capsys.readouterr().out
    assert main(["verify", str(mine), "--anchor", "a" * 64]) == 2
    assert main(["verify", str(trial / "output"), "--cut", "2025-01-01"]) == 2
    assert "--cut belongs to a Word document" in capsys.readouterr().err
    lost = trial.parent / "edited.docx"
    shutil.copy(report, lost)
    assert main(["verify", str(lost)]) == 2
    assert "name the trial by --trial" in capsys.readouterr().err
