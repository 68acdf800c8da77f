#!/usr/bin/env bash
# mixedlm's Kenward-Roger degrees of freedom are Satterthwaite's, under another name.
# One would guess those of R's pbkrtest, 14.94 for classes in one arm of a trial (127 people, 12 classes), and its larger error.
# True: pvalues_with_ddf(method="Kenward-Roger") gives 13.61, which is Satterthwaite's number to every digit: the factor that
# is to correct it is 1, and the standard errors stay as they are. lme-python gives pbkrtest's numbers for both.
# Why a trial cares: the plan promises the small-sample correction that reviewers ask for, and nothing of it was done.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'mixedlm==1.3.0' 'lme-python==0.2.7' 'pyarrow==24.0.0'
cp "$here/../tests/reference/mixed/classes.csv" "$work/" # simulated; pbkrtest 0.5.2 read the same file (README there)
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import lme_python
import mixedlm
import numpy as np
import pandas as pd

print("mixedlm", version("mixedlm"), "lme-python", version("lme-python"))
people = pd.read_csv("classes.csv")
alone = "p" + people["subject"].astype(str)
people["cluster"] = people["class"].fillna(alone)
people["classes"] = (people["arm"] == "class").astype(float)
formula = "y ~ base + classes + (0 + classes | cluster)"
one = mixedlm.lmer(formula, people)
satterthwaite = mixedlm.satterthwaite_df(one).df[2]
kenward_roger = mixedlm.kenward_roger_df(one).df[2]
other = lme_python.lmer(formula, people)
other.with_kenward_roger(people)
print(f"mixedlm: Satterthwaite {satterthwaite:.2f}, Kenward-Roger {kenward_roger:.2f}; "
      f"lme-python: Kenward-Roger {other.kenward_roger_dfs[2]:.2f}; pbkrtest: 14.94")
assert kenward_roger == satterthwaite, "they differ now"
assert np.isclose(other.kenward_roger_dfs[2], 14.9377, atol=0.01)
PYTHON
