"""What a work says of itself, and where it finds a name in whichever tree is on the path."""

import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

NOT_POSSIBLE = 77


def found(name: str, *modules: str) -> Any:
    """What has this name in the first of the modules that has it; a tree without cannot do the work."""
    for each in modules:
        try:
            return getattr(import_module(each), name)
        except (ImportError, AttributeError):
            continue
    raise SystemExit(NOT_POSSIBLE)


def tell(call: Callable[[], object], *, times: int = 1) -> None:
    """Print the least CPU time that a call takes, of so many tries."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        call()
        spent.append(time.process_time() - start)
    tell_seconds(min(spent))


def tell_seconds(seconds: float) -> None:
    """Print a CPU time as that of the work."""
    sys.stdout.write(f"CPU {seconds:.6f}\n")
