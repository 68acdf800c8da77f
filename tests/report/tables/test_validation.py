from tests.report.factory import FINDINGS, NO_FINDINGS
from trialkit.report.tables.validation import findings_table


def test_findings_are_counted_by_rule_hardest_first() -> None:
    hard = FINDINGS.iloc[[2]].assign(severity="hard")
    table = findings_table(type(FINDINGS)(FINDINGS.to_dict("list")))
    assert [(row.head, row.cells[-1].text) for row in table.rows] == [("soft", "2"), ("note", "1")]
    mixed = findings_table(FINDINGS.iloc[:2].merge(hard, how="outer"))
    assert [row.head for row in mixed.rows] == ["hard", "soft"]


def test_no_finding_is_said() -> None:
    table = findings_table(NO_FINDINGS)
    assert table.rows[0].cells[-1].text == "0"
