"""Each rule of the lint is asked once, under its own number, and findings stand worst first."""

from dataclasses import replace

import pytest

from tests.report.factory import made_up_protocol
from tests.report.lint.evidence import ERROR, NOTE, WARNING, evidence_on
from trialkit.errors import ReportError
from trialkit.protocol.trial.registered import Accepted
from trialkit.report.content.finding import LintFinding
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Paragraph
from trialkit.report.lint import linting
from trialkit.report.lint.evidence import LintRule, error, note, warning
from trialkit.report.lint.linting import RULES, lint, ordered
from trialkit.report.lint.section import in_words, lint_frame, lint_section

RULE = LintRule(
    id="R90", title="T", rows=("1", "2a"), anchor="here", place="Here",
    look=lambda _: iter([error("E", "mend E", place="There"), note("N", "mend N")]),
)  # fmt: skip
LATER = replace(RULE, id="R91", rows=("3",), look=lambda _: iter([warning("W", "mend W")]))


def finding(rule: str, severity: object, accepted: str = "") -> LintFinding:
    return LintFinding(
        rule=rule, severity=severity, rows=("1", "2a"), found=f"found {rule}",  # type: ignore[arg-type]
        mend=f"mend {rule}", anchor=f"anchor {rule}", place=f"place {rule}", accepted=accepted,
    )  # fmt: skip


def test_every_notice_becomes_a_finding_at_the_place_of_its_rule_or_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(linting, "RULES", (RULE, LATER))
    protocol = replace(made_up_protocol(), accepted=(Accepted(rule="R91", reason="We know"),))
    first, second, last = lint(evidence_on(protocol))
    assert first == LintFinding(
        rule="R90", severity=ERROR, rows=("1", "2a"), found="E", mend="mend E", anchor="here",
        place="There",
    )  # fmt: skip
    assert (second.severity, second.place, second.accepted) == (NOTE, "Here", "")
    assert (last.rule, last.rows, last.accepted) == ("R91", ("3",), "We know")
    assert (first.counts, replace(first, accepted="x").counts, last.counts) == (True, False, False)
    assert not replace(last, accepted="").counts, "a warning does not fail a strict run"


def test_an_accepted_rule_that_is_none_is_refused_with_those_that_are() -> None:
    protocol = replace(made_up_protocol(), accepted=(Accepted(rule="R88", reason="why"),))
    with pytest.raises(ReportError, match="names rule 'R88'; the rules of the lint are R01, R02"):
        lint(evidence_on(protocol))


def test_rules_stand_under_the_numbers_of_their_functions() -> None:
    """The documentation of each function begins with the number of its rule."""
    numbers = {rule.look.__name__: rule.id for rule in RULES if rule.look.__doc__}
    assert len(numbers) == len({rule.look for rule in RULES})
    for rule in RULES:
        assert str(rule.look.__doc__).startswith(f"{rule.id}: ")


def test_findings_stand_errors_first_accepted_ones_last_then_by_number() -> None:
    found = (
        finding("R05", NOTE), finding("R04", ERROR, "why"), finding("R03", WARNING),
        finding("R09", ERROR), finding("R02", ERROR),
    )  # fmt: skip
    assert [each.rule for each in ordered(found)] == ["R02", "R09", "R04", "R03", "R05"]


def test_how_many_were_found_is_said_by_severity() -> None:
    assert in_words(()) == "None of the 39 rules of the lint found anything."
    assert in_words((finding("R01", ERROR), finding("R02", ERROR), finding("R03", NOTE))) == (
        "The 39 rules of the lint found two errors and one note."
    )
    assert in_words((finding("R01", WARNING, "why"),)) == (
        "The 39 rules of the lint found one warning. Of these, one finding accepted with a reason."
    )


def test_the_file_has_each_finding_with_the_title_of_its_rule() -> None:
    frame = lint_frame((finding("R12", NOTE), finding("R01", ERROR, "why")))
    assert frame.to_dict("records") == [
        {
            "rule": "R01", "title": "Registration in time", "severity": "error",
            "guideline_rows": "1, 2a", "found": "found R01", "mend": "mend R01",
            "place": "place R01", "anchor": "anchor R01", "accepted": "why",
        },
        {
            "rule": "R12", "title": "The sample size follows from its assumptions",
            "severity": "note", "guideline_rows": "1, 2a", "found": "found R12",
            "mend": "mend R12", "place": "place R12", "anchor": "anchor R12", "accepted": "",
        },
    ]  # fmt: skip


def test_the_section_tables_its_findings_and_has_no_table_of_none() -> None:
    empty = lint_section(())
    assert [type(block) for block in empty.blocks] == [Paragraph]
    section = lint_section((finding("R03", WARNING), finding("R01", ERROR)))
    _, table = section.blocks
    assert isinstance(table, Table)
    assert [row.head for row in table.rows] == ["R01", "R03"]
    assert [group.head for group in table.groups] == ["Errors", "Warnings"]
    assert [head.text for head in table.heads] == [
        "CONSORT", "What was found", "How to mend it", "Place",
    ]  # fmt: skip
    assert [cell.text for cell in table.rows[0].cells] == [
        "1, 2a", "found R01", "mend R01", "place R01",
    ]  # fmt: skip
    _, known = lint_section((finding("R01", ERROR, "We know"),)).blocks
    assert isinstance(known, Table)
    assert known.rows[0].cells[2].text == "Accepted: We know"
