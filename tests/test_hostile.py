"""Whatever is read ends in findings or in one clear error, and no row is lost on the way."""

import csv
import io
import os
import tomllib

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.miniature import FORMS, Miniature
from trialkit.checks.trial.checking import check
from trialkit.errors import DataFileError, ProtocolError, TrialkitError
from trialkit.files.csv_blocks import csv_blocks
from trialkit.files.csv_reading import read_table
from trialkit.newtrial.writing import write_new_trial
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

COLUMNS = ("subject_id", "visit", "note")
HEADER = b"subject_id,visit,note\n"
SEEDS = [b'S1,BL,"a\nb"\n', b"\xff\xfe", b"\x00", b'"', b",,\n", b"\r", b"\r\n", b"x\x01,,\n", b"\xef\xbb\xbf", b"1,2,3,4\n", b"\xc3", b"S1,BL,x\n"]  # fmt: skip
some_bytes = st.one_of(
    st.binary(max_size=60), st.lists(st.sampled_from(SEEDS), max_size=8).map(b"".join)
)


def whole(path):
    return read_table(path, file="d.csv", columns=COLUMNS, data=DataFormat())


@settings(max_examples=examples(80), deadline=None)
@given(begun=st.booleans(), content=some_bytes, size=st.integers(1, 50))
def test_any_bytes_are_a_table_or_one_clear_error_whole_and_in_blocks(
    tmp_path_factory, begun, content, size
):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(HEADER * begun + content)
    expected = complaint = None
    try:
        expected = whole(path)
    except DataFileError as error:
        complaint = str(error)
    assert (expected is None) == (complaint is not None and "d.csv" in complaint)
    try:
        blocks = list(csv_blocks(path, file="d.csv", columns=COLUMNS, data=DataFormat(), size=size))
    except DataFileError:
        assert expected is None
        return
    assert expected is not None
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    read = [tuple(row) for row in csv.reader(io.StringIO(text, newline="")) if any(row)]
    assert expected.cells.rows() == read[1:]
    assert pl.concat([block.cells for block in blocks]).rows() == read[1:]
    starts = [line for block in blocks for line in block.lines.tolist()]
    assert starts == expected.lines.tolist()


@settings(max_examples=examples(12), deadline=None)
@given(name=st.sampled_from(sorted(FORMS)), content=some_bytes, begun=st.booleans())
def test_any_bytes_as_a_trials_data_make_findings_or_one_error(
    tmp_path_factory, name, content, begun
):
    trial = Miniature()
    folder = tmp_path_factory.mktemp("any")
    schemas = trial.schemas(folder)
    header = trial.data[name].splitlines()[0].encode() + b"\n"
    (folder / "data" / f"{name}.csv").write_bytes(header * begun + content)
    try:
        snapshot = freeze(FolderSource(folder=folder), schemas)
    except DataFileError:
        return
    found = check(snapshot, schemas, trial.protocol).to_frame()
    assert set(found["severity"]) <= {"hard", "soft", "note"}


words = st.sampled_from(["form", "items", "rules", "id", "title", "kind", "type", "range", "label", "choices", "visits", "expression", "screening", "integer", "age >= 1", "low", "arms", "trial", "x.y"])  # fmt: skip
atoms = st.one_of(
    words.map(lambda word: f'"{word}"'),
    st.sampled_from(
        [
            "1",
            "-0",
            "1e999",
            "nan",
            "inf",
            "true",
            "2025-01-01",
            "0x1F",
            "''",
            "9" * 5000,
            "1979-05-27T07:32:00Z",
            '"\\u0000"',
        ]
    ),
)
values = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda each: f"[{', '.join(each)}]"),
        st.dictionaries(words.map(lambda w: w.replace(".", "_")), inner, max_size=3).map(
            lambda each: "{" + ", ".join(f"{k} = {v}" for k, v in each.items()) + "}"
        ),
    ),
    max_leaves=6,
)
lines = st.one_of(
    st.tuples(words, values).map(lambda pair: f"{pair[0]} = {pair[1]}"),
    words.map(lambda word: f"[{word}]"),
    words.map(lambda word: f"[[{word}]]"),
    st.text(max_size=10),
)
some_toml = st.one_of(
    st.lists(lines, max_size=10).map(lambda each: "\n".join(each).encode(errors="replace")),
    st.binary(max_size=40),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile") / "trial"
    write_new_trial(folder)
    return folder


@settings(max_examples=examples(25), deadline=None)
@given(content=some_toml, keep=st.booleans())
def test_any_toml_as_a_form_is_a_form_or_a_complaint(template, content, keep):
    protocol = load_protocol(template)
    path = template / "forms" / "assessment.toml"
    before = path.read_bytes()
    path.write_bytes((before if keep else b"") + b"\n" + content)
    try:
        form_schemas(template, protocol)
    except ProtocolError:
        pass
    finally:
        path.write_bytes(before)


@settings(max_examples=examples(25), deadline=None)
@given(content=some_toml, keep=st.booleans())
def test_any_toml_as_a_protocol_is_a_protocol_or_a_complaint(template, content, keep):
    path = template / "protocol.toml"
    before = path.read_bytes()
    path.write_bytes((before if keep else b"") + b"\n" + content)
    try:
        load_protocol(template)
    except ProtocolError:
        pass
    finally:
        path.write_bytes(before)


BOMBS = {
    "a key of thousands of parts": "a" + ".a" * 50_000 + " = 1",
    "a table of thousands of parts": "[" + "a" + " . 'a'" * 50_000 + "]",
    "lists in lists": "a = " + "[" * 50_000,
    "tables in tables": "a = " + "{a=" * 50_000,
    "a number of a million digits": "a = " + "9" * 1_000_000,
    "a file of ten megabytes": "a = '" + "x" * 10_000_000 + "'",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_definition_that_would_take_for_ever_is_one_clear_error(template, name):
    path = template / "forms" / "bomb.toml"
    path.write_text(BOMBS[name])
    try:
        with pytest.raises(ProtocolError, match=r"bomb\.toml"):
            form_schemas(template, load_protocol(template))
    finally:
        path.unlink()


def test_dots_in_texts_are_no_keys(template):
    text = "a = 'See 1. 2. 3. and www.example.org/a.b.c.d.e.f.g'"

    assert tomllib.loads(text)["a"].startswith("See")
    path = template / "forms" / "dots.toml"
    path.write_text(text)
    try:
        with pytest.raises(ProtocolError) as caught:
            form_schemas(template, load_protocol(template))
        assert "nested" not in str(caught.value)
    finally:
        path.unlink()


def test_a_pipe_is_not_waited_for(template):
    pipe = template / "forms" / "pipe.toml"
    os.mkfifo(pipe)
    try:
        with pytest.raises(TrialkitError, match="is not a file"):
            form_schemas(template, load_protocol(template))
    finally:
        pipe.unlink()


def test_a_protocol_that_leads_out_of_its_folder_is_refused(template, tmp_path):
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / "protocol.toml").symlink_to(template / "protocol.toml")

    with pytest.raises(ProtocolError, match="leads out of the trial's folder"):
        load_protocol(folder)
