"""How many threads a command's libraries start: those of linear algebra none but its own."""

import os

LINEAR_ALGEBRA = "OPENBLAS_NUM_THREADS"
"""What numpy's and scipy's own libraries read when they are loaded."""


def start_no_idle_threads() -> None:
    """Keep linear algebra from starting threads, unless the caller's environment says how many.

    Models compute on one thread (``analysis/engines/one_thread.py``): others would wait for work
    that never comes, and ask for it all the while.
    """
    os.environ.setdefault(LINEAR_ALGEBRA, "1")
