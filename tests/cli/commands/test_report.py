"""``trialkit report --package``: what does not go with it is refused before anything is read."""

import pytest

from trialkit.cli.commands.report import run
from trialkit.cli.options import build_parser
from trialkit.errors import ReportError


@pytest.mark.parametrize("other", [["--out", "elsewhere"], ["--pooled"]])
def test_a_package_is_an_article_of_all_arms_in_one_folder(other: list[str]) -> None:
    arguments = build_parser().parse_args(["report", "nowhere", "--package", "packed", *other])
    with pytest.raises(ReportError, match=f"^{other[0]} does not go with --package"):
        run(arguments)
