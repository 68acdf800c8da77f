"""The one gate that data pass: the only call of pandera's ``validate``.

Wrong data come back all together, as rows of the table by number. The environment cannot switch the
gate off (``PANDERA_VALIDATION_ENABLED``), and a warning that was made an error elsewhere cannot
become a false finding. A check that breaks down is a fault of trialkit and raises.
"""

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Broken:
    """A rule of a schema that some rows of a column break."""

    column: str
    rule_id: str
    rows: np.ndarray
    """The rows' numbers in the table, ascending."""


def broken_rules(table: pd.DataFrame, schema: pa.DataFrameSchema) -> tuple[Broken, ...]:
    """Every rule of ``schema`` that ``table`` breaks; nothing when it breaks none.

    Raises :class:`RuntimeError` when the table is not what the schema describes, or a check cannot
    be carried out: both are faults of trialkit, not of the data.
    """
    numbered = table.reset_index(drop=True)
    always = config_context(
        validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA
    )
    try:
        with always, warnings.catch_warnings():
            warnings.resetwarnings()
            warnings.simplefilter("ignore")
            schema.validate(numbered, lazy=True, inplace=True)  # nothing is coerced
    except SchemaErrors as errors:
        return tuple(_broken(error, schema) for error in errors.schema_errors)
    return ()


def _broken(error: SchemaError, schema: pa.DataFrameSchema) -> Broken:
    check, cases = error.check, error.failure_cases
    rule_id = getattr(check, "name", None)
    if (
        error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK
        or rule_id is None
        or not isinstance(cases, pd.DataFrame)
        or cases["index"].isna().any()
    ):
        raise RuntimeError(
            f"the schema of form {schema.name!r} could not be applied "
            f"({error.reason_code}): {error}"
        )
    rows = np.unique(cases["index"].to_numpy(dtype=np.intp))
    return Broken(column=str(error.column_name), rule_id=str(rule_id), rows=rows)
