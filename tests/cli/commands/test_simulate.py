"""A trial rehearsed: what is assumed, written and recorded."""

import csv
import json
from argparse import Namespace

import pytest

from tests.conftest import THREE_ARMS
from trialkit.cli.commands import simulate
from trialkit.cli.exit_codes import ExitCode
from trialkit.errors import DesignError
from trialkit.protocol.loading import load_protocol


def called(capsys, **changed):
    options = {
        "trial": THREE_ARMS, "write": None, "replicates": None, "assumptions": None,
        "participants": None, "entropy": 4, "analysis": (), "chunk": None, "out": None,
        "workers": None, "scheduler": None,
    }  # fmt: skip
    code = simulate.run(Namespace(**{**options, **changed}))
    assert code == ExitCode.FINE
    return capsys.readouterr().out.splitlines()


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_so_many_people_as_were_asked_for_are_made_up_by_the_entropy(tmp_path, capsys):
    first, other = tmp_path / "first", tmp_path / "other"
    said = called(capsys, write=first, participants=20)
    called(capsys, write=other, participants=20, entropy=5)

    assert said[0].startswith("20 participants, dropout ")
    files = [path for path in first.rglob("*") if path.is_file()]
    assert said[-2].endswith(f"files in {first}, entropy 4.")
    assert said[-1] == f"Rehearse:  trialkit run {first}"
    data = {path.name: path.read_bytes() for path in files if path.parent.name == "data"}
    assert data != {name: (other / "data" / name).read_bytes() for name in data}
    assert len(rows(first / "data" / "randomisation.csv")) == 20


def test_the_record_has_all_that_makes_the_table_again(tmp_path, capsys):
    said = called(capsys, replicates=4, chunk=2, participants=30, entropy=9, out=tmp_path)

    record = json.loads((tmp_path / "simulation.json").read_text("utf-8"))
    protocol = load_protocol(THREE_ARMS)
    assert (record["trial"], record["protocol_sha256"]) == (
        protocol.trial.id,
        protocol.source_sha256,
    )
    assert (record["replicates"], record["chunk"], record["entropy"]) == (4, 2, 9)
    ratios = {arm.code: arm.ratio for arm in protocol.arms}
    assert len(set(ratios.values())) > 1
    assert record["sizes"] == {
        code: 30 * ratio // sum(ratios.values()) for code, ratio in ratios.items()
    }
    assert record["assumptions"]["conduct"]["participants"] == 30
    table = rows(tmp_path / "simulation.csv")
    assert len(table) == len(record["characteristics"]) > 0
    assert [row["analysis_id"] for row in table] == [
        row["analysis_id"] for row in record["characteristics"]
    ]
    assert {row["scenario"] for row in table} == {"no effect", "as assumed"}
    assert said[-2:] == [f"  {tmp_path / name}" for name in ("simulation.csv", "simulation.json")]


def test_something_is_to_be_done(capsys):
    with pytest.raises(DesignError, match="say what to do: --write DIR, --replicates N, or both"):
        called(capsys)
