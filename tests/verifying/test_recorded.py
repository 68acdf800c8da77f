"""What a manifest says of an earlier run is read, and nothing in it is trusted."""

import json
from datetime import date
from pathlib import Path

import pytest

from trialkit.errors import DataFileError
from trialkit.protocol.trial.reporting import ReportStyle
from trialkit.report.content.manifest import code_of, sha256
from trialkit.verifying import recorded
from trialkit.verifying.recorded import Recorded, read_inside, read_recorded, shown

A, B, C, D, E, F = (letter * 64 for letter in "abcdef")


def manifest(**more: object) -> dict:
    return {
        "protocol": {"file": "protocol.toml", "sha256": A},
        "forms": [{"file": "forms/pain.toml", "sha256": B}],
        "data": [{"file": "data/pain.csv", "sha256": C}],
        "statements": [{"file": "statements/1.md", "sha256": D}],
        "templates": [],
        "documents": [{"file": "report.html", "sha256": E}, {"file": "x/y.csv", "sha256": F}],
        "versions": [{"name": "trialkit", "version": "1.2"}],
        "data_cut": "2026-01-05",
        "draft": True,
        "style": "jama",
        "reference_sha256": A,
    } | more


def read(folder: Path, content: object) -> Recorded:
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    return read_recorded(folder)


def test_a_manifest_is_read_as_it_stands(tmp_path: Path) -> None:
    recorded = read(tmp_path, manifest())
    assert recorded == Recorded(
        inputs={
            "protocol: protocol.toml": A,
            "forms: forms/pain.toml": B,
            "data: data/pain.csv": C,
            "statements: statements/1.md": D,
        },
        outputs={"report.html": E, "x/y.csv": F},
        versions={"trialkit": "1.2"},
        data_cut=date(2026, 1, 5),
        last_day=date(2026, 1, 5),
        draft=True,
        style=ReportStyle("jama"),
        reference=A,
        content=json.dumps(manifest()).encode(),
    )
    assert recorded.sha256 == sha256(recorded.content)
    assert recorded.code == code_of(manifest())
    assert read(tmp_path, manifest(last_day="2026-02-01")).last_day == date(2026, 2, 1)
    less = read(tmp_path, manifest(data_cut=None, draft="yes", style="", reference_sha256=None))
    assert (less.data_cut, less.draft, less.style, less.reference) == (None, False, None, "")


LEADS_OUT = "leads out of the folder"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"documents": [{"file": "../x", "sha256": A}]}, LEADS_OUT),
        ({"documents": [{"file": "/x", "sha256": A}]}, LEADS_OUT),
        ({"documents": [{"file": "a/../../x", "sha256": A}]}, LEADS_OUT),
        ({"documents": [{"file": "c:x", "sha256": A}]}, LEADS_OUT),
        ({"documents": [{"file": "a\\b", "sha256": A}]}, LEADS_OUT),
        ({"documents": [{"file": "", "sha256": A}]}, LEADS_OUT),
        ({"documents": [{"file": "x" * 401, "sha256": A}]}, "ValueError: the file name 'xxx"),
        ({"documents": [{"file": 7, "sha256": A}]}, "TypeError: a text was expected"),
        ({"documents": [{"file": "x", "sha256": A[:-1]}]}, "is no SHA-256"),
        ({"documents": [{"file": "x", "sha256": A.upper()}]}, "is no SHA-256"),
        ({"documents": [{"file": "x", "sha256": A}] * 2}, "ValueError: a file is named twice"),
        ({"reference_sha256": "x"}, "is no SHA-256"),
        ({"documents": {}}, "TypeError: a list of files was expected"),
        ({"style": "nature"}, "ValueError"),
        ({"data_cut": "yesterday"}, "ValueError"),
        ({"data_cut": 7}, "TypeError: a text was expected"),
        ({"versions": [{"name": "x"}]}, "KeyError: 'version'"),
    ],
)
def test_a_manifest_of_another_kind_is_refused_with_what_is_wrong(
    wrong: dict, said: str, tmp_path: Path
) -> None:
    with pytest.raises(DataFileError) as error:
        read(tmp_path, manifest(**wrong))
    text = str(error.value)
    assert text.startswith(f"{tmp_path}/manifest.json: is not a manifest of this version")
    assert said in text
    assert text.endswith("make the report again with 'trialkit run'")


def test_what_is_no_manifest_at_all_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(
        DataFileError, match=r"has no manifest.json; name the folder that 'trialkit"
    ):
        read_recorded(tmp_path)
    path = tmp_path / "manifest.json"
    for content, said in (
        (b"{", "is not a manifest of trialkit: Expecting"),
        (b"\xff", "is not a manifest of trialkit: 'utf-8'"),
        (b'{"a": 1, "a": 2}', "says 'a' twice"),
        (b"[]", "is not a mani"),
    ):
        path.write_bytes(content)
        with pytest.raises(DataFileError, match=said):
            read_recorded(tmp_path)
    monkeypatch.setattr(recorded, "_MOST_MANIFEST", path.stat().st_size)
    with pytest.raises(DataFileError, match="is not a manifest of trialkit"):
        read_recorded(tmp_path)
    monkeypatch.setattr(recorded, "_MOST_MANIFEST", path.stat().st_size - 1)
    with pytest.raises(DataFileError, match="is too large to be a manifest"):
        read_recorded(tmp_path)


def test_a_file_is_read_inside_its_folder_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "output"
    (out / "figures").mkdir(parents=True)
    (out / "figures" / "a.svg").write_bytes(b"drawn")
    (tmp_path / "secret").write_bytes(b"mine")
    (out / "link").symlink_to(tmp_path / "secret")
    (out / "inner").symlink_to(out / "figures" / "a.svg")
    assert read_inside(out, "figures/a.svg") == read_inside(out, "inner") == b"drawn"
    assert read_inside(out, "figures") is None
    assert read_inside(out, "nothing") is None
    with pytest.raises(DataFileError, match=r"link: leads out of .*; remove the link"):
        read_inside(out, "link")
    monkeypatch.setattr(recorded, "MOST_BYTES", 5)
    assert read_inside(out, "inner") == b"drawn"
    monkeypatch.setattr(recorded, "MOST_BYTES", 4)
    with pytest.raises(DataFileError, match="inner: is larger than any file of a report"):
        read_inside(out, "inner")


def test_a_text_is_shown_short_and_without_signs_that_move_a_cursor() -> None:
    assert shown("a\x1b[1mb\nc é") == "a\ufffd[1mb\ufffdc é"
    assert shown("x" * 120) == "x" * 120
    assert shown("x" * 121) == "x" * 117 + "..."
