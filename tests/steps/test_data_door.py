"""A trial's data come from its folder, unless the protocol or the call names a store."""

import shutil
from dataclasses import replace

import pytest

from tests.conftest import EXAMPLE
from trialkit.errors import DataFileError, EvidenceError, ProtocolError
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.steps.data_door import (
    OWN_DOOR,
    DataDoor,
    data_of,
    refuse_data_in_a_store,
    store_of,
)
from trialkit.store.sources.folder_source import FolderSource

STORED = DataFormat(store="evidence.sqlite")


def test_a_folder_is_a_folder_where_nobody_says_otherwise(tmp_path):
    found = data_of(tmp_path, DataFormat())
    assert found.source == FolderSource(folder=tmp_path)
    assert found.log is None


@pytest.mark.parametrize(
    ("door", "data", "leads"),
    [
        (OWN_DOOR, DataFormat(), False),
        (OWN_DOOR, STORED, True),
        (DataDoor(store="x.sqlite"), DataFormat(), True),
        (DataDoor(as_of=7), DataFormat(), True),
    ],
)
def test_protocol_and_call_lead_to_a_store(door, data, leads):
    assert door.leads_to_a_store(data) is leads


def test_a_file_of_the_protocol_lies_in_the_trials_folder(tmp_path):
    assert store_of(tmp_path, STORED) == str(tmp_path / "evidence.sqlite")
    assert store_of(tmp_path, DataFormat()) == ""
    served = replace(STORED, store="postgresql://ann@host/db")
    assert store_of(tmp_path, served) == "postgresql://ann@host/db"


def test_a_store_that_is_not_there_is_told(tmp_path):
    with pytest.raises(EvidenceError, match="no store stands here"):
        data_of(tmp_path, STORED)


@pytest.mark.parametrize(
    "store", ["postgresql://ann:s3cret@host/db", "postgresql://ann@host/db?password=s3cret"]
)
def test_a_protocol_holds_no_password(store):
    with pytest.raises(ProtocolError, match="holds a password") as refused:
        DataFormat(store=store)
    assert "s3cret" not in str(refused.value)


def test_what_changes_files_is_refused_where_the_data_are_in_a_store(tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "trial", ignore=shutil.ignore_patterns("output"))
    protocol = tmp_path / "trial" / "protocol.toml"
    refuse_data_in_a_store(tmp_path / "trial", instead="do otherwise")
    refuse_data_in_a_store(tmp_path / "none", instead="do otherwise")
    protocol.write_text(protocol.read_text().replace("[data]\n", '[data]\nstore = "x.sqlite"\n'))
    with pytest.raises(DataFileError, match="not in data/; do otherwise"):
        refuse_data_in_a_store(tmp_path / "trial", instead="do otherwise")
