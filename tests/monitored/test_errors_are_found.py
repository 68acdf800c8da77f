"""The proof: of 52 kinds of error 48 or more are found by built-in rules, each by exactly one query.

``python -m pytest -s tests/monitored`` prints the table.
"""

import sys

import pandas as pd
import pytest

from tests.monitored.errors import ERRORS
from tests.monitored.trial import CUT, copied, tables, write_data, written
from trialkit.checks.trial.checking import check
from trialkit.protocol.loading import load_protocol
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

ASKED = ("hard", "soft")


@pytest.fixture(scope="module")
def monitored(tmp_path_factory):
    """What is found in the rows of the trial, as a function."""
    folder = written(tmp_path_factory.mktemp("monitored"), tables())
    protocol = load_protocol(folder)
    schemas = form_schemas(folder, protocol)

    def found(rows) -> pd.DataFrame:
        write_data(folder, rows)
        snapshot = freeze(FolderSource(folder=folder), schemas, today=CUT)
        return check(snapshot, schemas, protocol).to_frame()

    return found


def queries(frame: pd.DataFrame) -> list[str]:
    """The rules of the findings that make queries."""
    asks = frame["severity"].isin(ASKED) & (frame["cause"] == "")
    return frame.loc[asks, "rule_id"].tolist()


def test_the_clean_trial_has_no_finding(monitored):
    frame = monitored(tables())

    assert frame[["rule_id", "message"]].to_numpy().tolist() == []


@pytest.mark.slow
def test_each_error_makes_exactly_one_query(monitored):
    clean, lines, wrong = tables(), [], []
    for error in ERRORS:
        rows = copied(clean)
        error.spoil(rows)
        frame = monitored(rows)
        asked = queries(frame)
        below = int((frame["cause"] != "").sum())
        lines.append(f"{error.name:58} {', '.join(asked) or '-':45} {below or '':>4}")
        if asked != ([error.rule] if error.rule else []):
            wrong.append((error.name, asked))
    found = [error for error in ERRORS if error.rule]
    head = f"\n{'error':58} {'query':45} below"
    last = f"{len(found)} of {len(ERRORS)} are found\n"
    sys.stdout.write("\n".join([head, *lines, last]))

    assert wrong == []
    assert len(ERRORS) >= 52
    assert len(found) >= 48
    assert {error.rule for error in found} <= {rule.value for rule in BuiltIn}
    assert all(bool(error.rule) != bool(error.why_not) for error in ERRORS)
