"""How each stage of the line grows with the number of subjects: the exponent of its CPU time.

1 is linear. The exponent is the slope of the logarithms between the two largest trials, since what
a stage takes whatever the size hides it in small ones.
"""

import os
import subprocess
import sys
import tempfile
from math import log
from pathlib import Path

from benchmarks.two_trees import HERE

STAGES = Path(__file__).parent / "works" / "stages.py"
SUBJECTS = 26
ALLOWED = 1.1
LEAST = 0.05
"""Seconds below which a stage is too short to be told from noise."""


def stage_seconds(times: int) -> dict[str, float]:
    """CPU seconds of each stage for the example, its participants so many times over."""
    with tempfile.TemporaryDirectory(prefix="trialkit-growth-") as place:
        done = subprocess.run(
            [sys.executable, str(STAGES), str(times), str(Path(place) / "trial")],
            cwd=HERE,
            env={**os.environ, "PYTHONPATH": str(HERE), "TREE": str(HERE)},
            capture_output=True,
            text=True,
            check=False,
            timeout=3600,
        )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    lines = (line.split("\t") for line in done.stdout.splitlines())
    return {name: float(seconds) for name, seconds in lines}


def growth(most: int) -> None:
    """Print each stage's seconds by the number of subjects, and its exponent."""
    sizes = [times for times in (1, 10, 100, 1000) if times <= most]
    found = {times: stage_seconds(times) for times in sizes}
    heads = " | ".join(f"{SUBJECTS * times:>9,}" for times in sizes)
    print(f"{'stage':<28} | {heads} | exponent", flush=True)
    for stage in found[sizes[0]]:
        seconds = [found[times][stage] for times in sizes]
        told = " | ".join(f"{each:7.3f} s" for each in seconds)
        print(f"{stage:<28} | {told} | {_exponent(sizes, seconds)}", flush=True)


def _exponent(sizes: list[int], seconds: list[float]) -> str:
    if len(sizes) < 2 or seconds[-2] < LEAST:
        return "-"
    slope = log(seconds[-1] / seconds[-2]) / log(sizes[-1] / sizes[-2])
    return f"{slope:.2f}" + (f", more than {ALLOWED}" if slope > ALLOWED else "")
