from pathlib import Path

from trialkit.checks.queries.queries import Queries
from trialkit.outputs.answers_set_aside import answers_set_aside
from trialkit.outputs.names import set_aside


def listing(out: Path, content: bytes) -> Path:
    path = out / "findings.xlsx"
    path.write_bytes(content)
    return path


def test_nothing_is_set_aside_where_there_is_no_listing(tmp_path):
    assert answers_set_aside(tmp_path, Queries()) == {}


def test_listing_that_cannot_be_read_is_set_aside_whole(tmp_path):
    content = b"somebody saved another kind of file under this name"
    listing(tmp_path, content)

    (name,) = answers_set_aside(tmp_path, Queries())

    assert answers_set_aside(tmp_path, Queries())[name] == content
    assert name.startswith("findings_answered_")
    assert name.endswith(".xlsx")


def test_what_waits_is_found_again(tmp_path):
    (tmp_path / "findings_answered_0123abcd.xlsx").write_bytes(b"x")
    (tmp_path / "findings.xlsx").write_bytes(b"x")

    assert [path.name for path in set_aside(tmp_path)] == ["findings_answered_0123abcd.xlsx"]
