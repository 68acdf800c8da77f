#!/usr/bin/env bash
# pyreadr writes an ordered category as a factor without order, and a date as text.
# One would guess that severity mild < moderate < severe comes to R as an ordered factor, and a visit's day as a date.
# True: class "factor" alone (the levels keep their order), and "2026-01-02 00:00:00" as character; nothing is said.
# Why a trial cares: R's model of an ordinal outcome codes its contrasts otherwise, severity >= "moderate" is NA with a
# warning, and days between visits cannot be counted.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'pyreadr==0.5.8' 'rdata==1.1.0' 'pandas==3.0.1'
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import pandas as pd
import pyreadr
import rdata

print("pyreadr", version("pyreadr"), "read back by rdata", version("rdata"))
severity = pd.Categorical(["mild", "severe"], ["mild", "moderate", "severe"], ordered=True)
pyreadr.write_rds("events.rds", pd.DataFrame({"severity": severity, "day": pd.to_datetime(["2026-01-02", "2026-03-04"])}))
plain = rdata.read_rds("events.rds")
print(plain.dtypes.to_dict(), list(plain["day"]))
print("ordered:", plain["severity"].cat.ordered, "levels:", list(plain["severity"].cat.categories))
assert not plain["severity"].cat.ordered and isinstance(plain["day"].iloc[0], str), "they are kept now"
PYTHON
