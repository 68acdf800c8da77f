"""What lies in an output folder is named: changed, missing, linked, and what no manifest lists."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.errors import DataFileError
from trialkit.report.content.manifest import sha256
from trialkit.verifying.folder import absent_results, different_files, unlisted
from trialkit.verifying.recorded import Recorded, read_recorded

FILES = {
    "report.html": b"<html>",
    "results.csv": b"a,b\n1,2\n",
    "results.json": b"{}",
    "series.csv": b"a\n",
    "figures/a.svg": b"<svg/>",
}


def write(out: Path) -> Recorded:
    for name, content in FILES.items():
        (out / name).parent.mkdir(exist_ok=True, parents=True)
        (out / name).write_bytes(content)
    hashed = [{"file": name, "sha256": sha256(content)} for name, content in FILES.items()]
    manifest = {
        "protocol": {"file": "protocol.toml", "sha256": "a" * 64},
        **dict.fromkeys(("forms", "data", "statements", "templates", "versions"), ()),
        "documents": hashed,
        "data_cut": None,
    }
    (out / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return read_recorded(out)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "output"


def told(out: Path, recorded: Recorded) -> list[tuple[str, str]]:
    return [(each.file, each.text) for each in different_files(out, recorded)]


def named(out: Path, recorded: Recorded) -> tuple[list[str], list[str]]:
    taken, further = unlisted(out, recorded.outputs)
    return [f"{each.file} {each.text}" for each in taken], [
        f"{each.file} {each.text}" for each in further
    ]


def test_what_was_written_is_all_that_is_there(out: Path) -> None:
    recorded = write(out)
    assert told(out, recorded) == []
    assert named(out, recorded) == ([], [])


@given(data=st.data())
def test_a_random_edit_of_any_listed_file_is_told(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    out = tmp_path_factory.mktemp("run")
    recorded = write(out)
    name = data.draw(st.sampled_from(sorted(FILES)))
    content = bytearray(FILES[name])
    at = data.draw(st.integers(0, len(content)))
    match data.draw(st.sampled_from(["change", "insert", "cut"])):
        case "change" if at < len(content):
            content[at] ^= data.draw(st.integers(1, 255))
        case "cut" if at < len(content):
            del content[at:]
        case _:
            content.insert(at, data.draw(st.integers(0, 255)))
    (out / name).write_bytes(content)
    assert told(out, recorded) == [
        (name, "was changed after it was written: its SHA-256 is not the manifest's")
    ]


def test_missing_folders_and_links_are_told_apart(out: Path) -> None:
    recorded = write(out)
    (out / "results.json").unlink()
    (out / "series.csv").unlink()
    (out / "series.csv").mkdir()
    (out / "report.html").rename(out / "page.html")
    (out / "report.html").symlink_to("page.html")
    (out / "figures").rename(out / "drawn")
    (out / "figures").symlink_to("drawn", target_is_directory=True)
    assert told(out, recorded) == [
        ("report.html", "is a link, or lies in one; trialkit writes none"),
        ("results.json", "is missing"),
        ("series.csv", "is a folder where a file was"),
        ("figures/a.svg", "is a link, or lies in one; trialkit writes none"),
    ]
    assert named(out, recorded) == (
        [],
        ["drawn is a folder that no manifest lists", "page.html is a file that no manifest lists"],
    )


def test_results_may_be_absent_together_and_not_one_by_one(out: Path) -> None:
    recorded = write(out)
    (out / "results.csv").unlink()
    assert absent_results(out) == ()
    assert told(out, recorded) == [("results.csv", "is missing")]
    (out / "results.json").unlink()
    (out / "series.csv").unlink()
    assert absent_results(out) == ("results.csv", "results.json", "series.csv")
    assert told(out, recorded) == []


def test_what_no_manifest_lists_is_named_and_what_would_be_taken_for_the_runs_first(
    out: Path,
) -> None:
    recorded = write(out)
    (out / "report.docx").write_bytes(b"")
    (out / "figures" / "b.svg").write_bytes(b"")
    (out / "Report.html").write_bytes(b"")
    (out / "notes").mkdir()
    (out / "notes" / "1.txt").write_bytes(b"")
    (out / ".hidden").write_bytes(b"")
    (out / "gone").symlink_to("nowhere")
    assert named(out, recorded) == (
        [
            "report.docx is a file that no manifest lists",
            "figures/b.svg is a file that no manifest lists",
        ],
        [
            ".hidden is a file that no manifest lists",
            "Report.html is a file that no manifest lists; it lists report.html, written otherwise",
            "gone is a link that no manifest lists",
            "notes is a folder that no manifest lists",
        ],
    )


def test_a_folder_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="cannot be read"):
        unlisted(tmp_path / "nothing", ())
