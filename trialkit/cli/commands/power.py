"""``trialkit power``: how many a trial needs, or what a number of participants is worth."""

from argparse import Namespace
from pathlib import Path

import pandas as pd

from trialkit.cli.design_words import typed_design, typed_situation, typed_size
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import show_files
from trialkit.decimals import significant
from trialkit.design.sample_size.catalogue import SITUATIONS
from trialkit.design.sample_size.checking import check_sample_size, recomputed
from trialkit.design.sample_size.sensitivity import drawn_curve, power_curve, sensitivity_table
from trialkit.design.sample_size.situation import RequiredSize
from trialkit.design.sequential.boundaries import boundaries
from trialkit.design.sequential.sizes import SequentialSize, sequential_size
from trialkit.errors import DesignError, TrialStep
from trialkit.files.spreadsheets import csv_bytes
from trialkit.files.whole_files import write_together
from trialkit.protocol.loading import read_protocol
from trialkit.protocol.sizing.design import SampleSizeMethod
from trialkit.protocol.tables.choices import suggestion
from trialkit.report.figures.power_figure import draw_power_curve


def run(arguments: Namespace) -> ExitCode:
    """Solve, show, and write where a folder was named."""
    screen = Screen()
    size: RequiredSize | None
    mismatch: str | None = None
    if arguments.what in set(SampleSizeMethod):
        size = _of_call(arguments, screen)
    else:
        size, mismatch = _of_trial(arguments)
    if mismatch:
        screen.warn(mismatch)
    if size is None:
        return ExitCode.FINE
    sequential = _sequential(arguments, size)
    if sequential is not None:
        screen.say(sequential.sentence)
        screen.say("Without looks:")
    _show(size, screen)
    if sequential is not None:
        screen.say(sequential.boundaries.title)
        screen.say(sequential.title)
        _show_frame(sequential.boundaries.to_frame(), screen)
        _show_frame(sequential.to_frame(), screen)
    if arguments.out is not None:
        show_files(_write(size, sequential, arguments.out), screen)
    return ExitCode.FINDINGS if mismatch else ExitCode.FINE


def _of_trial(arguments: Namespace) -> tuple[RequiredSize, str | None]:
    """The sample size of a trial's protocol, and what is wrong with it."""
    folder = Path(arguments.what)
    if not folder.is_dir():
        known = [method.value for method in SITUATIONS]
        raise DesignError(
            f"{arguments.what!r} is neither a method nor a trial's folder; methods are "
            f"{', '.join(known)}{suggestion(arguments.what, known)}"
        )
    if arguments.assumptions:
        raise DesignError("the assumptions of a trial stand in its protocol; give none beside it")
    protocol = read_protocol(folder).up_to(TrialStep.VALIDATE, and_of=("arms", "sample_size"))
    needed = None if protocol.sample_size is None else recomputed(protocol.sample_size)
    if needed is None:
        raise DesignError(
            f"{folder}: [sample_size] names no method; add method, power and its assumptions"
        )
    return needed, check_sample_size(protocol)


def _of_call(arguments: Namespace, screen: Screen) -> RequiredSize | None:
    """The size, the power or the effect that the options ask for; None when it was an effect."""
    situation = typed_situation(SampleSizeMethod(arguments.what), arguments.assumptions)
    if arguments.n is None:
        if arguments.detect:
            raise DesignError("--detect needs --n: the effect is that which so many can show")
        return situation.solve_n(arguments.power, dropout=arguments.dropout)
    n = typed_size(arguments.n)
    if not arguments.detect:
        return situation.evaluate(n, dropout=arguments.dropout)
    effect = situation.detectable(n, arguments.power)
    name = situation.effect_name.replace("_", " ")
    screen.say(
        f"With n = {arguments.n} the {name} with a power of {arguments.power:g} is "
        f"{significant(effect, 10)}."
    )
    return None


def _sequential(arguments: Namespace, size: RequiredSize) -> SequentialSize | None:
    """The looks that were asked for, at the level and power of the fixed size."""
    if arguments.looks is None:
        return None
    if size.target_power is None:
        raise DesignError("--looks goes with a size that is solved for, not with --n")
    given = dict(size.assumptions)
    alpha, sides = float(str(given["alpha"])), int(str(given.get("sides", 1)))
    if arguments.futility is not None:
        # futility is one-sided: half of a two-sided level answers for the effect's direction
        alpha, sides = alpha / sides, 1
    design = typed_design(
        arguments.looks,
        arguments.boundary,
        arguments.futility,
        binding=arguments.binding,
        alpha=alpha,
        sides=sides,
        power=size.target_power,
    )
    return sequential_size(boundaries(design), size)


def _show(size: RequiredSize, screen: Screen) -> None:
    screen.say(size.sentence)
    for note in size.notes:
        screen.say(f"Note: {note}.")
    _show_frame(size.to_frame(), screen)
    _show_frame(size.describe(), screen)
    _show_frame(sensitivity_table(size), screen)


def _show_frame(frame: pd.DataFrame, screen: Screen) -> None:
    heads = [str(name).replace("_", " ") for name in frame.columns]
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False)]
    screen.show_rows(heads, rows)


def _cell(value: object) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN is not itself
        return ""
    if isinstance(value, float):
        return significant(value, 5)
    return ", ".join(map(_cell, value)) if isinstance(value, tuple) else str(value)


def _write(size: RequiredSize, sequential: SequentialSize | None, out: Path) -> list[Path]:
    """The sentence, the tables as CSV, and the curve."""
    curve = power_curve(size)
    frames = {
        "sample_size": size.to_frame(),
        "assumptions": size.describe(),
        "sensitivity": sensitivity_table(size),
        "power_curve": curve,
    }
    if sequential is not None:
        frames["boundaries"] = sequential.boundaries.to_frame()
        frames["looks"] = sequential.to_frame()
    looked = [] if sequential is None else [sequential.sentence, "Without looks:"]
    words = "\n".join([*looked, size.sentence, *(f"Note: {note}." for note in size.notes)])
    written = {
        out / "sample_size.txt": f"{words}\n".encode(),
        out / "power_curve.svg": draw_power_curve(drawn_curve(size, curve)).encode(),
    } | {out / f"{name}.csv": _csv(frame) for name, frame in frames.items()}
    return write_together(written)


def _csv(frame: pd.DataFrame) -> bytes:
    rows = (tuple(_written(value) for value in row) for row in frame.itertuples(index=False))
    return csv_bytes(list(frame.columns), rows)


def _written(value: object) -> object:
    if value is None or value != value:  # noqa: PLR0124 - NaN is not itself
        return ""
    return " ".join(map(str, value)) if isinstance(value, tuple) else value
