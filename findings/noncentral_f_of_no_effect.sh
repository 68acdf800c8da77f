#!/usr/bin/env bash
# The survival function of scipy's noncentral F at a noncentrality of exactly 0 is a negative number.
# One would guess the central F's upper tail, which the documentation equates it with and the cdf there still gives.
# True: with a scalar or array 0, sf returns minus the cdf (so about -0.95 at the 5 % limit); at 1e-12 it is right.
# (scipy has it as issue 26188.)
# Why a trial cares: power of an F or t test over a grid of effects starts at "no effect", where it must be the level.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'scipy==1.17.1' 'numpy==2.4.0'
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import numpy as np
from scipy.stats import f, ncf

print("scipy", version("scipy"))
limit = f.isf(0.05, 1, 24)
none, hardly = ncf.sf(limit, 1, 24, 0.0), ncf.sf(limit, 1, 24, 1e-12)
below = ncf.cdf(limit, 1, 24, 0.0)
print(f"at the 5 % limit: sf {none:.4f} without an effect, {hardly:.4f} with 1e-12; cdf {below:.4f}")
assert np.isclose(hardly, 0.05) and np.isclose(below, 0.95)
assert np.isclose(none, -below), "the tail of no effect is a probability now"
PYTHON
