"""Each contrast says over which strata it is pooled, and how many of those analysed they hold."""

from tests.planned.every_method import SEX, Damage, damaged, every_method
from tests.planned.hand import Rows
from trialkit.planned.methods.stratified_proportions import state_stratified
from trialkit.planned.task.task import tasks
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.results.vocabulary import Stat

WOMEN = (0, 1, 2, 3, 8, 9, 10, 11)
"""Half of the first two arms, and nobody of the third."""


def test_a_stratum_without_the_third_arm_is_left_out_of_its_contrast_alone() -> None:
    protocol = every_method()
    men = tuple(person for person in range(24) if person not in WOMEN)
    harm = [
        Damage(column=SEX, people=WOMEN, value=0),
        Damage(column=SEX, people=men, value=1),
    ]
    task = next(
        each
        for each in tasks(protocol, damaged(protocol, harm))
        if isinstance(each.analysis.specification, StratifiedProportions)
    )
    rows = Rows(state_stratified(task, StratifiedProportions(strata=SEX)))
    assert [rows.value(Stat.N, visit="V2", arm=arm) for arm in ("A0", "A1", "A2")] == [8, 8, 8]
    both, one = (
        rows.row(Stat.P_VALUE, visit="V2", term=f"{arm} - A0").note for arm in ("A1", "A2")
    )
    assert both == "over 2 strata of Sex"
    assert one == "over 1 stratum of Sex with 12 of the 16 analysed in both arms"
