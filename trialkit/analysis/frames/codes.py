"""Numbers that may be codes: a site written 1, 2, 3 is no quantity, and a slope over it says nothing."""

import re

import numpy as np

from trialkit.errors import AnalysisError

NAMES_OF_GROUPS = frozenset(
    [
        "site",
        "sites",
        "centre",
        "center",
        "clinic",
        "hospital",
        "practice",
        "institution",
        "ward",
        "school",
        "class",
        "classroom",
        "group",
        "cluster",
        "block",
        "stratum",
        "strata",
        "region",
        "country",
        "state",
        "district",
        "city",
        "province",
        "village",
        "ethnicity",
        "race",
        "nationality",
        "occupation",
        "therapist",
        "surgeon",
        "physician",
        "rater",
        "assessor",
        "investigator",
        "operator",
        "cohort",
        "wave",
        "batch",
        "diagnosis",
        "indication",
    ]
)
"""What is a name and not an amount, however it is written."""
OF_CODES = frozenset(
    [
        "id",
        "code",
        "coded",
        "no",
        "nr",
        "num",
        "number",
        "name",
        "nm",
        "cd",
        "study",
        "trial",
        "treatment",
        "treating",
        "recruiting",
    ]
)
"""What stands beside such a name without making it an amount, as in ``site_id``."""


def refuse_codes(values: np.ndarray, name: str, *, parameter: str) -> None:
    """Ask about a covariate of three or more whole numbers that is called what has no amount.

    Of two values a number and a category are the same model. Raises :class:`AnalysisError`.
    """
    words = re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower())
    if not _is_a_group(words):
        return
    known = np.unique(values[~np.isnan(values)])
    if len(known) < 3 or not np.array_equal(known, np.floor(known)):
        return
    shown = [int(each) for each in known]
    listed = ", ".join(map(str, shown[:5])) + (", …" if len(shown) > 5 else "")
    example = ", ".join(map(str, shown[:3])) + (", …" if len(shown) > 3 else "")
    raise AnalysisError(
        f"{parameter}={name!r} is written in whole numbers ({listed}), which may be codes: taken as a "
        "number it would have one slope from the first to the last",
        advice=f"where they are codes, pass order={{{name!r}: [{example}]}} or make the column text; where it "
        "is an amount, rename it after what it counts",
    )


def _is_a_group(words: list[str]) -> bool:
    """Whether a name is of a group, alone or with what codes are called."""
    whole = [each for each in words if each not in OF_CODES]
    if len(whole) != 1:
        return False
    return whole[0] in NAMES_OF_GROUPS or any(
        whole[0] == group + code for group in NAMES_OF_GROUPS for code in OF_CODES
    )
