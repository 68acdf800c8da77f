#!/usr/bin/env bash
# pyxform, the reader of XLSForm for ODK and KoboToolbox, passes over a misspelt column without a warning.
# One would guess a warning as for a misspelt sheet ("setings": did you mean 'settings'?), since it compares names there.
# True: with 'constrain' and 'requird' for 'constraint' and 'required' the form is made, no warning is in the list, and the
# question has neither a limit nor must it be answered: XLSForm allows columns of one's own.
# Why a trial cares: the range check that the protocol promises is in the spreadsheet that was reviewed, and in no tablet.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'pyxform==4.5.0'
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from pyxform.xls2xform import convert

print("pyxform", version("pyxform"))
survey = "| survey |\n| | type | name | label | {} | {} |\n| | integer | pain | Pain from 0 to 100 | . <= 100 | yes |\n"
for limit, must in (("constraint", "required"), ("constrain", "requird")):
    form = convert(xlsform=survey.format(limit, must) + "| settings |\n| | form_id |\n| | diary |\n", file_type=".md")
    bind = next(part for part in form.xform.split("<bind ") if "/pain" in part).partition("/>")[0]
    print(f"{limit}, {must}: warnings {form.warnings}; bind {bind}")
    assert not form.warnings, "it warns now"
assert "100" not in bind, "it is understood now"
sheet = convert(xlsform=survey.format("constraint", "required") + "| setings |\n| | form_id |\n| | diary |\n", file_type=".md")
print("misspelt sheet:", sheet.warnings)
assert sheet.warnings, "no warning of the sheet"
PYTHON
