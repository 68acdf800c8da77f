"""Statements go into Word and come back: unchanged, edited, in conflict, or named as what cannot."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

import trialkit.steps.returned.statements as module
from tests.report.contents import content
from trialkit.cli.main import main
from trialkit.errors import DataFileError
from trialkit.newtrial.writing import write_new_trial
from trialkit.report.content.content import Section
from trialkit.report.content.origin import Origin
from trialkit.report.guidelines.answers import worded
from trialkit.report.guidelines.checklist import consort_2025
from trialkit.report.guidelines.statements import read_statements
from trialkit.report.writers.word import render_word
from trialkit.steps.publishing import OTHER_CHECKLISTS
from trialkit.steps.returned.statements import (
    ReturnedStatement,
    ReturnedStatements,
    StatementState,
    returned_statements,
)
from trialkit.steps.returned.writing import chosen, write_back

WRITTEN = {
    "6": "Patients were *asked*,\ntwice, about H~2~O and https://a.org/b_c.\n\n- one\n- two\n"
    "  1. a **b**\n  2. c\n\n| A | B |\n|---|--:|\n| 1 | *2* |\n\nThe end.\n",
    "20b": "Before all.\n\n## how\nOpaque *capsules*.\n\nMore.\n\n## similarity\n- taste\n- smell\n",
    "30": "The trial was small,\nand nobody was blind.\n\nIt may not generalise.\n",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trial with statements."""
    trial = tmp_path_factory.mktemp("made") / "trial"
    write_new_trial(trial)
    for key, text in WRITTEN.items():
        (trial / "statements" / f"{key}.md").write_text(text, encoding="utf-8")
    return trial


@pytest.fixture(scope="module")
def report(made: Path) -> bytes:
    """The statements of the trial in a Word report."""
    guideline = consort_2025()
    found = read_statements(made / "statements", guideline, OTHER_CHECKLISTS)
    section = Section(
        anchor="s", title="S", blocks=tuple(worded(each, guideline) for each in found)
    )
    origin = Origin(
        trial=_id(made), version="1", code="", data_cut=None, last_day=None, style="plain"
    )
    return render_word(content(sections=(section,), origin=origin), {})


Edit = Callable[[Callable[[str], str]], Path]


@pytest.fixture
def edited(report: bytes, tmp_path: Path) -> Edit:
    """The report with its text changed."""

    def written(change: Callable[[str], str]) -> Path:
        path = tmp_path / "edited.docx"
        with ZipFile(BytesIO(report)) as archive, ZipFile(path, "w", ZIP_DEFLATED) as kept:
            for name in archive.namelist():
                part = archive.read(name)
                if name == "word/document.xml":
                    part = change(part.decode()).encode()
                kept.writestr(name, part)
        return path

    return written


def _id(trial: Path) -> str:
    text = (trial / "protocol.toml").read_text(encoding="utf-8")
    found = re.search(r'(?m)^id = "([^"]+)"', text)
    assert found is not None
    return found[1]


@pytest.fixture
def trial(made: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "trial"
    for path in ("protocol.toml", "forms", "statements", "data"):
        source = made / path
        for each in source.rglob("*") if source.is_dir() else [source]:
            if each.is_file():
                target = folder / each.relative_to(made)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(each.read_bytes())
    return folder


@pytest.fixture
def untouched(trial: Path, edited: Edit) -> tuple[Path, Edit]:
    return trial, edited


def states(found: ReturnedStatements) -> dict[str, StatementState]:
    return {each.key: each.state for each in found.statements}


def one(found: ReturnedStatements, key: str) -> ReturnedStatement:
    return next(each for each in found.statements if each.key == key)


def test_what_nobody_edited_is_as_in_the_trial(trial: Path, edited: Edit) -> None:
    found = returned_statements(edited(str), trial)
    assert states(found) == dict.fromkeys(["6", "20b", "30"], StatementState.SAME)
    assert all(each.after == each.before == WRITTEN[each.key] for each in found.statements)
    assert write_back(found.statements, trial) == []


def test_an_edit_changes_its_lines_and_no_other_and_a_second_import_finds_nothing(
    trial: Path, edited: Edit
) -> None:
    def change(text: str) -> str:
        return text.replace(">More.<", ">More &amp; more.<").replace(">smell<", ">smell, too<")

    path = edited(change)
    found = returned_statements(path, trial)
    assert states(found)["20b"] is StatementState.EDITED
    after = WRITTEN["20b"].replace("More.", "More & more.").replace("smell", "smell, too")
    assert one(found, "20b").after == after
    assert write_back(found.statements, trial) == [trial / "statements" / "20b.md"]
    assert (trial / "statements" / "20b.md").read_bytes() == after.encode()
    assert states(returned_statements(path, trial))["20b"] is StatementState.SAME


def test_a_statement_that_both_changed_is_a_conflict_and_nothing_is_written(
    trial: Path, edited: Edit
) -> None:
    path = edited(lambda t: t.replace(">More.<", ">Mine.<").replace(">taste<", ">x<"))
    mine = trial / "statements" / "20b.md"
    mine.write_text(WRITTEN["20b"].replace("More.", "Theirs."), encoding="utf-8")
    (trial / "statements" / "30.md").write_text("Shorter.\n", encoding="utf-8")
    found = returned_statements(path, trial)
    assert states(found) == {
        "6": StatementState.SAME, "20b": StatementState.CONFLICT, "30": StatementState.OLDER,
    }  # fmt: skip
    with pytest.raises(DataFileError, match=r"nothing was written: 20b \(edited, and changed"):
        write_back(found.statements, trial)
    assert "Theirs." in mine.read_text(encoding="utf-8")
    assert write_back(chosen(found, ["6", "30"]), trial) == []


def test_of_several_all_are_written_or_none(
    trial: Path, edited: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = edited(lambda t: t.replace(">More.<", ">Mine.<").replace("small", "large"))
    found = returned_statements(path, trial)
    before = {each: each.read_bytes() for each in (trial / "statements").glob("*.md")}
    (trial / "statements" / "30.md").write_text("Changed meanwhile.\n", encoding="utf-8")
    before[trial / "statements" / "30.md"] = b"Changed meanwhile.\n"
    with pytest.raises(DataFileError, match="was changed while this command ran"):
        write_back(found.statements, trial)
    assert {each: each.read_bytes() for each in before} == before


def test_line_ends_of_a_file_stay(trial: Path, edited: Edit) -> None:
    mine = trial / "statements" / "30.md"
    mine.write_bytes(b"\xef\xbb\xbf" + WRITTEN["30"].replace("\n", "\r\n").encode())
    path = edited(lambda text: text.replace("generalise", "be general"))
    write_back(returned_statements(path, trial).statements, trial)
    assert (
        mine.read_bytes()
        == WRITTEN["30"].replace("generalise", "be general").replace("\n", "\r\n").encode()
    )


@pytest.mark.parametrize(
    ("old", "new", "state", "why"),
    [
        (
            ">More.<",
            ">More.</w:t></w:r><w:r><w:drawing/></w:r><w:r><w:t><",
            "UNWRITABLE",
            "a picture",
        ),
        ("statement:20b:", "statement:zz:", "UNKNOWN", ""),
        ("statement:20b:", "statement:20b;", "DAMAGED", ""),
        ("statement:20b:", "statement:30:", "TWICE", ""),
    ],
)
def test_what_a_person_must_settle_stops_the_writing(
    old: str, new: str, state: str, why: str, untouched: tuple[Path, Edit]
) -> None:
    trial, edited = untouched
    document = edited(lambda text: text.replace(old, new))
    found = returned_statements(document, trial)
    stops = found.of(StatementState[state])
    assert len(stops) == 1
    assert why in " ".join(stops[0].why)
    with pytest.raises(DataFileError, match="nothing was written"):
        write_back(found.statements, trial)


def test_a_statement_without_words_and_one_that_is_not_there_are_left_alone(
    trial: Path, edited: Edit
) -> None:
    def change(text: str) -> str:
        controls = re.findall(r"<w:sdt>(?:(?!</w:sdt>).)*statement:30:.*?</w:sdt>", text)
        (control,) = controls
        text = text.replace(control, "")
        return re.sub(
            r"(statement:20b:(?:(?!<w:sdtContent>).)*<w:sdtContent>).*?(</w:sdtContent>)",
            r"\1<w:p/>\2",
            text,
        )

    found = returned_statements(edited(change), trial)
    assert states(found) == {
        "6": StatementState.SAME, "20b": StatementState.EMPTY, "30": StatementState.ABSENT,
    }  # fmt: skip
    assert write_back(found.statements, trial) == []


def test_a_table_too_wide_for_markdown_stops_its_own_statement_alone(
    trial: Path, edited: Edit
) -> None:
    cell = "<w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>"
    wide = f"<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>{cell * 21}</w:tr><w:tr>{cell * 21}</w:tr></w:tbl>"

    def change(text: str) -> str:
        return re.sub(
            r"(statement:20b:(?:(?!<w:sdtContent>).)*<w:sdtContent>)", rf"\1{wide}", text
        ).replace("small", "tiny")

    found = returned_statements(edited(change), trial)
    assert states(found) == {
        "6": StatementState.SAME, "20b": StatementState.UNWRITABLE, "30": StatementState.EDITED,
    }  # fmt: skip
    assert "a table" in one(found, "20b").why[0]


def test_tracked_changes_and_lost_looks_are_said(trial: Path, edited: Edit) -> None:
    change = '<w:ins w:id="5" w:author="a"><w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t>Now:</w:t></w:r></w:ins>'
    found = returned_statements(
        edited(lambda t: t.replace('<w:r><w:t xml:space="preserve">More.<', f'{change}<w:r><w:t xml:space="preserve"> More.<')), trial
    )  # fmt: skip
    edited = one(found, "20b")
    assert "Now: More." in edited.after
    assert (edited.changes, edited.lost) == (1, ("underlined (1)",))


@pytest.mark.slow
def test_a_text_that_could_not_stand_in_its_file_is_refused(
    trial: Path, edited: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = edited(
        lambda t: t.replace(
            "The trial was small, and nobody was blind.", "Not applicable: x"
        ).replace("It may not generalise.", ""),
    )
    found = one(returned_statements(path, trial), "30")
    assert found.state is StatementState.UNWRITABLE
    assert "always applies" in found.why[0]
    monkeypatch.setattr(module, "LARGEST_STATEMENT", 10)
    assert (
        "more than 10 bytes"
        in one(
            returned_statements(edited(lambda t: t.replace("small", "tiny")), trial),
            "30",
        ).why[0]
    )
    monkeypatch.setattr(module, "MOST_RETURNED_BLOCKS", 1)
    assert "more than 1 paragraphs" in one(returned_statements(path, trial), "6").why[0]


def test_citations_keep_their_keys_and_a_key_that_nobody_knows_is_named(
    trial: Path, edited: Edit
) -> None:
    def cite(key: str) -> Callable[[str], str]:
        return lambda text: text.replace("was small", f"was small [@{key}]")

    (trial / "references.bib").write_text("@book{smith, title={T}, year={2020}}", encoding="utf-8")
    assert (
        "was small [@smith], and nobody"
        in one(returned_statements(edited(cite("smith")), trial), "30").after
    )
    found = one(returned_statements(edited(cite("smyth")), trial), "30")
    assert found.state is StatementState.UNWRITABLE
    assert found.why == (
        "it cites [@smyth], but references.bib has no such key; did you mean 'smith'?; add the work there",
    )


def test_a_document_of_another_trial_or_without_a_statement_is_refused(
    trial: Path, edited: Edit
) -> None:
    path = edited(lambda text: text.replace("trialkit:statement", "other"))
    with pytest.raises(DataFileError, match="holds no statement in a content control"):
        returned_statements(path, trial)
    path = edited(str)
    protocol = trial / "protocol.toml"
    text = protocol.read_text(encoding="utf-8")
    protocol.write_text(text.replace(f'id = "{_id(trial)}"', 'id = "OTHER-1"', 1), encoding="utf-8")
    with pytest.raises(DataFileError, match="and the folder is that of 'OTHER-1'"):
        returned_statements(path, trial)


def test_only_known_names_can_be_chosen(trial: Path, edited: Edit) -> None:
    found = returned_statements(edited(str), trial)
    assert [each.key for each in chosen(found, ["30"])] == ["30"]
    assert chosen(found, ()) == found.statements
    with pytest.raises(DataFileError, match=r"'\.\./x' is no statement"):
        chosen(found, ["../x"])


@pytest.mark.slow
def test_the_command_shows_and_writes_only_when_asked(
    trial: Path, edited: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    path = edited(lambda text: text.replace("small", "large"))
    call = ["statements", "import", str(path), str(trial)]
    assert main(call) == 1
    said = capsys.readouterr().out
    assert "\n  -The trial was small," in said
    assert "\n  +The trial was large, and nobody was blind." in said
    assert "Nothing was written" in said
    assert (trial / "statements" / "30.md").read_text(encoding="utf-8") == WRITTEN["30"]
    assert main([*call, "--write"]) == 0
    assert "30.md" in capsys.readouterr().out
    assert "large" in (trial / "statements" / "30.md").read_text(encoding="utf-8")
    assert main(call) == 0
    assert (
        replace(one(returned_statements(path, trial), "30"), changes=0).state is StatementState.SAME
    )
