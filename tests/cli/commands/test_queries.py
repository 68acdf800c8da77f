"""What the list of queries says: counts and ages by site, and what is waiting, oldest first."""

import shutil
from argparse import Namespace
from dataclasses import replace
from datetime import date

import pytest

from tests.conftest import THREE_ARMS
from trialkit.checks.queries.queries import Event, Happening, Queries
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.cli.commands import queries
from trialkit.cli.exit_codes import ExitCode

CUT = "2025-03-31"


def opened(key, on, site="N", *, severity="hard", item="vas", **more):
    return Event(
        on=on, event=Happening.OPENED, query_key=key, asked=f"v{key}", severity=severity,
        site=site, subject_id=f"of {key}", visit="BL", form="pain", item=item, rule_id="rule",
        message=f"said of {key}", **more,
    )  # fmt: skip


def answered(key, on, answer, by="Ann", asked=None):
    return Event(
        on=on, event=Happening.ANSWERED, query_key=key, asked=asked or f"v{key}", answer=answer,
        reason="why", answered_by=by, severity="hard",
    )  # fmt: skip


EVENTS = (
    opened("a", "2025-03-30"),
    opened("b", "2025-03-01"),
    opened("c", "2025-03-21", severity="soft", item=""),
    opened("d", "2025-03-11", "S"),
    opened("e", "2025-02-01", "S"),
    opened("f", "2025-02-02", "S", severity="soft"),
    opened("g", "2025-03-29", ""),
    answered("d", "2025-03-12", "corrected"),
    answered("f", "2025-03-12", "confirmed"),
    # another value since, which goes on being asked about
    replace(opened("b", "2025-03-20"), event=Happening.CHANGED, asked="vb2"),
    Event(
        on="2025-03-15", event=Happening.CLOSED, query_key="e", note="data changed", severity="hard"
    ),
    Event(on=CUT, event=Happening.CUT),
)


@pytest.fixture
def trial(tmp_path):
    folder = tmp_path / "trial"
    folder.mkdir()
    shutil.copy(THREE_ARMS / "protocol.toml", folder)
    shutil.copytree(THREE_ARMS / "forms", folder / "forms")
    return folder


def with_history(trial, events=EVENTS):
    QueryFolder(trial=trial).write(Queries().followed_by(events), before=Queries())
    return trial


def listed(trial, capsys, *, site=None, every=False):
    arguments = Namespace(
        action="list", trial=trial, site=site, all=every, today=date.fromisoformat(CUT)
    )
    assert queries.run(arguments) == ExitCode.FINE
    return capsys.readouterr().out.splitlines()


def test_sites_are_counted_and_what_waits_is_listed_oldest_first(trial, capsys):
    assert listed(with_history(trial), capsys) == [
        f"Queries on {CUT}; last validated at the data cut {CUT}",
        "site  open  answered  closed  median age  oldest",
        "no site  1  0  0  2 days  2 days",
        # asked 1, 30 and 10 days ago
        "N  3  0  0  10 days  30 days",
        # one was answered and waits for the data, one is gone, one settled
        "S  0  1  2  -  -",
        "state  age  severity  site  subject  visit  form.item  what was found  query_key",
        "open  30 days  hard  N  of b  BL  pain.vas  said of b  b",
        "open  10 days  soft  N  of c  BL  pain  said of c  c",
        "open  2 days  hard  -  of g  BL  pain.vas  said of g  g",
        "open  1 day  hard  N  of a  BL  pain.vas  said of a  a",
        "answered: corrected  20 days  hard  S  of d  BL  pain.vas  said of d  d",
    ]


def test_the_queries_of_one_site_are_listed_alone(trial, capsys):
    assert listed(with_history(trial), capsys, site="S")[1:] == [
        "site  open  answered  closed  median age  oldest",
        "S  0  1  2  -  -",
        "state  age  severity  site  subject  visit  form.item  what was found  query_key",
        "answered: corrected  20 days  hard  S  of d  BL  pain.vas  said of d  d",
    ]
    assert listed(trial, capsys, site="X") == [
        "No query of site X. 'trialkit validate' asks about hard and soft findings."
    ]


def test_without_a_history_there_is_no_query(trial, capsys):
    assert listed(trial, capsys) == [
        "No query. 'trialkit validate' asks about hard and soft findings."
    ]


def test_where_all_are_closed_none_is_waiting(trial, capsys):
    events = [opened("a", "2025-03-01", severity="soft"), answered("a", CUT, "unresolvable")]

    assert listed(with_history(trial, events), capsys) == [
        f"Queries on {CUT}; last validated at the data cut (not known)",
        "site  open  answered  closed  median age  oldest",
        "N  0  0  1  -  -",
        "None is waiting.",
    ]


def test_ages_that_are_not_known_are_left_out(trial, capsys):
    said = listed(with_history(trial, [opened("a", "")]), capsys)

    assert said[2] == "N  1  0  0  -  -"
    assert said[4].startswith("open  -  hard  N  of a")


def test_ten_are_listed_or_all(trial, capsys):
    with_history(trial, [opened(f"q{day:02}", f"2025-03-{day:02}") for day in range(1, 13)])

    short, whole = listed(trial, capsys), listed(trial, capsys, every=True)

    assert [line.split()[6] for line in short[4:-1]] == [f"q{day:02}" for day in range(1, 11)]
    assert short[-1] == "... and 2 more; --all lists them."
    assert len(whole) == 4 + 12
    assert "more" not in whole[-1]


def answer(trial, capsys, *lines, name="back.csv", dry_run=False, by="", also=()):
    path = trial.parent / name
    path.write_text("query_key,asked,answer,reason,answered_by\n" + "\n".join(lines), "utf-8")
    arguments = Namespace(
        action="answer",
        trial=trial,
        files=[path, *also],
        by=by,
        on=None,
        dry_run=dry_run,
        today=date.fromisoformat(CUT),
    )
    code = queries.run(arguments)
    return code, capsys.readouterr().out.splitlines()


def test_answers_are_counted_by_what_they_say_and_what_they_close(trial, capsys):
    with_history(trial)

    code, said = answer(
        trial, capsys,
        "a,va,corrected,,Ann",
        "c,vc,confirmed,as in the source,Ann",
        "g,vg,unresolvable,lost,Ann",
        "d,vd,corrected,why,Ann",
        "b,vb,confirmed,was so,Ann",
        "z,vz,confirmed,was so,Ann",
    )  # fmt: skip

    assert code == ExitCode.FINDINGS
    assert said[:10] == [
        "Recorded: 1 corrected, 1 confirmed, 1 unresolvable.",
        "1 closed by the answer; 2 wait for the data. Dated 2025-03-31.",
        "2 hard: an answer does not let the analysis run, only the data do.",
        "1 had been recorded before.",
        "1 about a value that has changed since: kept in the history, asked again:",
        "  row 6",
        "1 about no query of this trial: not recorded:",
        "  row 7",
        f"  {trial / 'queries' / 'history.csv'}",
        f"  {trial / 'queries' / 'queries.csv'}",
    ]
    assert said[10:] == [f"Next: trialkit validate {trial}"]
    known = QueryFolder(trial=trial).read().by_key
    assert {key: known[key].answer for key in "abcg"} == {
        "a": "corrected", "b": "", "c": "confirmed", "g": "unresolvable",
    }  # fmt: skip
    assert known["c"].answered_by == "Ann"


def test_a_rehearsal_writes_nothing(trial, capsys):
    before = QueryFolder(trial=with_history(trial)).history.read_bytes()

    code, said = answer(trial, capsys, "a,va,corrected,,", dry_run=True, by="Zoe")

    assert code == ExitCode.FINE
    assert said == [
        "Would be recorded: 1 corrected, 0 confirmed, 0 unresolvable.",
        "0 closed by the answer; 1 wait for the data. Dated 2025-03-31.",
        "1 hard: an answer does not let the analysis run, only the data do.",
    ]
    assert QueryFolder(trial=trial).history.read_bytes() == before


def test_of_several_files_the_name_is_said_and_who_answered_by_the_call(trial, capsys):
    with_history(trial)
    other = trial.parent / "other.csv"
    other.write_text("query_key,asked,answer,reason\nzz,v,confirmed,so\n", "utf-8")

    code, said = answer(trial, capsys, "a,va,corrected,,", by="Zoe", also=[other])

    assert code == ExitCode.FINDINGS
    assert "  other.csv, row 2" in said
    assert QueryFolder(trial=trial).read().by_key["a"].answered_by == "Zoe"


def test_a_file_without_answers_records_nothing(trial, capsys):
    assert answer(with_history(trial), capsys, "a,va,,,") == (
        ExitCode.FINE,
        ["No row has an answer; nothing was recorded."],
    )
