"""What a site may read is one list, which an eye has read; no message changes unseen."""

import re

import pytest

from tests.checks.site_messages import LIST, messages


@pytest.mark.slow
def test_every_message_that_a_site_may_read_is_in_the_list() -> None:
    assert messages() == LIST.read_text(encoding="utf-8"), (
        "read what changed as a site would, then run python -m tests.checks.site_messages"
    )


@pytest.mark.parametrize(
    ("what", "sign"),
    [
        ("an arm", r"\barm [A-Z]\b|randomised to [A-Z]"),
        ("a quartile", "middle half|quartile"),
    ],
)
def test_no_message_shows(what: str, sign: str) -> None:
    asked = LIST.read_text(encoding="utf-8").partition("\n\n")[0].splitlines()[1:]
    assert len(asked) > 30
    assert [line for line in asked if re.search(sign, line)] == [], what
