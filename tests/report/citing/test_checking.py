from pathlib import Path

import pytest

from trialkit.errors import Complaint, TrialStep
from trialkit.report.citing import checking
from trialkit.report.citing.checking import citation_complaints

BIB = "@article{hopewell2025, title={CONSORT}}\n@misc{bare, year=2020}\n"


def trial(folder: Path, *, bib: str = BIB, protocol: str = "", **statements: str) -> Path:
    (folder / "protocol.toml").write_text(protocol, encoding="utf-8")
    if bib:
        (folder / "references.bib").write_text(bib)
    (folder / "statements").mkdir()
    for name, text in statements.items():
        (folder / "statements" / f"{name.removeprefix('s')}.md").write_text(text, encoding="utf-8")
    return folder


def said(folder: Path) -> list[str]:
    found = citation_complaints(folder)
    assert {each.step for each in found} <= {TrialStep.REPORT}
    return [str(each) for each in found]


def test_what_is_known_is_no_complaint(tmp_path: Path) -> None:
    folder = trial(
        tmp_path,
        s6="Known [@hopewell2025, p. 3].\n\\[@nobody] me@example.org [@@]\\",
        protocol='# [@nobody]\na = "x [@hopewell2025]"\n',
    )
    (only,) = said(folder)
    assert only.startswith("statements/6.md line 2: found '[@@]'; expected [@key], or several as ")


def test_a_key_that_no_file_has_is_named_with_its_line_and_the_nearest(tmp_path: Path) -> None:
    folder = trial(
        tmp_path,
        s6="One.\n\nTwo [@hopewell2025; @hopewel2025].",
        s30="[@x]",
        protocol='[trial]\nchanges = [\n  "a",\n  "b [@Hopewell2025]",\n]\n',
    )
    protocol, thirty, six = said(folder)
    assert six == (
        "statements/6.md line 3: found [@hopewel2025], but references.bib has no such key; "
        "expected the key of a work that is there; did you mean 'hopewell2025'?"
    )
    assert protocol.startswith("protocol.toml line 4: found [@Hopewell2025]")
    assert thirty.startswith("statements/30.md line 1: found [@x]")


def test_of_many_unknown_keys_a_few_are_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST_LOOKED_UP", 2)
    keys = [f"hopewell202{number}" for number in range(4)]
    found = said(trial(tmp_path, s6=" ".join(f"[@{key}] [@{key}]" for key in keys)))
    assert ["did you mean" in each for each in found] == [True] * 4 + [False] * 4


def test_without_a_file_it_says_which_one_is_wanting(tmp_path: Path) -> None:
    (only,) = said(trial(tmp_path, bib="", s6="[@a]"))
    assert "the trial has no references.bib (or references.json)" in only


def test_a_file_of_references_that_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    assert citation_complaints(trial(tmp_path, bib="\n@article{a, title={x}", s6="[@a]")) == (
        Complaint(
            file="references.bib, line 2",
            table="",
            key="",
            found="@article 'a': the file ends; expected 'field = {text},' or a closing '}'",
            expected="works in BibTeX, or in CSL-JSON",
            step=TrialStep.REPORT,
        ),
    )


def test_a_work_without_a_title_is_told_only_if_it_is_cited(tmp_path: Path) -> None:
    (only,) = said(trial(tmp_path, s6="[@bare]"))
    assert only.startswith("references.bib, line 2: found 'bare' is cited and has no title")


@pytest.mark.parametrize("protocol", ["", "[", "a = [" * 5000, 'a = "[@'])
def test_what_others_complain_of_is_passed_over(tmp_path: Path, protocol: str) -> None:
    folder = trial(tmp_path, protocol=protocol)
    (folder / "statements" / "6.md").write_bytes(b"\xff [@a]")
    (folder / "statements" / "README.md").write_text("[@a]")
    (folder / "statements" / ".7.md").write_text("[@a]")
    assert said(folder) == []


def test_a_trial_that_cites_nothing_has_nothing_to_say(tmp_path: Path) -> None:
    assert citation_complaints(tmp_path) == ()
