"""The schedule is drawn inside its frame, and no word of it is markup."""

import re
from dataclasses import replace
from xml.etree import ElementTree

from tests.report.plan.test_schedule import EVENTS, PAIN, SCREENING, with_weeks
from trialkit.report.plan.schedule import schedule_of
from trialkit.report.plan.schedule_svg import schedule_svg

NAMES = "{http://www.w3.org/2000/svg}"


def test_every_mark_and_word_lies_inside_the_frame() -> None:
    schedule = schedule_of(with_weeks(5), (SCREENING, PAIN, EVENTS))
    root = ElementTree.fromstring(schedule_svg(schedule, name="s", title="T", description="D"))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    texts = root.findall(f"{NAMES}text")
    assert {"X", "each time", "Adverse events"} <= {each.text for each in texts}
    for each in texts:
        assert 0 < float(each.attrib["x"]) < width
        assert 0 < float(each.attrib["y"]) < height
    bars = [each for each in root.findall(f"{NAMES}path") if each.attrib["stroke-width"] == "3"]
    assert len(bars) == 2


def test_words_of_a_trial_are_no_markup() -> None:
    hostile = replace(PAIN, label="</text><script>alert(1)</script> & more")
    svg = schedule_svg(
        schedule_of(with_weeks(5), (hostile,)), name="s", title="<b>", description="&"
    )
    root = ElementTree.fromstring(svg)
    assert not root.findall(f".//{NAMES}script")
    assert not re.search("<b>", svg)
