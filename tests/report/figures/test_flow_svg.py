from xml.etree import ElementTree

import pytest

from tests.report.figures.test_flow_entries import disposition
from trialkit.report.figures.flow_entries import describe_flow, flow_entries
from trialkit.report.figures.flow_layout import lay_out
from trialkit.report.figures.flow_svg import flow_svg

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert("x")</script> & {{ 7 * 7 }} \u05e9\u05dc\u05d5\u05dd \x0b 疼痛'


def drawn(*, arms: int = 2, reason: str = "Moved", synthetic: str = "") -> str:
    one = disposition(arms=arms, reason=reason)
    return flow_svg(
        lay_out(flow_entries(one)),
        title="Participant flow",
        description=describe_flow(flow_entries(one)),
        synthetic=synthetic,
    )


@pytest.mark.parametrize("arms", [2, 3, 4, 5, 6])
def test_the_drawing_is_well_formed_and_accessible(arms: int) -> None:
    root = ElementTree.fromstring(drawn(arms=arms))
    assert root.get("role") == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text == "Participant flow"
    assert description is not None
    assert "Randomised" in (description.text or "")
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


def test_hostile_words_are_words() -> None:
    text = drawn(reason=HOSTILE, synthetic=HOSTILE)
    root = ElementTree.fromstring(text)
    assert root.find(f".//{SVG}script") is None
    assert "<script" not in text
    assert "\x0b" not in text


def test_a_synthetic_trial_is_labelled_in_the_picture() -> None:
    label = "Synthetic re-enactment; not data of ISRCTN14488937"
    assert label in drawn(synthetic=label)
    assert "Synthetic" not in drawn()


def test_the_same_flow_gives_the_same_bytes() -> None:
    assert drawn(arms=3) == drawn(arms=3)
