"""Comparison of a numeric outcome between arms.

The statistics are in ``t_tests``, ``one_way``, ``rank_tests`` and ``standardised``, on arrays; here
a frame is read, the method that was asked for is carried out, and the result names it.
"""

from dataclasses import dataclass, fields
from typing import assert_never

import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import (
    Groups,
    Sample,
    check_level,
    contrast_label,
    split_by_arm,
)
from trialkit.analysis.means.one_way import OmnibusTest, one_way_anova, welch_anova
from trialkit.analysis.means.rank_tests import (
    PermutationTest,
    RankTest,
    kruskal_wallis,
    mann_whitney,
    permutation_of_means,
)
from trialkit.analysis.means.standardised import (
    StandardisedDifference,
    standardised_difference,
)
from trialkit.analysis.means.t_tests import TTest, student_t, welch_t
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import (
    Alternative,
    MeansMethod,
    Standardiser,
)
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanContrast:
    """Experimental minus reference, as one method states it.

    ``hedges`` is None where the method has no standardised difference, or where these data have
    none; ``note`` then says why.
    """

    contrast: str
    method: MeansMethod
    test: TTest | RankTest | PermutationTest
    hedges: StandardisedDifference | None
    note: str
    experimental: Sample
    reference: Sample


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MeansComparison(Tabular):
    """What ``compare_means`` found; ``excluded`` lists the rows that it could not use."""

    method: MeansMethod
    outcome: str
    arm: str
    alternative: Alternative
    conf_level: float
    contrasts: tuple[MeanContrast, ...]
    omnibus: OmnibusTest | None
    samples: tuple[Sample, ...]
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """The method, the outcome and the arms."""
        return f"{self.outcome} by {self.arm}: {self.method.value}"

    def to_frame(self) -> pd.DataFrame:
        """One row a contrast (``contrast``), or the one row of an omnibus test (``term``)."""
        return pd.DataFrame(self.rows())

    def rows(self) -> list[dict[str, object]]:
        """What ``to_frame`` shows, each row by its columns."""
        if self.omnibus is not None:
            return [_omnibus_row(self.omnibus, term=self.arm, samples=self.samples)]
        return [_contrast_row(each, self) for each in self.contrasts]


def compare_means(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object | None = None,
    method: MeansMethod | str = MeansMethod.WELCH_T,
    alternative: Alternative | str = Alternative.TWO_SIDED,
    conf_level: float = 0.95,
    standardiser: Standardiser | str = Standardiser.POOLED,
    subject: str | None = None,
    order: Order | None = None,
) -> MeansComparison:
    """Compare a numeric outcome between independent arms.

    Estimand
        For the two-sample methods, each other arm minus ``reference``: the difference in means
        (``welch_t``, ``student_t``, ``permutation``) or the Hodges-Lehmann shift
        (``mann_whitney`` and its asymptotic forms), in the outcome's unit. For ``one_way_anova``,
        ``welch_anova`` and ``kruskal_wallis``, whether any arm differs: one row for all arms.

    Reference
        Welch BL. Biometrika 1947;34:28-35 and 1951;38:330-336. Mann HB, Whitney DR. Ann Math Stat
        1947;18:50-60. Hedges LV. J Educ Stat 1981;6:107-128. See ``docs/methods/``.

    Checked against
        ``tests/reference/between/cont_anorexia_change_CBT_Cont.json`` (R stats, coin, effectsize)

    ``frame`` has one row a subject; ``outcome`` is numeric; ``arm`` is an ordered categorical, or
    its order is in ``order``, or it holds the reference and one other level. Rows without outcome
    or arm are listed in ``.excluded``, by ``subject`` where given. With more than two arms each is
    compared with ``reference`` from the two arms' own data, without adjustment.
    The Hedges g of the t tests is standardised by the pooled SD unless ``standardiser`` says
    otherwise, and its interval is always two-sided; where the data have none (a standardiser of
    zero, one degree of freedom) it is blank, and the column ``note`` says why.

    Raises :class:`AnalysisError` for a ``subject`` with two rows, for an arm without values, for fewer than two subjects an arm
    (t tests, analyses of variance), for an outcome that does not vary, and for exact methods that
    would take too long.
    """
    frame = as_pandas(frame)
    kind = choose(MeansMethod, method, parameter="method")
    side = choose(Alternative, alternative, parameter="alternative")
    scale = choose(Standardiser, standardiser, parameter="standardiser")
    check_level(conf_level)
    groups = split_by_arm(
        frame, outcome=outcome, arm=arm, reference=reference, subject=subject, order=order
    )
    if kind.is_omnibus:
        contrasts: tuple[MeanContrast, ...] = ()
        omnibus = _omnibus(kind, groups, side)
    else:
        if reference is None:
            raise AnalysisError(f"method={kind.value!r} makes contrasts: name the reference arm")
        omnibus = None
        contrasts = tuple(
            _contrast(kind, experimental, control, side=side, scale=scale, conf_level=conf_level)
            for experimental, control in groups.against(reference)
        )
    return MeansComparison(
        method=kind,
        outcome=outcome,
        arm=arm,
        alternative=side,
        conf_level=conf_level,
        contrasts=contrasts,
        omnibus=omnibus,
        samples=groups.samples,
        excluded=groups.excluded,
    )


def _contrast(
    kind: MeansMethod,
    experimental: Sample,
    reference: Sample,
    *,
    side: Alternative,
    scale: Standardiser,
    conf_level: float,
) -> MeanContrast:
    test = _two_samples(kind, experimental, reference, side, conf_level)
    try:
        hedges, note = _hedges(kind, experimental, reference, scale, conf_level), ""
    except AnalysisError as error:  # the test that was asked for stands without it
        hedges, note = None, f"no Hedges g: {error.reason}"
    return MeanContrast(
        contrast=contrast_label(experimental.arm, reference.arm),
        method=kind,
        test=test,
        hedges=hedges,
        note=note,
        experimental=experimental,
        reference=reference,
    )


def _two_samples(
    kind: MeansMethod,
    experimental: Sample,
    reference: Sample,
    side: Alternative,
    conf_level: float,
) -> TTest | RankTest | PermutationTest:
    x, y = experimental.values, reference.values
    match kind:
        case MeansMethod.WELCH_T:
            return welch_t(x, y, alternative=side, conf_level=conf_level)
        case MeansMethod.STUDENT_T:
            return student_t(x, y, alternative=side, conf_level=conf_level)
        case (
            MeansMethod.MANN_WHITNEY
            | MeansMethod.MANN_WHITNEY_ASYMPTOTIC
            | MeansMethod.MANN_WHITNEY_CORRECTED
        ):
            return mann_whitney(x, y, method=kind, alternative=side, conf_level=conf_level)
        case MeansMethod.PERMUTATION:
            return permutation_of_means(x, y, alternative=side)
        case MeansMethod.ONE_WAY_ANOVA | MeansMethod.WELCH_ANOVA | MeansMethod.KRUSKAL_WALLIS:
            raise AnalysisError(f"{kind.value} makes no contrast")
        case _:
            assert_never(kind)


def _omnibus(kind: MeansMethod, groups: Groups, side: Alternative) -> OmnibusTest:
    if side is not Alternative.TWO_SIDED:
        raise AnalysisError(f"method={kind.value!r} has no direction; leave alternative out")
    values = tuple(sample.values for sample in groups.samples)
    match kind:
        case MeansMethod.ONE_WAY_ANOVA:
            return one_way_anova(values)
        case MeansMethod.WELCH_ANOVA:
            return welch_anova(values)
        case MeansMethod.KRUSKAL_WALLIS:
            return kruskal_wallis(values)
        case _:
            raise AnalysisError(f"{kind.value} is no omnibus test")


def _hedges(
    kind: MeansMethod,
    experimental: Sample,
    reference: Sample,
    scale: Standardiser,
    conf_level: float,
) -> StandardisedDifference | None:
    """Hedges' g, for the methods that estimate a difference of means by a t test."""
    if not kind.is_t_test:
        return None
    return standardised_difference(
        experimental.values, reference.values, standardiser=scale, conf_level=conf_level
    )


def _contrast_row(each: MeanContrast, of: MeansComparison) -> dict[str, object]:
    row: dict[str, object] = {"contrast": each.contrast, "method": of.method.value}
    row |= {field.name: getattr(each.test, field.name) for field in fields(each.test)}
    row |= _level(of.conf_level, of.alternative) | _standardised(each)
    row["n_experimental"] = each.experimental.n
    row["n_reference"] = each.reference.n
    row["mean_experimental"] = each.experimental.mean
    row["mean_reference"] = each.reference.mean
    return row


def _omnibus_row(test: OmnibusTest, *, term: str, samples: tuple[Sample, ...]) -> dict[str, object]:
    stated = {field.name: getattr(test, field.name) for field in fields(test)}
    stated["method"] = test.method.value
    known = {name: value for name, value in stated.items() if value is not None}
    return {"term": term} | known | {"n": sum(sample.n for sample in samples)}


def _level(conf_level: float, alternative: Alternative) -> dict[str, object]:
    return {"conf_level": conf_level, "alternative": alternative.value}


def _standardised(each: MeanContrast) -> dict[str, object]:
    """The columns of Hedges' g; blank, with the reason in ``note``, where these data have none."""
    names = ("hedges_g", "hedges_g_conf_low", "hedges_g_conf_high")
    if each.hedges is None:
        return dict.fromkeys(names, float("nan")) | {"note": each.note} if each.note else {}
    found = (each.hedges.estimate, each.hedges.conf_low, each.hedges.conf_high)
    stated = dict(zip(names, found, strict=True))
    return stated | {"standardiser": each.hedges.standardiser.value, "note": ""}
