"""What was changed so that all hashes agree is told: by the results, or by an anchor kept apart."""

import json
import shutil
from pathlib import Path

import pytest

from tests.verifying.forger import edit, edit_part, make_the_hashes_agree
from trialkit.cli.main import main
from trialkit.errors import DataFileError
from trialkit.newtrial.writing import write_new_trial
from trialkit.pipeline import run_trial
from trialkit.report.writers.editions import Edition
from trialkit.steps.publishing import PAGE_ALONE
from trialkit.verifying.differences import Difference, DifferenceKind
from trialkit.verifying.recorded import read_recorded
from trialkit.verifying.verify import Verification, verify

ESTIMATE = "primary/symptoms/ancova/W6/NEW+-+USUAL/-/estimate"


def kinds(found: Verification) -> set[DifferenceKind]:
    return {each.kind for each in found.differences}


def forge_the_estimate(trial: Path) -> None:
    """The difference between the arms, one point larger, in results and page."""
    edit(
        trial / "output" / "results.csv",  # the digits behind these are the computer's
        lambda text: text.replace("-11.876216", "-12.876216"),
    )
    edit(trial / "output" / "results.json", lambda text: text.replace("-11.876216", "-12.876216"))
    edit(
        trial / "output" / "report.html",
        lambda text: text.replace("11.9<", "12.9<").replace("11.876216", "12.876216"),
    )


@pytest.mark.slow
def test_one_number_changed_in_data_results_report_and_manifest(trial: Path) -> None:
    edit(
        trial / "data" / "assessment.csv",
        lambda text: text.replace("001,W6,2025-02-24,39,", "001,W6,2025-02-24,30,"),
    )
    forge_the_estimate(trial)
    make_the_hashes_agree(trial)
    found = verify(trial / "output")
    assert {DifferenceKind.RESULT, DifferenceKind.NUMBER} <= kinds(found)
    assert DifferenceKind.INPUT not in kinds(found)
    assert any(each.text.startswith(f"{ESTIMATE}: stat is '-12.8") for each in found.differences)


@pytest.mark.slow
def test_one_number_changed_in_results_report_and_manifest(trial: Path) -> None:
    forge_the_estimate(trial)
    make_the_hashes_agree(trial)
    found = verify(trial / "output")
    assert {DifferenceKind.RESULT, DifferenceKind.NUMBER} <= kinds(found)
    results = [each for each in found.differences if each.kind is DifferenceKind.RESULT]
    assert [each.text.partition(":")[0] for each in results] == [ESTIMATE]
    page = [each.text for each in found.differences if each.kind is DifferenceKind.NUMBER]
    assert all(text.startswith(ESTIMATE.rpartition("/")[0]) for text in page)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("confidence_level = 0.95", "confidence_level = 0.90", marks=pytest.mark.slow),
        ('label = "New care"', 'label = "Better care"'),
    ],
)
def test_the_protocol_changed_with_its_hash(old: str, new: str, trial: Path) -> None:
    edit(trial / "protocol.toml", lambda text: text.replace(old, new, 1))
    make_the_hashes_agree(trial)
    found = verify(trial / "output")
    assert DifferenceKind.INPUT not in kinds(found)
    assert "report.html" in changed(found)


@pytest.fixture(scope="module")
def made_again(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trial with a patient left out, and everything made again by trialkit itself."""
    folder = Path(shutil.copytree(made, tmp_path_factory.mktemp("again") / "trial"))
    edit(
        folder / "data" / "assessment.csv",
        lambda text: text.replace("001,W6,2025-02-24,39,", "001,W6,2025-02-24,30,"),
    )
    run_trial(folder, edition=PAGE_ALONE)
    return folder


@pytest.mark.slow
def test_everything_made_again_is_told_by_an_anchor_alone(
    made: Path, made_again: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = read_recorded(made / "output")
    out = str(made_again / "output")
    assert main(["verify", out]) == 0
    assert "No anchor was given" in capsys.readouterr().out
    found = verify(made_again / "output", anchor=before.sha256)
    assert [each.kind for each in found.differences] == [DifferenceKind.ANCHOR]
    assert "is not the one that was anchored" in found.differences[0].text
    assert main(["verify", out, "--anchor", before.code]) == 1


def test_the_manifest_of_before_beside_everything_made_again(made: Path, made_again: Path) -> None:
    """Putting the anchored manifest back gives the anchor what it wants, and the inputs away."""
    before = read_recorded(made / "output")
    manifest = made_again / "output" / "manifest.json"
    kept = manifest.read_bytes()
    manifest.write_bytes(before.content)
    found = verify(made_again / "output", anchor=before.sha256)
    manifest.write_bytes(kept)
    assert found.anchored is not None
    assert found.differences[0].kind is DifferenceKind.INPUT
    assert {DifferenceKind.FILE} <= kinds(found)


@pytest.mark.slow
def test_the_anchor_is_said_by_the_run_and_by_the_page(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(trial), "--formats", "html"]) == 0
    (said,) = (
        line.partition(": ")[2].partition(";")[0]
        for line in capsys.readouterr().out.splitlines()
        if line.startswith("Keep the SHA-256 of manifest.json where nobody can change it: ")
    )
    out = trial / "output"
    page = (out / "report.html").read_text(encoding="utf-8")
    _, _, printed = page.partition('<dt>Manifest code</dt><dd class="code">')
    printed, _, _ = printed.partition("<")
    assert said == read_recorded(out).sha256
    assert printed.replace(" ", "") == read_recorded(out).code
    assert main(["verify", str(out), "--anchor", printed.upper()]) == 0
    assert (
        "The anchor is that of this manifest: the inputs of the report" in capsys.readouterr().out
    )


def changed(found: Verification) -> set[str]:
    return {each.file for each in found.differences}


@pytest.mark.slow
def test_a_forgery_of_each_file_is_told_although_its_hash_was_changed_with_it(
    tmp_path: Path,
) -> None:
    trial = tmp_path / "trial"
    write_new_trial(trial)
    edit(
        trial / "data" / "assessment.csv",
        lambda text: text.replace("001,W6,2025-02-24,39,", "001,W6,2025-03-24,39,"),
    )
    run_trial(trial, edition=Edition(pictures=True))
    out = trial / "output"
    assert verify(out).holds
    assert (out / "findings.csv").read_text("utf-8").count("\n") > 1
    texts = [
        path
        for path in sorted(out.rglob("*"))
        if path.suffix in {".svg", ".csv", ".md", ".rtf", ".json", ".html"}
        and path.name != "manifest.json"
    ]
    for path in texts:
        # the last digit or letter of the text that is shown
        at = max(path.read_text("utf-8").rfind(each) for each in ("5", "a", "Synthetic"))
        edit(path, lambda text, at=at: f"{text[:at]}7{text[at + 1 :]}")  # type: ignore[misc]
    for path in sorted(out.rglob("*.p[nd][gf]")):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    edit_part(out / "report.docx", "word/document.xml", "Usual care", "Usual cure")
    edit_part(out / "findings.xlsx", "xl/worksheets/sheet2.xml", "001", "002")
    make_the_hashes_agree(trial)
    listed = {*read_recorded(out).outputs, "findings.csv", "findings.html", "findings.xlsx"}
    assert len(listed) > 20
    assert changed(verify(out)) == listed


@pytest.mark.slow
def test_a_finding_that_was_written_into_the_listing_is_told(trial: Path) -> None:
    listing = trial / "output" / "findings.csv"
    listing.write_text(listing.read_text("utf-8").rstrip("\n") + "\n001,,W6\n", "utf-8")
    (found,) = verify(trial / "output").differences
    assert (found.kind, found.file) == (DifferenceKind.FILE, "findings.csv")
    assert "is not the listing that the trial's folder gives" in found.text


@pytest.mark.slow
def test_a_file_that_the_manifest_was_made_to_forget(trial: Path) -> None:
    path = trial / "output" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["documents"] = [
        each for each in manifest["documents"] if each["file"] not in {"lint.csv", "flow.svg"}
    ]
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", "utf-8")
    (trial / "output" / "flow.svg").unlink()
    found = verify(trial / "output")
    assert [(each.file, each.text) for each in found.differences] == [
        ("lint.csv", "is a file that no manifest lists")
    ]
    (trial / "output" / "lint.csv").unlink()
    found = verify(trial / "output")
    assert [each.text for each in found.differences] == [
        "does not list flow.svg, which the run makes",
        "does not list lint.csv, which the run makes",
    ]


def other_software(trial: Path, name: str = "trialkit") -> None:
    path = trial / "output" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    (version,) = (each for each in manifest["versions"] if each["name"] == name)
    version["version"] = "0.0.9"
    path.write_text(json.dumps(manifest), "utf-8")


@pytest.mark.slow
def test_other_software_is_named_and_not_taken_for_a_forgery(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other_software(trial, "typst")
    page = trial / "output" / "report.html"
    edit(page, lambda text: text.replace("Usual care", "Habitual care", 1))
    make_the_hashes_agree(trial)
    assert main(["verify", str(trial / "output")]) == 0
    said = capsys.readouterr().out
    assert "Note, software: manifest.json: typst: the report was made with 0.0.9" in said
    assert "Note, words: report.html" in said
    forge_the_estimate(trial)
    make_the_hashes_agree(trial)
    assert main(["verify", str(trial / "output")]) == 1
    assert "what differs may come from that" in capsys.readouterr().out


def test_a_trial_that_this_software_cannot_analyse_names_that_of_the_report(trial: Path) -> None:
    other_software(trial)
    edit(trial / "protocol.toml", lambda text: text.replace("alpha = ", "aleph = ", 1))
    with pytest.raises(DataFileError, match=r"made with trialkit 0\.0\.9, and this is") as error:
        verify(trial / "output")
    assert "pip install trialkit==0.0.9" in str(error.value)
    assert "aleph" in str(error.value)


@pytest.mark.slow
def test_a_report_without_a_page_is_compared_all_the_same(trial: Path) -> None:
    assert main(["run", str(trial), "--formats", "md"]) == 0
    found = verify(trial / "output")
    assert found.holds
    assert any("was not made by the run" in each.text for each in found.notices)
    edit(trial / "output" / "report.md", lambda text: text.replace("Usual care", "Usual cure", 1))
    make_the_hashes_agree_without_a_page(trial)
    (difference,) = verify(trial / "output").differences
    assert difference == Difference(
        kind=DifferenceKind.FILE, file="report.md", text="is not what the trial's folder gives"
    )


def make_the_hashes_agree_without_a_page(trial: Path) -> None:
    page = trial / "output" / "report.html"
    page.write_text("", "utf-8")
    make_the_hashes_agree(trial)
    page.unlink()


@pytest.mark.slow
def test_a_word_file_with_looks_of_its_own_is_made_again_when_they_are_named(trial: Path) -> None:
    looks = trial / "looks.docx"
    assert main(["run", str(trial), "--formats", "html,docx"]) == 0
    out = trial / "output"
    shutil.move(out / "report.docx", looks)
    assert main(["run", str(trial), "--formats", "html,docx", "--reference", str(looks)]) == 0
    edit_part(out / "report.docx", "word/document.xml", "Usual care", "Usual cure")
    make_the_hashes_agree(trial)
    found = verify(out)
    assert found.holds
    assert [each.file for each in found.notices] == ["report.docx"]
    found = verify(out, reference=looks)
    assert changed(found) == {"report.docx"}
    with pytest.raises(DataFileError, match="is not the Word file that the run took its looks"):
        verify(out, reference=out / "report.docx")
