"""Work on a stranger's bytes by a library in C, in a process of its own.

Such a library may end its whole process on bytes that nobody meant. What ends then is a process that
holds nothing but the file, within bounds of time and memory, and its end is told like any other fault.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib.util import find_spec
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

from trialkit.disk.reading import reading
from trialkit.errors import DataFileError

if find_spec("resource"):
    import resource

Done = TypeVar("Done")
Given = ParamSpec("Given")

MOST_SECONDS = 120
"""How long the process may reckon."""
MOST_MEMORY = 16 * 10**9
"""How many bytes of addresses it may have, of which the reading of threads takes most unused."""


def apart(
    file: str, work: Callable[Given, Done], /, *args: Given.args, **kwargs: Given.kwargs
) -> Done:
    """What ``work`` returns in a process of its own; what it raises comes through.

    Raises :class:`DataFileError` that names ``file`` where the process ends within the work, or
    cannot begin.
    """
    pool = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"), initializer=_bounded)
    with reading(file), pool as process:
        try:
            return process.submit(work, *args, **kwargs).result()
        except (BrokenProcessPool, MemoryError):
            raise DataFileError(
                f"{file}: cannot be read: its bytes ended the program that reads such files, or took "
                "more time or memory than any sound file does; write it anew from the program that made it"
            ) from None


def _bounded() -> None:
    """Bounds of the process, where the system has any."""
    if find_spec("resource"):
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, hard))
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
