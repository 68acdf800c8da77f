"""The line of whichever tree is on the path: the older ones have it in one module."""

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
from telling import found

from trialkit.newtrial.writing import write_new_trial

open_trial = found("open_trial", "trialkit.steps.opening", "trialkit.pipeline")
validate = found("validate", "trialkit.steps.validating", "trialkit.pipeline")
analyse = found("analyse", "trialkit.steps.analysing", "trialkit.pipeline")
publish = found("publish", "trialkit.steps.publishing", "trialkit.pipeline")
Edition = found("Edition", "trialkit.report.writers.editions", "trialkit.report.documents")
ReportFormat = found(
    "ReportFormat", "trialkit.protocol.trial.reporting", "trialkit.protocol.reporting"
)


def write_listing(validated: Any, out: Path) -> None:
    """The listing of findings, made and written."""
    try:
        room = import_module("trialkit.outputs.findings_files")
    except ImportError:
        room = import_module("trialkit.pipeline")
    if hasattr(room, "write_findings"):
        room.write_findings(validated, out)
    else:
        write_files = found("write_files", "trialkit.files.whole_files")
        write_files(room.findings_files(validated), out)


def example() -> Path:
    """The example trial of this very tree."""
    return Path(os.environ["TREE"]) / "example_trial"


def grow(source: Path, target: Path, times: int) -> None:
    """A trial with each of its participants so many times over."""
    for part in (path for path in source.rglob("*") if path.is_file()):
        name = part.relative_to(source)
        if name.parts[0] in {"output", "queries"}:
            continue
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if name.parts[0] == "data" and part.suffix == ".csv":
            rows = pl.read_csv(part, infer_schema=False)
            copies = (
                rows.with_columns(pl.col("subject_id") + f"-{each:04d}") for each in range(times)
            )
            pl.concat(copies).write_csv(place)
        else:
            place.write_bytes(part.read_bytes())


def many_outcomes(target: Path, *, outcomes: int, times: int) -> None:
    """The template's trial, grown, its second outcome so many times over."""
    template = target.with_name("template")
    write_new_trial(template)
    grow(template, target, times)
    path = target / "protocol.toml"
    text = path.read_text("utf-8")
    start = text.index('[[outcomes]]\ncode = "walk"')
    block = text[start : text.index("[[populations]]", start)]
    codes = [f"walk{number}" for number in range(outcomes - 1)]
    blocks = (block.replace('"walk"', f'"{code}"').replace('six minutes"', f'six minutes ({code})"')
              for code in codes)  # fmt: skip
    text = text.replace(block, "".join(blocks))
    half = len(codes) // 2
    first, second = (
        ", ".join(f'"{code}"' for code in part) for part in (codes[:half], codes[half:])
    )
    text = text.replace('outcomes = ["walk"]', f"outcomes = [{first}]")
    text = text.replace(
        '[[analyses]]\nid = "primary_anova"',
        f'[[analyses]]\nid = "others"\nrole = "exploratory"\noutcomes = [{second}]\n'
        'population = "itt"\nestimand = "E2"\nmethod = "mixed_anova"\n\n'
        '[[analyses]]\nid = "primary_anova"',
    )
    path.write_text(text, "utf-8")
