"""What must hold of families: their members, their order, and that p values are adjusted once."""

from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.linear_models import ContrastAdjustment
from trialkit.protocol.tables.definitions import Complaints, shown
from trialkit.protocol.tables.raw_tables import Table, codes, rows, text, texts

_NO_FAMILY_WISE_ERROR = (
    Adjustment.BENJAMINI_HOCHBERG.value,
    Adjustment.BENJAMINI_YEKUTIELI.value,
)


def complain_of_families(raw: Table, complaints: Complaints) -> None:
    """Add a complaint for each family that its analyses or its place say something against."""
    _families_have_members(raw, complaints)
    _gates_stand_before_what_they_open(raw, complaints)
    _p_values_are_adjusted_once(raw, complaints)


def _families_have_members(raw: Table, complaints: Complaints) -> None:
    """Unless an analysis names a family that is not there: that name may be the misspelt one."""
    families = codes(raw, "families")
    named = [text(each, "family") for _, each in rows(raw, "analyses")]
    if any(name and name not in families for name in named):
        return
    for code in dict.fromkeys(families):
        if code not in named:
            complaints.add(
                table=f"families {shown(code)}",
                key="code",
                found="no analysis with this family",
                expected="one or more, or no such family",
            )


def _gates_stand_before_what_they_open(raw: Table, complaints: Complaints) -> None:
    """A family opens only after an earlier one that keeps the family-wise error."""
    earlier: dict[str, str] = {}
    for table, each in rows(raw, "families"):
        gate = text(each, "after")
        if gate and gate not in earlier:
            complaints.add(
                table=table,
                key="after",
                found=shown(gate),
                expected="the code of a family further up",
            )
        elif gate and not _keeps_the_error(raw, gate, earlier[gate]):
            complaints.add(
                table=table,
                key="after",
                found=f"{gate!r}, whose adjustment is {earlier[gate]!r}",
                expected="a family further up whose adjustment keeps the family-wise error, such "
                "as holm; none does so for a single hypothesis alone",
            )
        earlier[text(each, "code")] = text(each, "adjustment")


def _keeps_the_error(raw: Table, family: str, adjustment: str) -> bool:
    if adjustment != Adjustment.NONE.value:
        return adjustment not in _NO_FAMILY_WISE_ERROR
    outcomes = [
        outcome
        for _, each in rows(raw, "analyses")
        if text(each, "family") == family
        for outcome in texts(each, "outcomes")
    ]
    contrasts = len(rows(raw, "treatments") or rows(raw, "arms")) - 1
    return len(outcomes) * contrasts <= 1


def _p_values_are_adjusted_once(raw: Table, complaints: Complaints) -> None:
    """Two adjusted p values of one comparison leave a reader to choose."""
    adjustments = {
        text(each, "code"): text(each, "adjustment") for _, each in rows(raw, "families")
    }
    for table, each in rows(raw, "analyses"):
        own = text(each, "adjustment")
        family = text(each, "family")
        shared = adjustments.get(family, "")
        none = ("", Adjustment.NONE.value)
        if own in list(ContrastAdjustment) and own not in none and shared not in none:
            complaints.add(
                table=table,
                key="adjustment",
                found=f"{own!r}, beside {shared!r} of the family {family!r}",
                expected="one of the two, the other 'none'",
            )
