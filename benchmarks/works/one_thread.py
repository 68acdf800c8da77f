"""``one_thread.py dropout|gaps``: the same as ``repeated.py`` by a user who set one thread."""

import os
import runpy
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
runpy.run_path(str(Path(__file__).with_name("repeated.py")), run_name="__main__")
