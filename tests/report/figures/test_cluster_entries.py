"""Clusters stand beside their participants in every box, with their sizes, and add up."""

from dataclasses import replace

import pytest

from tests.report.figures.test_flow_entries import disposition
from tests.report.figures.test_flow_layout import assert_sound
from tests.results.test_cluster_flow import NONE, OF_CARE, WHOLE
from trialkit.errors import ReportError
from trialkit.protocol.trial.clusters import Clusters
from trialkit.report.figures.cluster_entries import with_clusters
from trialkit.report.figures.flow_entries import FlowEntries, describe_flow, flow_entries
from trialkit.report.figures.flow_layout import lay_out
from trialkit.results.cluster_flow import ClusterFlow, ClusterSizes

CLASSES = Clusters(label="group class", plural="group classes", randomised=True)
FLOW = replace(WHOLE, arms={"A0": OF_CARE, "A1": NONE})


def entries(flow: ClusterFlow = FLOW, *, arms: int = 2) -> FlowEntries:
    return with_clusters(flow_entries(disposition(arms=arms)), flow, CLASSES)


def words(lines: object) -> list[str]:
    return [each.words for each in lines if "lass" in each.words]  # type: ignore[attr-defined]


def test_every_box_has_its_clusters() -> None:
    found = entries()
    assert words(found.assessed) == ["Group classes (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}12)"]
    plain = [line.replace("\N{NO-BREAK SPACE}", " ") for line in words(found.randomised)]
    assert plain == ["Group classes (n = 7)", "Group classes without a participant (n = 2)"]
    first, second = found.arms
    boxes = (first.allocation, first.follow_up, first.analysis)
    assert [line.replace("\N{NO-BREAK SPACE}", " ") for each in boxes for line in words(each)] == [
        "Group classes (n = 7; median size 5.5, range 2 to 11)",
        "No group class recorded (n = 3)",
        "Group classes lost as a whole (n = 1)",
        "Group classes (n = 4; median size 4, range 1 to 9)",
        "Group classes excluded from analysis (n = 2)",
    ]
    assert [each.count for each in second.allocation if "lass" in each.text] == [0]


def test_the_reasons_why_clusters_were_excluded_stand_under_them() -> None:
    lines = [(each.text, each.count, each.under) for each in entries().not_randomised[-3:]]
    assert lines == [
        ("Group classes excluded", 3, ""),
        ("No room", 3, "Group classes excluded"),
        ("Closed", 0, "Group classes excluded"),
    ]


def test_those_lost_stand_behind_the_reasons_of_participants() -> None:
    names = [each.text for each in entries().arms[0].follow_up]
    at = names.index("Group classes lost as a whole")
    assert [each.under for each in entries().arms[0].follow_up[1:at]] == [names[0]] * (at - 1)
    assert names[at + 1] == "Discontinued intervention"


def test_an_arm_without_clusters_has_none_of_the_lines() -> None:
    only = ClusterFlow(assessed=None, not_randomised={}, randomised=None, arms={"A1": OF_CARE})
    found, before = entries(only), flow_entries(disposition(arms=2))
    assert found.arms[0] == before.arms[0]
    assert (found.assessed, found.not_randomised) == (before.assessed, before.not_randomised)
    assert found.randomised == before.randomised
    assert len(found.arms[1].allocation) == len(before.arms[1].allocation) + 2


def test_clusters_of_one_size_have_that_size() -> None:
    same = replace(OF_CARE, allocated=ClusterSizes(clusters=7, median=4, least=4, most=4))
    line = entries(replace(FLOW, arms={"A0": same})).arms[0].allocation[1]
    assert line.beside == "each of 4"


def test_clusters_that_do_not_add_up_are_refused() -> None:
    wrong = replace(OF_CARE, lost=2)
    with pytest.raises(ReportError, match="7 allocated, 4 analysed and 4 lost or excluded"):
        entries(replace(FLOW, arms={"A0": wrong}))


def test_what_another_program_does_not_say_is_not_printed() -> None:
    found = entries(FLOW.unknown_in({"A0"})).arms[0]
    assert words(found.analysis) == words(found.follow_up) == []


@pytest.mark.parametrize("arms", [2, 4, 6])
def test_boxes_with_clusters_neither_overlap_nor_crop(arms: int) -> None:
    flow = replace(FLOW, arms={f"A{number}": OF_CARE for number in range(arms)})
    assert_sound(lay_out(entries(flow, arms=arms)))


def test_the_description_says_clusters_and_sizes() -> None:
    text = describe_flow(entries())
    assert "Group classes 7 (median size 5.5, range 2 to 11)" in text
    assert "Group classes excluded 3; No room 3; Closed 0" in text
