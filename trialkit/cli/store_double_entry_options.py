"""The options of double entry: ``trialkit store again``, ``compare`` and ``adjudicate``."""

from collections.abc import Callable
from pathlib import Path

from trialkit.cli.identifier_option import add_show_identifiers
from trialkit.cli.store_places import Subparsers, acting, action


def add_double_entry_actions(actions: Subparsers, folder: Callable[[str], Path]) -> None:
    """A second entry, its comparison with the first, and decisions about differences."""
    again = action(
        actions,
        "again",
        "keep a second person's entry of rows of a form, beside the first one",
        folder,
    )
    again.add_argument(
        "file", metavar="FILE", type=Path, help="a CSV file with the key of the form and its items"
    )
    again.add_argument("--form", metavar="FORM", required=True, help="the form that it is of")
    acting(again)
    compare = action(
        actions,
        "compare",
        "where first and second entries differ, and how often they agree",
        folder,
    )
    compare.add_argument(
        "--to", metavar="FILE", type=Path, help="write every cell entered twice there, as .csv"
    )
    add_show_identifiers(compare, where="in the list of differences")
    adjudicate = action(
        actions, "adjudicate", "decide what stands where two entries differ", folder
    )
    adjudicate.add_argument("subject", metavar="SUBJECT", help="the participant")
    adjudicate.add_argument("answer", metavar="FORM.ITEM", help="the answer that differs")
    adjudicate.add_argument("value", metavar="VALUE", help="what stands from now on; '' for blank")
    adjudicate.add_argument("--visit", metavar="CODE", default="", help="at this visit")
    adjudicate.add_argument(
        "--number", "--repeat", metavar="N", default="", help="in the row of this number"
    )
    adjudicate.add_argument("--reason", metavar="TEXT", required=True, help="why")
    acting(adjudicate)
