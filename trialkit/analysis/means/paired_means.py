"""Comparison of two measurements of the same subjects, within each arm, for description."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, column, levels, numbers
from trialkit.analysis.frames.groups import check_level, contrast_label, excluded_rows
from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
from trialkit.analysis.means.signed_rank import SignedRankTest, signed_rank
from trialkit.analysis.means.standardised import StandardisedDifference, standardised_change
from trialkit.analysis.means.t_tests import TTest, paired_differences, paired_t
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import Alternative, IncompletePairs, PairedMethod
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedContrast:
    """Second minus first measurement in one arm, or in all subjects (``arm`` is None).

    ``hedges`` is None for rank tests and where the pairs are too few; ``note`` then says so.
    """

    arm: str | None
    contrast: str
    n: int
    test: TTest | SignedRankTest
    hedges: StandardisedDifference | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PairedComparison(Tabular):
    """What ``compare_paired`` found; ``excluded`` lists the subjects without a pair."""

    method: PairedMethod
    outcome: str
    within: str
    alternative: Alternative
    conf_level: float
    contrasts: tuple[PairedContrast, ...]
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """The method, the outcome and what is paired."""
        return f"{self.outcome} by {self.within}, within subjects: {self.method.value}"

    def to_frame(self) -> pd.DataFrame:
        """One row a contrast, in each arm where arms were named."""
        return pd.DataFrame([_paired_row(each, self) for each in self.contrasts])


def compare_paired(
    frame: AnyFrame,
    *,
    outcome: str,
    subject: str,
    within: str,
    reference: object,
    arm: str | None = None,
    method: PairedMethod | str = PairedMethod.PAIRED_T,
    incomplete: IncompletePairs | str = IncompletePairs.REFUSE,
    alternative: Alternative | str = Alternative.TWO_SIDED,
    conf_level: float = 0.95,
    order: Order | None = None,
) -> PairedComparison:
    """Compare measurements of the same subjects, within each arm, for description.

    Estimand
        Each other level of ``within`` minus ``reference`` in the same subjects: the mean change
        (``paired_t``), or the pseudo-median of the changes (``wilcoxon_signed_rank`` …), in the
        outcome's unit. It describes an arm and says nothing about a difference between arms.

    Reference
        Student. Biometrika 1908;6:1-25. Wilcoxon F. Biometrics Bull 1945;1:80-83. Pratt JW. J Am
        Stat Assoc 1959;54:655-667.

    Checked against
        ``tests/reference/between/paired_sleep.json`` (R stats, coin, effectsize)

    ``frame`` is long: one row a subject and level of ``within``. A subject that lacks a value at
    either level is an error, or is left out and listed in ``.excluded`` with
    ``incomplete="exclude"``. Never is a paired test turned into an unpaired one.
    Raises :class:`AnalysisError` too for a subject with two rows of a level, or with two arms.
    """
    frame = as_pandas(frame)
    kind = choose(PairedMethod, method, parameter="method")
    rule = choose(IncompletePairs, incomplete, parameter="incomplete")
    side = choose(Alternative, alternative, parameter="alternative")
    check_level(conf_level)
    wide, arms = _pair(
        frame, outcome=outcome, subject=subject, within=within, reference=reference,
        arm=arm, order=order,
    )  # fmt: skip
    others = [name for name in wide.columns if name != reference]
    excluded = [_unpaired(wide, each, reference=reference, within=within) for each in others]
    unpaired = pd.concat(excluded, ignore_index=True)
    if len(unpaired) and rule is IncompletePairs.REFUSE:
        named = ", ".join(str(each) for each in unpaired["subject"].unique()[:5])
        raise AnalysisError(
            f"{unpaired['subject'].nunique()} subject(s) lack one value of {outcome!r} of a pair "
            f"({named}); complete them or pass incomplete='exclude', which lists them"
        )
    contrasts = []
    for label, members in arms:
        for each in others:
            pairs = wide.loc[members, [each, reference]].dropna()
            contrast = contrast_label(str(each), str(reference))
            contrasts.append(
                _paired(kind, pairs, contrast, where=label, side=side, conf_level=conf_level)
            )
    return PairedComparison(
        method=kind,
        outcome=outcome,
        within=within,
        alternative=side,
        conf_level=conf_level,
        contrasts=tuple(contrasts),
        excluded=unpaired,
    )


def _paired(
    kind: PairedMethod,
    pairs: pd.DataFrame,
    contrast: str,
    *,
    where: str | None,
    side: Alternative,
    conf_level: float,
) -> PairedContrast:
    second, first = pairs.iloc[:, 0].to_numpy(), pairs.iloc[:, 1].to_numpy()
    if len(pairs) < 2:
        place = "" if where is None else f" in arm {where}"
        raise AnalysisError(f"a paired test needs 2 pairs, got {len(pairs)}{place}")
    test: TTest | SignedRankTest
    hedges, note = None, ""
    if kind is PairedMethod.PAIRED_T:
        test = paired_t(second, first, alternative=side, conf_level=conf_level)
        try:
            hedges = standardised_change(paired_differences(second, first), conf_level=conf_level)
        except AnalysisError as error:  # the test that was asked for stands without it
            note = f"no Hedges g: {error.reason}"
    else:
        test = signed_rank(second, first, method=kind, alternative=side, conf_level=conf_level)
    return PairedContrast(
        arm=where, contrast=contrast, n=len(pairs), test=test, hedges=hedges, note=note
    )


def _pair(
    frame: pd.DataFrame,
    *,
    outcome: str,
    subject: str,
    within: str,
    reference: object,
    arm: str | None,
    order: Order | None,
) -> tuple[pd.DataFrame, tuple[tuple[str | None, np.ndarray], ...]]:
    """One row a subject and one column a level; and the members of each arm."""
    values = numbers(frame, outcome, parameter="outcome")
    refuse_unworkable_size(values, outcome)
    subjects = column(frame, subject, parameter="subject")
    codes, stated = levels(frame, within, parameter="within", order=order, reference=reference)
    if len(stated) < 2:
        raise AnalysisError(f"within={within!r} has one level, {stated[0]!r}: nothing to pair")
    if bool(subjects.isna().any()) or bool((codes < 0).any()):
        raise AnalysisError(f"a paired comparison needs {subject!r} and {within!r} in every row")
    rows = pd.DataFrame({"subject": subjects.to_numpy(), "level": codes, "value": values})
    twice = rows[rows.duplicated(["subject", "level"])]
    if len(twice):
        first = twice.iloc[0]
        raise AnalysisError(
            f"subject {first['subject']} has two rows of {within} {stated[int(first['level'])]}"
        )
    wide = rows.set_index(["subject", "level"])["value"].unstack("level")  # noqa: PD010 (unique)
    wide = wide.reindex(columns=range(len(stated)))
    wide.columns = pd.Index(stated, dtype=object)
    if arm is None:
        return wide, ((None, np.ones(len(wide), dtype=bool)),)
    arm_of, arms = levels(frame, arm, parameter="arm", order=order, keep_empty=False)
    if (arm_of < 0).any():
        raise AnalysisError(f"a paired comparison within arms needs {arm!r} in every row")
    of_subject = pd.DataFrame({"subject": subjects.to_numpy(), "arm": arm_of}).drop_duplicates()
    changed = of_subject[of_subject.duplicated("subject")]
    if len(changed):
        raise AnalysisError(f"subject {changed['subject'].iloc[0]} stands in two arms")
    in_arm = of_subject.set_index("subject")["arm"].reindex(wide.index).to_numpy()
    return wide, tuple((str(name), in_arm == index) for index, name in enumerate(arms))


def _unpaired(wide: pd.DataFrame, level: object, *, reference: object, within: str) -> pd.DataFrame:
    """The subjects that lack a value at ``level`` or at ``reference``."""
    return excluded_rows(
        wide.reset_index(),
        subject="subject",
        reasons=(
            (wide[reference].isna().to_numpy(), f"no value at {within} {reference}"),
            (wide[level].isna().to_numpy(), f"no value at {within} {level}"),
        ),
    )


def _paired_row(each: PairedContrast, of: PairedComparison) -> dict[str, object]:
    row: dict[str, object] = {} if each.arm is None else {"arm": each.arm}
    row |= {"contrast": each.contrast, "method": of.method.value}
    row |= {field.name: getattr(each.test, field.name) for field in fields(each.test)}
    row |= {"conf_level": of.conf_level, "alternative": of.alternative.value}
    if of.method is PairedMethod.PAIRED_T:
        found = each.hedges
        row |= {
            "hedges_g": float("nan") if found is None else found.estimate,
            "hedges_g_conf_low": float("nan") if found is None else found.conf_low,
            "hedges_g_conf_high": float("nan") if found is None else found.conf_high,
            "note": each.note,
        }
    return row | {"n": each.n}
