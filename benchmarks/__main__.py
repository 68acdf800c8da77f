"""All that people wait for, today's tree beside an older commit and beside what it stands on.

Run ``python -m benchmarks [--base REV] [--base-libs DIR] [--only NAME] [--passes N]``: it prints a
line for each work: CPU seconds of the older tree and of this one, their ratio, that of a peer, and
peak memory. ``--growth`` times each stage of the line from 26 to 26,000 subjects instead. Each work
is a script in ``works/`` that either tree can run; one that a tree cannot do says "not possible".
Trees and peers take turns, and the least of the passes counts. Nothing is asserted about time.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchmarks.growth import growth
from benchmarks.two_trees import BASE, HERE, Cost, Tree, checked_out, cost_of, least

WORKS = Path(__file__).parent / "works"
REGISTRY, TEXTS = "registry.parquet", "registry.csv"
TEXT_ROWS = 3_000_000
"""How many of the rows the CSV file has, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A piece of work, what it may take at most, and who else does it."""

    name: str
    does: str
    script: str
    arguments: tuple[object, ...] = ()
    of_before: float | None = None
    """The share of the older tree's time that it may take."""
    peer: str = ""
    peer_script: str = ""
    peer_arguments: tuple[object, ...] = ()
    of_peer: float | None = None
    """The multiple of the peer's time that it may take."""


def works(place: Path, *, rows: int, times: int) -> tuple[Work, ...]:
    """The works of the table; OUT among the arguments is a new place for each process."""
    registry = place / REGISTRY
    ranks = (
        Work(
            name=f"exact{n}",
            does=f"Mann-Whitney exact with ties, {n} + {n}",
            script="ranks.py",
            arguments=("exact", n),
            of_before=1 / 20,
        )
        for n in (100, 150, 500)
    )
    repeated = (
        Work(
            name=f"mmrm-{kind}",
            does=f"MMRM 1000 x 10 with {kind}, Kenward-Roger",
            script="repeated.py",
            arguments=(kind,),
            peer="one thread set",
            peer_script="one_thread.py",
            peer_arguments=(kind,),
            of_peer=1.1,
        )
        for kind in ("dropout", "gaps")
    )
    return (
        Work(name="run", does="trialkit run example_trial", script="command.py",
             arguments=("run", "EXAMPLE", "--out", "OUT"), of_before=0.5),
        Work(name="validate", does="trialkit validate example_trial", script="command.py",
             arguments=("validate", "EXAMPLE", "--out", "OUT"), of_before=0.4),
        Work(name="findings", does=f"listing of findings, {26 * times:,} subjects",
             script="findings.py", arguments=(times, "OUT"), of_before=0.25),
        Work(name="word", does="Word file of the example", script="word.py", of_before=0.4),
        Work(name="outcomes", does="50 outcomes of 240 subjects: datasets and analyses",
             script="outcomes.py", arguments=(50, 30, "OUT"), of_before=0.4),
        Work(name="frame", does="1e6 x 20 typed frame to findings", script="frame.py",
             arguments=(1_000_000,), peer="pandera", peer_script="frame.py",
             peer_arguments=(1_000_000, "pandera"), of_peer=1.5),
        Work(name="stream", does=f"{rows:.0e} x 8 streamed rules", script="stream.py",
             arguments=(registry, "OUT", "--no-keys"), peer="polars' scan",
             peer_script="scan.py", peer_arguments=(registry,), of_peer=1.5),
        Work(name="keys", does=f"{rows:.0e} x 8 streamed rules, with keys", script="stream.py",
             arguments=(registry, "OUT"), peer="DuckDB's keys", peer_script="keys.py",
             peer_arguments=(registry,), of_peer=1.5),
        Work(name="texts", does=f"{min(rows, TEXT_ROWS):.0e} x 8 streamed rules of a CSV file",
             script="stream.py", arguments=(place / TEXTS, "OUT", "--no-keys"),
             peer="polars' scan", peer_script="scan.py", peer_arguments=(place / TEXTS,),
             of_peer=8),
        *ranks,
        Work(name="shift", does="Hodges-Lehmann and its limits, 7000 + 7000", script="ranks.py",
             arguments=("shift", 7000), of_before=1 / 50),
        *repeated,
        Work(name="ancova", does="ANCOVA of 26: means and contrasts, 100 times", script="covariance.py",
             peer="statsmodels", peer_script="covariance.py", peer_arguments=("statsmodels",),
             of_peer=1.0),
    )  # fmt: skip


def measure(work: Work, before: Tree, now: Tree, passes: int) -> tuple[Cost | None, ...]:
    """What the work takes in the older tree, in this one, and by the peer, in turn."""
    contenders = [
        (work.script, work.arguments, before),
        (work.script, work.arguments, now),
    ]
    if work.peer:
        contenders.append((work.peer_script, work.peer_arguments, now))
    found: list[list[Cost | None]] = [[] for _ in contenders]
    for _ in range(passes):
        for costs, (script, arguments, tree) in zip(found, contenders, strict=True):
            if costs and costs[-1] is None:
                continue
            with tempfile.TemporaryDirectory() as out:
                place = Path(out) / "out"
                filled = [place if each == "OUT" else each for each in arguments]
                costs.append(cost_of(WORKS / script, filled, tree))
    return tuple(least(costs) for costs in found)


def row(work: Work, before: Cost | None, now: Cost | None, peer: Cost | None = None) -> str:
    """The line of a work in the table."""
    cells = [f"{work.does:<48}", _seconds(before), _seconds(now)]
    cells.append(_ratio(now, before, work.of_before))
    cells.append("-" if now is None else f"{now.peak:.0f} MB")
    if work.peer:
        cells.append(f"{work.peer} {_seconds(peer)}: {_ratio(now, peer, work.of_peer)}")
    return " | ".join(cells)


def _seconds(cost: Cost | None) -> str:
    return "not possible" if cost is None else f"{cost.cpu:9.3f} s"


def _ratio(one: Cost | None, other: Cost | None, wanted: float | None) -> str:
    if one is None or other is None:
        return "-"
    told = f"{one.cpu / other.cpu:.3f}"
    return told if wanted is None else f"{told} (wanted {wanted:g})"


def make_registry(place: Path, rows: int) -> None:
    """The Parquet file of the streamed works, and its first rows as CSV."""
    script = Path(__file__).with_name("streaming_benchmark.py")
    call = (sys.executable, script, "make", place / REGISTRY, str(rows))
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    subprocess.run(call, check=True, timeout=3600, env=environment)
    first = pl.scan_parquet(place / REGISTRY).head(TEXT_ROWS)
    first.sink_csv(place / TEXTS)


def compare(before: Tree, given: argparse.Namespace) -> None:
    """Measure and print what was asked for."""
    now = Tree(name="now", path=HERE)
    rows = int(1e8 if given.full else given.rows)
    with tempfile.TemporaryDirectory(prefix="trialkit-benchmarks-", dir=given.place) as name:
        place = Path(name)
        wanted = works(place, rows=rows, times=given.times)
        chosen = [each for each in wanted if not given.only or each.name in given.only]
        if any(each.name in {"stream", "keys", "texts"} for each in chosen):
            make_registry(place, rows)
        print(f"{'work':<48} | {given.base} | now | ratio | peak now | beside", flush=True)
        for each in chosen:
            print(row(each, *measure(each, before, now, given.passes)), flush=True)


def options(argv: Sequence[str]) -> argparse.Namespace:
    """What the call says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--base", default=BASE, metavar="REV", help="the older commit")
    parser.add_argument("--base-libs", type=Path, action="append", default=[], metavar="DIR",
                        help="a folder of libraries that the older commit alone needs")  # fmt: skip
    names = [each.name for each in works(Path(), rows=1, times=1)]
    parser.add_argument("--only", action="append", choices=names, metavar="NAME",
                        help=f"this work alone, may be given again: {', '.join(names)}")  # fmt: skip
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--rows", type=float, default=1e7, help="rows of the streamed file")
    parser.add_argument("--full", action="store_true", help="1e8 rows of the streamed file")
    parser.add_argument("--times", type=int, default=1000,
                        help="how many times the 26 subjects of the example, for the listing")  # fmt: skip
    parser.add_argument("--place", metavar="DIR", help="a folder for temporary files")
    parser.add_argument("--growth", action="store_true", help="the stages from 26 subjects on")
    parser.add_argument("--most", type=int, default=1000, help="most times 26 for --growth")
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> None:
    """Compare two trees, or tell how the stages grow."""
    given = options(argv)
    if given.growth:
        growth(given.most)
        return
    with checked_out(given.base) as older:
        compare(Tree(name=given.base, path=older, libraries=tuple(given.base_libs)), given)


if __name__ == "__main__":
    main(sys.argv[1:])
