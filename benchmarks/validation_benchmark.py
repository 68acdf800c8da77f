"""Validation, timed beside what it stands on: pandera for a typed frame, pandas for the text.

Run ``python benchmarks/validation_benchmark.py [ROWS] [WRONG]`` (one million rows of twenty columns
of which one cell in a thousand is wrong, where nothing else is said; 0.0025 makes one row in twenty
wrong). Both sides of each ratio are measured in one run, in turn, as CPU seconds of the process and by
the clock; ratios are printed and never asserted. ``POLARS_MAX_THREADS=1`` gives trialkit the one
thread that pandera has.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pandas as pd
import pandera.pandas as pa
import polars as pl

from trialkit.checks.trial.checking import check
from trialkit.errors import TrialkitError
from trialkit.protocol.methods.plan import Plan
from trialkit.protocol.trial.conduct import (
    Blinded,
    Blinding,
    Harms,
    Randomisation,
    RandomisationType,
)
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.people import Eligibility
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.registered import Documents, Framework, Funding, Objectives, Trial
from trialkit.protocol.trial.visits import Visit, Window
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

WHOLE, DECIMAL, CHOICE = 4, 12, 4
CODES = ("none", "mild", "moderate", "severe")
PASSES = 5
FRAME_ALLOWED, TEXT_ALLOWED = 1.5, 1.0


def columns() -> list[str]:
    """The names of the twenty columns."""
    kinds = (("whole", WHOLE), ("decimal", DECIMAL), ("choice", CHOICE))
    return [f"{kind}_{number}" for kind, count in kinds for number in range(count)]


def write_trial(folder: Path) -> None:
    """A trial of one form: its key, and an item for each column."""
    (folder / "forms").mkdir()
    (folder / "data").mkdir()
    choices = ", ".join(f'{{ code = "{code}", label = "{code}" }}' for code in CODES)
    says = {
        "whole": 'type = "integer"\nrange = { low = 0, high = 100 }\nrequired = true',
        "decimal": 'type = "decimal"\nrange = { low = -10, high = 10 }\nrequired = true',
        "choice": f'type = "choice"\nchoices = [{choices}]\nrequired = true',
    }
    items = (
        f'[[items]]\nid = "{name}"\nlabel = "{name}"\n{says[name.split("_")[0]]}\n'
        for name in columns()
    )
    (folder / "forms" / "screening.toml").write_text(FORM + "\n".join(items), "utf-8")


def typed_frame(rows: int, share: float) -> pl.DataFrame:
    """Values of which this share cannot be right."""
    rng = np.random.default_rng(20260101)
    values: dict[str, pl.Series] = {
        "subject_id": pl.int_range(rows, eager=True).cast(pl.String).str.zfill(9)
    }
    for name in columns():
        wrong = rng.random(rows) < share
        match name.split("_")[0]:
            case "whole":
                values[name] = pl.Series(np.where(wrong, 101, rng.integers(0, 101, rows)))
            case "decimal":
                right = rng.uniform(-10, 10, rows).round(3)
                values[name] = pl.Series(np.where(wrong, 10.5, right))
            case _:
                codes = pl.Series([*CODES, "fatal"])
                picked = np.where(wrong, len(CODES), rng.integers(0, len(CODES), rows))
                values[name] = codes.gather(pl.Series(picked))
    return pl.DataFrame(values)


def pandera_frame(values: pl.DataFrame) -> pd.DataFrame:
    """The typed values as pandas holds them, choices as text in a categorical."""
    typed = {name: values[name].to_numpy() for name in values.columns}
    frame = pd.DataFrame({k: v for k, v in typed.items() if not k.startswith("choice")})
    for name in columns():
        if name.startswith("choice"):
            frame[name] = pd.Categorical(typed[name])
    return frame.astype({"subject_id": "str"})[values.columns]


def pandera_checks() -> pa.DataFrameSchema:
    """The same checks as pandera has them: types, ranges, choices, presence, the key once."""
    checks = {
        "whole": ("int64", pa.Check.in_range(0, 100)),
        "decimal": ("float64", pa.Check.in_range(-10, 10)),
        "choice": ("category", pa.Check.isin(CODES)),
    }
    kinds = {name: checks[name.split("_")[0]] for name in columns()}
    schema = {name: pa.Column(dtype, check) for name, (dtype, check) in kinds.items()}
    return pa.DataFrameSchema({"subject_id": pa.Column("str"), **schema}, unique=["subject_id"])


def failures(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> int:
    """How many cells pandera finds wrong."""
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return len(errors.failure_cases)
    return 0


def timed(call: Callable[[], object]) -> np.ndarray:
    """The CPU seconds and the seconds by the clock that a call takes."""
    start = process_time(), perf_counter()
    call()
    return np.array([process_time() - start[0], perf_counter() - start[1]])


def in_turn(
    ours: Callable[[], object], theirs: Callable[[], object]
) -> tuple[np.ndarray, np.ndarray]:
    """Mean seconds of both, run in turn so that a busy machine slows both."""
    pairs = [(timed(ours), timed(theirs)) for _ in range(PASSES)]
    return sum(pair[0] for pair in pairs) / PASSES, sum(pair[1] for pair in pairs) / PASSES


def told(what: str, ours: np.ndarray, theirs: np.ndarray, beside: str, allowed: float) -> str:
    """A line of the summary."""
    ratio, by_the_clock = ours / theirs
    verdict = "within" if ratio <= allowed else "BEYOND"
    return (
        f"{what}: {ours[0]:.2f} CPU s, {beside} {theirs[0]:.2f}: {ratio:.2f} times ({by_the_clock:.2f} "
        f"by the clock), {verdict} the {allowed:g} allowed"
    )


def main(rows: int, share: float) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="trialkit-benchmark-") as place:
        folder = Path(place)
        write_trial(folder)
        values = typed_frame(rows, share)
        path = folder / "data" / "screening.csv"
        values.write_csv(path)
        protocol = bare_protocol()
        schemas = form_schemas(folder, protocol)
        snapshot = freeze(FolderSource(folder=folder), schemas)
        frame, schema = pandera_frame(values), pandera_checks()
        found = len(check(snapshot, schemas, protocol).to_frame())
        theirs = failures(schema, frame)
        print(f"{rows} rows of {len(columns())} columns; {found} findings, pandera {theirs} cells")
        if found != theirs:
            raise TrialkitError("the two sides have not made the same checks")
        ours, pandera = in_turn(
            lambda: check(snapshot, schemas, protocol), lambda: failures(schema, frame)
        )
        print(told("typed frame to findings", ours, pandera, "pandera", FRAME_ALLOWED))
        ours, pandas = in_turn(
            lambda: freeze(FolderSource(folder=folder), schemas),
            lambda: pd.read_csv(path, dtype=str),
        )
        print(
            told(
                "CSV text to typed values", ours, pandas, "pandas.read_csv(dtype=str)", TEXT_ALLOWED
            )
        )


FORM = """
[form]
id = "screening"
title = "Screening"
kind = "screening"
expected = "everyone"

"""


def bare_protocol() -> Protocol:
    """A protocol that plans nothing: two arms, one visit."""
    unknown = Blinded.NOT_REPORTED
    return Protocol(
        trial=Trial(id="B", title="B", short_title="Benchmark", framework=Framework.EXPLORATORY),
        registration=None,
        documents=Documents(),
        funding=Funding(),
        objectives=Objectives(),
        eligibility=Eligibility(),
        sites=(),
        arms=(Arm(code="A", label="A", reference=True), Arm(code="B", label="B")),
        visits=(
            Visit(
                code="V1", label="V1", target_day=0, window=Window(early=0, late=0), baseline=True
            ),
        ),
        outcomes=(),
        populations=(),
        estimands=(),
        plan=Plan(alpha=0.05, confidence_level=0.95, families=(), analyses=()),
        characteristics=(),
        sample_size=None,
        interim=None,
        randomisation=Randomisation(type=RandomisationType.SIMPLE),
        blinding=Blinding(
            participants=unknown, providers=unknown, assessors=unknown, analysts=unknown
        ),
        harms=Harms(),
        data=DataFormat(),
        not_reported=(),
        source_sha256="0" * 64,
    )


if __name__ == "__main__":
    main(int(float((*sys.argv, "1e6")[1])), float(sys.argv[2]) if len(sys.argv) > 2 else 1e-3)
