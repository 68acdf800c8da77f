"""What the trial's folder gives again is held against what stands in the output folder."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trialkit.errors import DataFileError
from trialkit.outputs.report_files import files_of
from trialkit.steps.stages import Published
from trialkit.verifying.inputs import different_inputs, different_software
from trialkit.verifying.recomputed import different_listing, different_manifest
from trialkit.verifying.recorded import Recorded, read_recorded

LISTING = b"subject_id,message,query_state,answer\nS1,high,open,\n"
FILES = {"findings.csv": LISTING, "findings.html": b"<p>high open", "findings.xlsx": b"\xff"}


def told(recorded: Recorded, published: Published) -> Iterator[str]:
    """All that a manifest alone gives away."""
    manifest = published.manifest
    now = {each.name: each.version for each in manifest.versions}
    yield from (each.text for each in different_manifest(files_of(published), recorded, manifest))
    yield from (each.text for each in different_inputs(recorded, manifest))
    yield from (each.text for each in different_software(recorded.versions, now))


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_random_edit_of_the_manifest_is_told(
    data: st.DataObject, published: Published, made: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    true = (made / "output" / "manifest.json").read_bytes()
    content = bytearray(true)
    at = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[at] ^= data.draw(st.integers(1, 127))
    else:
        content.insert(at, data.draw(st.sampled_from(b' \n"0a,]}')))
    out = tmp_path_factory.mktemp("out")
    (out / "manifest.json").write_bytes(content)
    try:
        recorded = read_recorded(out)
    except DataFileError:
        return
    hashes = read_recorded(made / "output").outputs
    assert recorded.outputs != hashes or list(told(recorded, published))
    # an anchor tells it whatever it is
    assert recorded.sha256 != read_recorded(made / "output").sha256


def forged(made: Path, out: Path, **values: object) -> Recorded:
    table = json.loads((made / "output" / "manifest.json").read_text("utf-8")) | values
    (out / "manifest.json").write_text(json.dumps(table, ensure_ascii=False, indent=2) + "\n")
    return read_recorded(out)


def test_what_a_manifest_says_otherwise_is_named(
    published: Published, made: Path, tmp_path: Path
) -> None:
    assert list(told(forged(made, tmp_path), published)) == []
    for name, value in (("guideline", "CONSORT 2010"), ("synthetic", ""), ("approved_by", "me")):
        assert list(told(forged(made, tmp_path, **{name: value}), published)) == [
            f"{name} is not what the trial's folder gives"
        ]
    listed = [{"file": "signed.pdf", "sha256": "a" * 64}]
    made_of = json.loads((made / "output" / "manifest.json").read_text("utf-8"))["documents"]
    assert list(told(forged(made, tmp_path, documents=made_of + listed), published)) == [
        "lists signed.pdf, which the run does not make"
    ]


def test_the_code_does_not_depend_on_outputs_order_or_blanks(
    published: Published, made: Path, tmp_path: Path
) -> None:
    recorded = forged(made, tmp_path, documents=[])
    assert recorded.code == published.manifest.code == read_recorded(made / "output").code
    table = json.loads(recorded.content)
    (tmp_path / "manifest.json").write_text(json.dumps(dict(reversed(table.items()))), "utf-8")
    assert read_recorded(tmp_path).code == recorded.code
    assert read_recorded(tmp_path).sha256 != recorded.sha256
    assert forged(made, tmp_path, data=[]).code != recorded.code


def found(out: Path, **changed: bytes) -> list[tuple[str, bool]]:
    """The files that differ, and whether it is said that their queries alone do."""
    for name, content in FILES.items():
        (out / name).write_bytes(changed.get(name.removeprefix("findings."), content))
    told = different_listing(out, FILES)
    return [(each.file, each.text.startswith("has other marks of queries")) for each in told]


def test_a_listing_that_is_another_is_told_and_whether_its_queries_alone_are(
    tmp_path: Path,
) -> None:
    assert found(tmp_path) == []
    answered = LISTING.replace(b"open,", b"closed,seen")
    assert found(tmp_path, csv=answered, html=b"<p>high closed") == [
        ("findings.csv", True),
        ("findings.html", True),
    ]
    assert found(tmp_path, html=b"<p>low open") == [("findings.html", False)]
    assert found(tmp_path, xlsx=b"") == [("findings.xlsx", False)]
    for other in (b"", b"\xff", LISTING.replace(b"high", b"low"), LISTING.replace(b"S1", b"S2")):
        assert found(tmp_path, csv=other) == [("findings.csv", False)]
