"""The flow before there are participants says what is asked, and no number."""

import re

from tests.report.factory import made_up_protocol
from trialkit.report.plan.shells.asked import AskedFlow
from trialkit.report.plan.shells.flow_shell import flow_shell


def test_every_arm_has_its_boxes_and_no_count() -> None:
    figure = flow_shell(made_up_protocol(arms=3), AskedFlow(lost=("Moved",), received=True))
    for label in ("Arm 0", "Arm 1", "Arm 2"):
        assert f"Allocated to {label}" in figure.svg
    assert figure.svg.count("Moved") == 3 + figure.description.count("Moved")
    assert not re.search(r"n\W=\W[0-9]", figure.svg)
    assert figure.description.endswith("Each number is still to come.")


def test_what_no_form_asks_is_said_to_be_not_collected() -> None:
    figure = flow_shell(made_up_protocol(), AskedFlow())
    assert "(not collected)" in " ".join(re.findall(r">([^<]*)</text>", figure.svg))
