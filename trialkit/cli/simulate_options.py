"""The options of ``trialkit simulate``, declared without importing what carries it out."""

from argparse import ArgumentParser
from pathlib import Path

DESCRIPTION = """Rehearse the trial on data simulated from its protocol (--write DIR), or see what the
planned analysis would find in many such trials (--replicates N): power, type I error, bias and
coverage. What is assumed stands in TRIAL/simulation.toml; without it, placeholders are used and
printed.
"""


def add_simulate_options(parser: ArgumentParser) -> None:
    """The options of ``simulate``."""
    parser.description = DESCRIPTION
    parser.add_argument("trial", metavar="TRIAL", type=Path, help="the trial's folder")
    what = parser.add_argument_group("what to do (one or both)")
    what.add_argument(
        "--write", metavar="DIR", type=Path, help="write a copy of the trial with simulated data"
    )
    what.add_argument(
        "--replicates", metavar="N", type=int, help="simulate the planned analysis N times"
    )
    parser.add_argument(
        "--analysis",
        metavar="ID",
        action="append",
        default=[],
        help="an analysis of the plan, once for each (default: the primary ones)",
    )
    parser.add_argument(
        "--assumptions", metavar="FILE", type=Path, help="(default: TRIAL/simulation.toml)"
    )
    parser.add_argument("--participants", metavar="N", type=int, help="how many are randomised")
    parser.add_argument(
        "--entropy",
        metavar="N",
        type=int,
        help="where the random numbers start (default: drawn, and recorded)",
    )
    parser.add_argument(
        "--chunk", metavar="N", type=int, help="replicates done at once; part of the record"
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--workers", metavar="N", type=int, help="processes of this machine")
    where.add_argument(
        "--scheduler", metavar="ADDRESS", help="a Dask cluster, such as tcp://10.0.0.1:8786"
    )
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="for simulation.csv/json (default: TRIAL/output)"
    )
