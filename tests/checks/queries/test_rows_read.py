"""A confirmation holds until another row that the rule read is another; no longer, no shorter."""

from dataclasses import replace

import pytest

from tests.checks.session_logs import item, pain, repeating_form, rule
from tests.conftest import few_at_once
from tests.miniature import Miniature, dedented
from trialkit.checks.queries import rows_read
from trialkit.checks.queries.by_hand import dismissed
from trialkit.checks.queries.grounds import Entered, bounded
from trialkit.checks.queries.queries import Queries, QueryState, asked_mark
from trialkit.checks.queries.reconciling import reconcile
from trialkit.checks.queries.rows_read import identifying_columns, other_rows_told
from trialkit.checks.trial.checking import check
from trialkit.errors import DataFileError
from trialkit.store.data_days import NO_DAYS
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

LOG = repeating_form(
    "log", "Sessions",
    item("day", "Day", "date", 'purpose = "session_date"'),
    item("came", "Came", "yes_no"),
    pain("pain", "Pain"),
    item("note", "Note", "text"),
    item("who", "Who came along", "text", "identifier = true"),
    item("double", "Double", "calculated", 'calculation = "pain * 2"'),
    rule("{rule}", "{expression}", "pain", severity="soft"),
    kind="sessions",
)  # fmt: skip
ROWS = {
    "1": ["2025-02-01", "yes", "1", "a", "Bo"],
    "2": ["2025-02-02", "yes", "2", "b", "Mo"],
    "3": ["2025-02-03", "no", "3", "c", "Al"],
    "4": ["2025-02-04", "yes", "9", "d", "Jo"],
}
DAY, CAME, PAIN, NOTE, WHO = range(5)


class Log:
    """A log of one participant, validated again and again, with the queries that come of it."""

    def __init__(self, folder, expression="", *, rule="ODD", form=None):
        self.folder, self.mini = folder, Miniature()
        text = LOG.replace("{rule}", rule).replace("{expression}", expression)
        self.mini.forms["log"] = text if expression else text[: text.index("[[rules]]")]
        self.form = form or "log"
        self.rows = {number: list(row) for number, row in ROWS.items()}
        self.queries, self.rule = Queries(), rule
        self.mini.data["log"] = ""
        self.schemas = self.mini.schemas(folder)

    def snapshot(self):
        lines = [",".join([who, number, *row]) for who in ("S1", "S2")
                 for number, row in self.rows.items()
                 if who == "S1" or number == "1"]  # fmt: skip
        head = "subject_id,repeat,day,came,pain,note,who\n"
        (self.folder / "data" / "log.csv").write_text(head + "\n".join(lines) + "\n")
        return freeze(FolderSource(folder=self.folder), self.schemas)

    def validate(self):
        snapshot = self.snapshot()
        found = check(snapshot, self.schemas, self.mini.protocol)
        self.queries = reconcile(self.queries, found, snapshot, self.schemas)

    def asked(self):
        return next(
            each
            for each in self.queries.by_key.values()
            if (each.rule_id, each.subject_id) == (self.rule, "S1")
        )

    def confirmed(self):
        self.validate()
        key = self.asked().query_key
        self.queries = dismissed(self.queries, key, "as written", by="Ana", on="2025-06-01")
        self.validate()
        assert self.asked().state is QueryState.CLOSED
        return self

    def is_asked_again(self):
        self.validate()
        return self.asked().state is QueryState.OPEN

    def changed(self, number, item, text):
        self.rows[number][item] = text
        return self


@pytest.mark.parametrize(
    ("expression", "change", "again"),
    few_at_once([
        ("pain - PREVIOUS(pain) <= 3", ("3", PAIN, "2"), True),
        ("pain - PREVIOUS(pain) <= 3", ("3", NOTE, "z"), False),
        ("pain - PREVIOUS(pain) <= 3", ("2", PAIN, "1"), False),  # what no rule read for row 4
        ("pain - PREVIOUS(pain, 2) <= 3", ("2", PAIN, "1"), True),
        ("pain - PREVIOUS(pain, 1, came) <= 3", ("2", PAIN, "1"), True),
        ("pain - PREVIOUS(pain, 1, came) <= 3", ("3", PAIN, "5"), False),  # passed over
        ("pain - PREVIOUS(pain, 1, came) <= 3", ("3", CAME, "yes"), True),
        ("pain - PREVIOUS(pain - PREVIOUS(pain)) <= 3", ("2", PAIN, "1"), True),
        ("COUNT(pain >= 2) <= 1", ("2", PAIN, "4"), True),
        ("COUNT(pain >= 2) <= 1", ("2", PAIN, "1"), True),
        ("COUNT(pain >= 3) <= 1", ("2", PAIN, "0"), False),  # it counts neither way
        ("COUNT(pain >= 2) <= 1", ("2", NOTE, "z"), False),
        ("SUM(pain) <= 9", ("2", PAIN, "4"), True),
        ("SUM(pain) <= 9", ("2", NOTE, "z"), False),
        ("MAX(day) < '2025-02-04'", ("1", DAY, "2025-01-30"), True),
        ("COUNT(log.pain >= 2) <= 1 AND who IS NOT NULL", ("2", PAIN, "4"), True),
        ("NOT ANY(double > 3)", ("2", PAIN, "3"), True),
        ("NOT ANY(pain - PREVIOUS(pain) > 3)", ("3", PAIN, "2"), True),
        ("NOT ANY(who IS NOT NULL AND pain > 1)", ("2", WHO, "Sam"), True),
        ("PREVIOUS(double) <= 5", ("3", PAIN, "4"), True),
    ], 5),
)  # fmt: skip
def test_it_is_asked_again_when_a_row_that_was_read_changes(tmp_path, expression, change, again):
    log = Log(tmp_path, expression).confirmed()
    assert log.changed(*change).is_asked_again() is again


@pytest.mark.slow
def test_a_new_row_that_counts_asks_again_and_no_other(tmp_path):
    log = Log(tmp_path, "COUNT(pain >= 2) <= 1").confirmed()
    log.rows["5"] = ["2025-02-05", "yes", "0", "", ""]
    assert not log.is_asked_again()
    log.rows["6"] = ["2025-02-06", "yes", "8", "", ""]
    assert log.is_asked_again()


@pytest.mark.slow
def test_of_a_row_that_asks_another_form_it_is_what_counts_beside_it(tmp_path):
    log = Log(tmp_path)
    log.mini.forms["pain"] += dedented("""
        [[rules]]
        id = "ODD"
        expression = "COUNT(log.pain >= 2 AND log.day >= visit_date) = 0"
        severity = "soft"
        message = "Odd."
        items = ["vas_mm"]
    """)
    log.mini.data["pain"] = (
        "subject_id,visit,visit_date,vas_mm,side,drug,drug_name\nS1,W6,2025-02-26,5,l,no,\n"
    )
    log.changed("3", DAY, "2025-02-27").changed("4", DAY, "2025-02-28")
    log.schemas = log.mini.schemas(tmp_path)
    log.confirmed()
    assert not log.changed("2", PAIN, "4").is_asked_again()  # before the visit
    assert log.changed("3", PAIN, "4").is_asked_again()
    assert "counted: 2 of log: log.pain=4" in log.asked().grounds


def test_more_rows_beside_each_other_than_can_be_told_are_refused(tmp_path, monkeypatch):
    log = Log(tmp_path)
    log.mini.forms["pain"] += dedented("""
        [[rules]]
        id = "ODD"
        expression = "COUNT(log.day >= visit_date) = 0"
        severity = "soft"
        message = "Odd."
        items = ["vas_mm"]
    """)
    log.mini.data["pain"] = (
        "subject_id,visit,visit_date,vas_mm,side,drug,drug_name\nS1,W6,2025-01-26,5,l,no,\n"
    )
    log.schemas = log.mini.schemas(tmp_path)
    form, snapshot = log.schemas.form("pain"), log.snapshot()
    read = form.conditions["COUNT(log.day >= visit_date) = 0"]

    def told():
        return other_rows_told(read, form, snapshot.forms, log.schemas, days=NO_DAYS)

    assert told()["S1", "W6"].startswith("counted: 4 of log: log.day=2025-02-01 | ")
    monkeypatch.setattr(rows_read, "MOST_COMPARED", 3)
    with pytest.raises(DataFileError, match=r"those of log, 4 pairs .* of which 3 can be kept"):
        told()


def test_what_a_person_reads_of_it(tmp_path):
    log = Log(tmp_path, "pain + PREVIOUS(pain) + COUNT(who IS NOT NULL AND pain > 2) <= 9")
    log.validate()
    told = log.asked().grounds
    assert told.startswith("row before: log.pain=3; counted: 2 of log: ")
    assert "(not shown" in told
    assert "Jo" not in told
    assert identifying_columns(log.schemas) == {("log", "who")}


def test_a_long_text_is_told_by_a_digest():
    short, long = "a" * 400, "a" * 3000
    assert bounded(short) == short
    assert len(bounded(long)) < 420
    assert bounded(long) != bounded(long + "b")


def test_a_query_of_old_that_knows_no_other_rows_holds(tmp_path):
    log = Log(tmp_path, "pain - PREVIOUS(pain) <= 3").confirmed()
    of_old = [
        replace(each, asked=asked_mark(value="9", missing_code="", grounds=""), grounds="")
        if each.query_key
        else each
        for each in log.queries.history
    ]
    log.queries = Queries().followed_by(of_old)
    before = len(log.queries.history)

    assert not log.is_asked_again()
    assert len(log.queries.history) == before
    assert log.changed("4", PAIN, "8").is_asked_again()  # its own value is asked about as ever


def test_a_query_that_is_gone_says_whether_another_row_changed(tmp_path):
    log = Log(tmp_path, "pain - PREVIOUS(pain) <= 3")
    log.validate()
    log.changed("3", PAIN, "8").validate()
    assert log.asked().resolution == "data changed"


@pytest.mark.slow
def test_a_session_out_of_order_is_asked_again_when_the_other_one_moves(tmp_path):
    log = Log(tmp_path, rule="session_order").changed("3", DAY, "2025-02-05").confirmed()
    assert not log.changed("3", NOTE, "z").is_asked_again()
    log.rows["5"] = ["2025-02-09", "yes", "0", "", ""]
    assert not log.is_asked_again()
    assert log.changed("3", DAY, "2025-02-08").is_asked_again()


@pytest.mark.parametrize(
    ("rule_id", "item", "told"),
    [
        (
            "copied_answers",
            "",
            "log.day=2025-02-01; log.came=yes; log.pain=1; log.note=a; log.who=",
        ),
        ("miscalculated", "double", "log.pain=1"),
        ("date_order", "day", "randomisation.randomisation_date="),
        ("too_many_sessions", "came", "randomisation.arm="),
        ("session_order", "day", "out of order with="),
    ],
)
def test_what_built_in_rules_rest_on(tmp_path, rule_id, item, told):
    log = Log(tmp_path)
    entered = Entered(log.snapshot(), log.schemas, ["S1"])
    where = {"subject_id": "S1", "visit": "", "repeat": "1"}
    grounds = entered.grounds(rule_id, log.schemas.form("log"), item, **where)
    assert grounds.text.startswith(told)
    assert grounds.before == ""


def test_a_changed_choice_rests_on_what_the_other_visits_have(tmp_path):
    log = Log(tmp_path)
    head = "subject_id,visit,visit_date,vas_mm,side,drug,drug_name\n"
    log.mini.data["pain"] = head + "S1,BL,2025-02-03,5,l,no,\nS1,W6,2025-03-03,5,r,no,\n"
    log.mini.write(tmp_path)
    entered = Entered(log.snapshot(), log.schemas, ["S1"])
    where = {"subject_id": "S1", "visit": "W6", "repeat": ""}
    grounds = entered.grounds("changed_between_visits", log.schemas.form("pain"), "side", **where)
    assert grounds.text == "at other visits=l"


def test_rows_are_told_by_their_key(tmp_path):
    log = Log(tmp_path, "pain - PREVIOUS(pain) <= 3")
    form, snapshot = log.schemas.form("log"), log.snapshot()
    read = form.conditions["pain - PREVIOUS(pain) <= 3"]
    told = other_rows_told(read, form, snapshot.forms, log.schemas, days=NO_DAYS)
    assert told["S1", "1"] == "row before: none"
    assert told["S1", "4"] == "row before: log.pain=3"
    assert len(told) == 5
