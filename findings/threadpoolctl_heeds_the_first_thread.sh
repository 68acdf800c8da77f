#!/usr/bin/env bash
# One would guess: threadpool_limits(limits=1) holds BLAS to one thread wherever in a program it is called.
# True, since threadpoolctl 3.8: the Python thread that set a limit first keeps control; a limit set in any other
# thread, and the giving back of one at its end, does nothing and says nothing.
# Why a trial cares: a simulation that starts its workers as threads runs many-threaded BLAS under all of them: slower
# by a multiple, and its last digits depend on the machine's processors.
# Source: threadpoolctl.py 3.8.0, LibController and its controlling thread.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet threadpoolctl==3.8.0 numpy==2.3.5
cat > "$work/show.py" <<'PY'
import threading
from importlib.metadata import version

import numpy  # noqa: F401  (its OpenBLAS is the library)
from threadpoolctl import ThreadpoolController, threadpool_limits

blas = ThreadpoolController().select(user_api="blas").lib_controllers
assert blas, "no BLAS was found"


def threads():
    return [library.num_threads for library in blas]


def limited():
    with threadpool_limits(limits=3, user_api="blas"):
        seen.append(threads())


threadpool_limits(limits=2, user_api="blas")  # this thread is the first to set a limit
seen = [threads()]
other = threading.Thread(target=limited)
other.start()
other.join()
print("threadpoolctl", version("threadpoolctl"), "numpy", version("numpy"))
print(f"the first thread asks for 2: {seen[0]}; another thread then asks for 3: {seen[1]}")
assert seen[0] == [2] * len(blas), "the behaviour has changed"
assert seen[1] == seen[0], "the behaviour has changed"
PY
"$work/venv/bin/python" "$work/show.py"
