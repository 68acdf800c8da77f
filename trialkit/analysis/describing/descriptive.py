"""Numbers that describe: each arm's subjects, at each visit, and how often each category occurs."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, levels, numbers
from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
from trialkit.results.tabular import Tabular

_LARGEST_LOGARITHM = float(np.log(np.finfo(float).max))


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSummary:
    """One outcome in one arm at one visit; what so few values do not have is NaN.

    ``sd`` has n − 1 in the denominator and needs two values; all others need one. Quartiles are
    R's type 7 (linear interpolation of the order statistics), numpy's default.
    """

    n: int
    n_missing: int
    mean: float
    sd: float
    median: float
    q1: float
    q3: float
    min: float
    max: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GeometricSummary:
    """Values above 0 of one outcome, summed up by their logarithms; what does not exist is NaN.

    ``mean`` is in the outcome's unit and needs one value, ``sd`` is a factor from 1 on and needs
    two. Where any value is 0 or below neither exists, and ``n_without_logarithm`` says how many.
    """

    mean: float
    sd: float
    n_without_logarithm: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Description(Tabular):
    """What ``describe`` or ``describe_categories`` counted, one row a cell of the table."""

    outcome: str
    frame: pd.DataFrame

    @property
    def title(self) -> str:
        """The outcome described."""
        return f"Description of {self.outcome}"

    def to_frame(self) -> pd.DataFrame:
        """One row an arm (and visit, and category), those without rows included."""
        return self.frame.copy()


def describe(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str | None = None,
    visit: str | None = None,
    order: Order | None = None,
) -> Description:
    """Describe a numeric outcome in each arm, at each visit.

    Estimand
        None: n, n_missing, mean, sd, median, q1, q3, min and max, in the outcome's unit.

    Reference
        Hyndman RJ, Fan Y. Am Stat 1996;50:361-365, definition 7 of the quantiles (R's
        default).

    Checked against
        ``tests/reference/between/cont_anorexia_change_CBT_Cont.json`` (R stats)

    One row of ``frame`` is one subject (at one visit). Every stated arm and visit has its row, also
    with n = 0; a statistic that does not exist there is missing. Rows without arm or visit are
    counted nowhere else and stand in a row with the arm or visit left blank.
    Raises :class:`AnalysisError` for an outcome that is not numeric, infinite or of a size whose
    squares cannot be computed, and for an arm or visit whose order nobody stated.
    """
    frame = as_pandas(frame)
    values = numbers(frame, outcome, parameter="outcome")
    refuse_unworkable_size(values, outcome)
    cells = _cells(frame, arm=arm, visit=visit, order=order)
    rows = []
    for named, members in cells:
        summary = summarise(values[members])
        rows.append(
            named | {name: getattr(summary, name) for name in ValueSummary.__dataclass_fields__}
        )
    return Description(outcome=outcome, frame=pd.DataFrame(rows))


def describe_categories(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str | None = None,
    visit: str | None = None,
    order: Order | None = None,
) -> Description:
    """Count the categories of an outcome in each arm, at each visit.

    Estimand
        None: ``n`` subjects with the category and ``percent`` of those with any category;
        ``n_missing`` have none.

    Reference
        Definition.

    Checked against
        ``tests/reference/between/bin_indo_rct_pep.json`` (counts)

    Categories are those stated, by an ordered categorical, ``order`` or True/False; one that does
    not occur is counted as 0. Percent is missing where nobody has a category.
    Raises :class:`AnalysisError` for categories, arms or visits whose order nobody stated.
    """
    frame = as_pandas(frame)
    flags = frame[outcome] if outcome in frame.columns else None
    if flags is not None and pd.api.types.is_bool_dtype(flags.dtype):
        frame = frame.assign(**{outcome: flags.astype(float)})
        codes, known = levels(frame, outcome, parameter="outcome", order={outcome: (0.0, 1.0)})
        known = ("no", "yes")
    else:
        codes, known = levels(frame, outcome, parameter="outcome", order=order)
    rows = []
    for named, members in _cells(frame, arm=arm, visit=visit, order=order):
        here = codes[members]
        present = int((here >= 0).sum())
        for index, category in enumerate(known):
            n = int((here == index).sum())
            rows.append(
                named
                | {
                    "category": str(category),
                    "n": n,
                    "percent": 100 * n / present if present else np.nan,
                    "n_with_any": present,
                    "n_missing": int((here < 0).sum()),
                }
            )
    return Description(outcome=outcome, frame=pd.DataFrame(rows))


def summarise(values: np.ndarray) -> ValueSummary:
    """The summary of values of which NaN are missing."""
    known = values[~np.isnan(values)]
    n = len(known)
    q1, median, q3 = np.quantile(known, [0.25, 0.5, 0.75]) if n else [np.nan] * 3
    return ValueSummary(
        n=n,
        n_missing=len(values) - n,
        mean=float(np.mean(known)) if n else np.nan,
        sd=_spread(known) if n > 1 else np.nan,
        median=float(median),
        q1=float(q1),
        q3=float(q3),
        min=float(known.min()) if n else np.nan,
        max=float(known.max()) if n else np.nan,
    )


def summarise_geometric(values: np.ndarray) -> GeometricSummary:
    """The geometric mean and the geometric standard deviation of values of which NaN are missing.

    Estimand
        exp(m) and exp(s) of the mean m and the standard deviation s (n - 1) of the natural
        logarithms: two thirds of log-normal values lie between mean / sd and mean x sd.

    Reference
        Kirkwood TBL. Biometrics 1979;35:908-909. Limpert E, Stahel WA, Abbt M. BioScience
        2001;51:341-352.

    Checked against
        ``scipy.stats.gmean`` and ``scipy.stats.gstd``, in
        ``tests/analysis/describing/test_geometric.py``

    No value is left out, and nothing is added to any, so that it has a logarithm. A spread beyond
    what a float holds is NaN.
    """
    known = values[~np.isnan(values)]
    without = int((known <= 0).sum())
    if without or not len(known):
        return GeometricSummary(mean=np.nan, sd=np.nan, n_without_logarithm=without)
    logarithms = np.log(known)
    spread = _spread(logarithms) if len(known) > 1 else np.nan
    mean = float(np.exp(logarithms.mean())) if np.ptp(known) > 0 else float(known[0])
    return GeometricSummary(
        mean=mean,
        sd=float(np.exp(spread)) if spread < _LARGEST_LOGARITHM else np.nan,
        n_without_logarithm=0,
    )


def _spread(values: np.ndarray) -> float:
    """The standard deviation, which is exactly zero where all values are alike."""
    return float(np.std(values, ddof=1)) if np.ptp(values) > 0 else 0.0


def _cells(
    frame: pd.DataFrame, *, arm: str | None, visit: str | None, order: Order | None
) -> list[tuple[dict[str, object], np.ndarray]]:
    """The rows of each arm and visit, those without rows included, then those of none."""
    cells: list[tuple[dict[str, object], np.ndarray]] = [({}, np.ones(len(frame), dtype=bool))]
    for parameter, name in (("arm", arm), ("visit", visit)):
        if name is None:
            continue
        codes, known = levels(frame, name, parameter=parameter, order=order)
        labels: list[tuple[int, str]] = [(index, str(level)) for index, level in enumerate(known)]
        if (codes < 0).any():
            labels.append((-1, ""))
        cells = [
            (named | {parameter: label}, members & (codes == index))
            for named, members in cells
            for index, label in labels
        ]
    return [
        (named, members) for named, members in cells if members.any() or "" not in named.values()
    ]
