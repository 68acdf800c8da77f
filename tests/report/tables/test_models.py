from tests.line import Line
from trialkit.report.tables.models import adjusted_means_table, anova_table, diagnostics_table
from trialkit.results.lookup import ResultIndex
from trialkit.results.vocabulary import Stat


def test_every_term_of_the_analysis_of_variance_is_printed(example: Line) -> None:
    index = ResultIndex(example.results)
    table = anova_table(example.protocol, index)
    assert table is not None
    first = table.groups[0]
    assert [row.head for row in first.rows] == ["Arm", "Visit", "Arm by visit"]
    found = index.find("primary", outcome="vas", term="group:visit", visit="")
    cells = [cell.text for cell in first.rows[2].cells]
    assert cells[0] == "1, 24"
    assert float(cells[1]) == round(float(found[Stat.STATISTIC].stat or 0), 2)
    assert [head.text for head in table.heads] == ["df", "F", "p", "η²p", "η²G"]


def test_more_than_two_visits_have_corrected_p_values(three_arms: Line) -> None:
    table = anova_table(three_arms.protocol, ResultIndex(three_arms.results))
    assert table is not None
    assert {"ε (GG)", "p (GG)", "p (HF)"} <= {head.text for head in table.heads}
    term = next(row for row in table.rows if row.head == "Arm by visit")
    epsilon, p_gg, p_hf = (cell.text for cell in term.cells[3:6])
    assert 0 < float(epsilon) < 1
    assert float(term.cells[2].text) <= float(p_hf) <= float(p_gg)


def test_adjusted_means_stand_in_the_order_of_the_protocol(example: Line) -> None:
    table = adjusted_means_table(example.protocol, ResultIndex(example.results))
    assert table is not None
    for group in table.groups:
        assert [row.head for row in group.rows] == [arm.label for arm in example.protocol.arms]


def test_single_participants_stay_out_of_the_printed_checks(example: Line) -> None:
    table = diagnostics_table(example.protocol, ResultIndex(example.results))
    assert table is not None
    heads = " ".join(row.head for row in table.rows)
    subjects = set(example.datasets.subjects["subject_id"].astype("str"))
    assert not any(subject in heads for subject in subjects)
    assert "Normality of residuals, Baseline" in heads
    assert "Sphericity" not in heads
