"""The gate finds what is wrong whatever the environment says, and owns up to its own faults."""

import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest

from tests.miniature import Miniature
from trialkit.schemas.gate.gate import broken_rules
from trialkit.schemas.gate.pandera_schema import pandera_schema

ROOT = Path(__file__).parents[3]
SCHEMA = pa.DataFrameSchema(
    {
        "a": pa.Column("float64", [pa.Check.ge(0, name="low"), pa.Check.le(9, name="high")], nullable=True),
        "b": pa.Column("str", pa.Check.isin(["x"], name="choice"), nullable=True),
    },
    strict=True,
)  # fmt: skip


def table(a, b=None):
    texts = pd.Series(b if b is not None else ["x"] * len(a), dtype="str")
    return pd.DataFrame({"a": pd.Series(a, dtype="float64"), "b": texts})


def test_every_broken_rule_is_found_with_its_rows():
    found = broken_rules(table([1, -1, np.nan, 10, -2], ["x", None, "y", "x", "z"]), SCHEMA)

    assert {(each.column, each.rule_id): each.rows.tolist() for each in found} == {
        ("a", "low"): [1, 4],
        ("a", "high"): [3],
        ("b", "choice"): [2, 4],
    }


def test_rows_are_numbers_whatever_the_index_is():
    bad = table([1, -1]).set_axis(pd.Index(["same", "same"]), axis=0)

    (found,) = broken_rules(bad, SCHEMA)

    assert found.rows.tolist() == [1]


def test_nothing_wrong_is_nothing_found():
    assert broken_rules(table([1.0]), SCHEMA) == ()
    assert broken_rules(table([]), SCHEMA) == ()


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(table([1.0]).astype({"a": "str"}), id="a column of another type"),
        pytest.param(table([1.0])[["a"]], id="a column that is not there"),
        pytest.param(table([1.0]).assign(c=1), id="a column that nobody declared"),
    ],
)
def test_a_table_that_is_not_what_the_schema_describes_is_our_fault(bad):
    with pytest.raises(RuntimeError, match="could not be applied"):
        broken_rules(bad, SCHEMA)


def test_a_check_that_breaks_down_is_our_fault_and_no_finding():
    def broken(values):
        raise ZeroDivisionError

    schema = pa.DataFrameSchema({"a": pa.Column("float64", pa.Check(broken, name="broken"))})

    with pytest.raises(RuntimeError, match="could not be applied"):
        broken_rules(table([1.0])[["a"]], schema)


def test_a_warning_that_is_an_error_elsewhere_is_no_finding():
    def warning(values):
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        return values >= 0

    schema = pa.DataFrameSchema({"a": pa.Column("float64", pa.Check(warning, name="ge"))})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = broken_rules(table([1.0, -1.0])[["a"]], schema)

    assert [each.rows.tolist() for each in found] == [[1]]


def test_the_environment_cannot_switch_the_gate_off(tmp_path):
    program = (
        "import pandas as pd, pandera.pandas as pa\n"
        "from trialkit.schemas.gate.gate import broken_rules\n"
        "schema = pa.DataFrameSchema({'a': pa.Column('float64', pa.Check.ge(0, name='low'))})\n"
        "bad = pd.DataFrame({'a': [-1.0]})\n"
        "schema.validate(bad)\n"
        "print(len(broken_rules(bad, schema)))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PANDERA_VALIDATION_ENABLED": "False",
            "PANDERA_VALIDATION_DEPTH": "SCHEMA_ONLY",
        },
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout.strip() == "1"


@pytest.mark.slow
def test_the_findings_of_a_trial_do_not_depend_on_the_environment(tmp_path):
    trial = Miniature()
    trial.data["screening"] = trial.data["screening"].replace("2025-01-11,40", "2025-01-11,140")
    expected = trial.findings(tmp_path)["rule_id"].tolist()
    program = (
        "from pathlib import Path\n"
        "from tests.miniature import protocol\n"
        "from trialkit.checks.trial.checking import check\n"
        "from trialkit.schemas.reading.loading import form_schemas\n"
        "from trialkit.store.freezing import freeze\n"
        "from trialkit.store.sources.folder_source import FolderSource\n"
        f"folder, plan = Path({str(tmp_path)!r}), protocol()\n"
        "schemas = form_schemas(folder, plan)\n"
        "found = check(freeze(FolderSource(folder=folder), schemas), schemas, plan)\n"
        "print(','.join(found.to_frame()['rule_id']))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PANDERA_VALIDATION_ENABLED": "False"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert expected == ["out_of_range"]
    assert run.stdout.strip().split(",") == expected


def test_a_form_becomes_a_schema_that_coerces_nothing(tmp_path):
    form = Miniature().schemas(tmp_path).form("pain")

    schema = pandera_schema(form)

    assert schema.strict
    assert not schema.coerce
    assert set(schema.columns) == {*(item.id for item in form.items), "visit_date__blank",
                                   "vas_mm__blank", "drug__blank"}  # fmt: skip
    assert not any(column.coerce for column in schema.columns.values())
