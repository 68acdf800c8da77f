#!/usr/bin/env bash
# A trigger that looks into JSON guards a file under one SQLite, and refuses every writing under another.
# One would guess that json_extract, which SQLite brings itself, is there in a trigger whenever it is at all.
# True: until 3.40 the functions of JSON count as unsafe in a schema that is not trusted (the setting that
# SQLite advises for files from elsewhere); from 3.41 on they do not. Debian 12 and its Python have 3.40.1.
# Why a trial cares: an audit trail whose guards read JSON is written on one machine and on no older one.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
cat > "$work/try.py" <<'PYTHON'
import sys

import apsw

connection = apsw.Connection(":memory:")
run = connection.cursor().execute
run("CREATE TABLE event (details TEXT)")
run(
    "CREATE TRIGGER said BEFORE INSERT ON event WHEN json_extract(NEW.details, '$.text') IS NULL "
    "BEGIN SELECT RAISE(ABORT, 'says nothing'); END"
)
found = []
for trusted in ("ON", "OFF"):
    run(f"PRAGMA trusted_schema = {trusted}")
    try:
        run("""INSERT INTO event VALUES ('{"text": "new"}')""")
        found.append("written")
    except apsw.SQLError as error:
        found.append(str(error))
    print(f"SQLite {apsw.sqlitelibversion()}, trusted_schema {trusted}: {found[-1]}")
assert found == ["written", sys.argv[1]], "this SQLite does otherwise now"
PYTHON
try() {
    "$work/venv/bin/python" -m pip install --quiet "apsw==$1"
    "$work/venv/bin/python" "$work/try.py" "$2"
}
try 3.40.1.0 'SQLError: unsafe use of json_extract()'
try 3.41.2.0 written
