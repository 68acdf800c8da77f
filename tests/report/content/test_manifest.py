import hashlib
import json
from dataclasses import replace
from pathlib import Path

from tests.report.factory import MANIFEST
from trialkit import __version__
from trialkit.report.content.manifest import CODE, LIBRARIES, code_of, current_versions, hash_files


def test_the_reports_hash_stands_in_the_json_alone() -> None:
    made = MANIFEST.with_documents([("report.html", b"<html>")])
    expected = hashlib.sha256(b"<html>").hexdigest()
    document = {"file": "report.html", "sha256": expected}
    assert json.loads(made.to_json())["documents"] == [document]
    assert all(expected[:8] not in fact.text for fact in made.facts())
    assert MANIFEST.documents == ()


def test_the_json_is_the_same_every_time_and_says_everything() -> None:
    text = MANIFEST.to_json()
    assert text == MANIFEST.to_json()
    table = json.loads(text)
    assert table["data_cut"] == "2025-03-31"
    assert table["protocol"] == {"file": "protocol.toml", "sha256": "a" * 64}
    assert table["guideline"] == "CONSORT 2025"


def test_the_foot_shows_short_hashes_of_what_there_is() -> None:
    facts = {fact.term: fact.text for fact in MANIFEST.facts()}
    assert facts["Data"] == f"data/pain.csv {'c' * 12}"
    assert facts["Data cut"].replace("\u00a0", " ") == "31 March 2025"
    assert "Statements" not in facts


def test_files_are_hashed_by_their_bytes_and_sorted(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(b"1\r\n")
    (tmp_path / "a.csv").write_bytes(b"")
    first, second = hash_files(tmp_path.glob("*.csv"), root=tmp_path)
    assert (first.file, first.sha256) == ("a.csv", hashlib.sha256(b"").hexdigest())
    assert (second.file, second.sha256) == ("b.csv", hashlib.sha256(b"1\r\n").hexdigest())


def test_versions_name_the_program_the_language_and_the_libraries() -> None:
    names = [each.name for each in current_versions()]
    assert names == ["trialkit", "Python", *LIBRARIES]
    assert current_versions()[0].version == __version__


def test_the_code_is_of_the_inputs_and_stands_at_the_foot_in_groups() -> None:
    fact = MANIFEST.facts()[-1]
    assert fact.term == CODE
    assert fact.text.split(" ") == [MANIFEST.code[at : at + 8] for at in range(0, 64, 8)]
    assert MANIFEST.with_documents([("report.html", b"<html>")]).code == MANIFEST.code
    assert replace(MANIFEST, draft=True).code != MANIFEST.code
    table = json.loads(MANIFEST.to_json())
    assert code_of(table) == MANIFEST.code
    del table["documents"], table["reference_sha256"]
    text = json.dumps(table, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == MANIFEST.code
