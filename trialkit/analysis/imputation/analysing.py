"""The analysis of every imputed data set.

The method is in ``docs/methods/imputation.md``.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.imputation.deltas import added_values
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova, batched_ancova
from trialkit.analysis.imputation.imputing import Imputations
from trialkit.analysis.imputation.sequential import SequentialImputations
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import DrawMethod
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat

_LOG = "log_estimate"

FrameAnalysis = Callable[[pd.DataFrame], "Tabular | pd.DataFrame"]
"""An analysis of one data set, with columns ``estimate``, ``se`` and, where it has one, ``df``."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ImputedAnalyses(Tabular):
    """The estimates of each imputed data set (K), a column for each row that an analysis has.

    Analyses of resampled subjects have no variances of their own: theirs comes of the resamples.
    ``logarithmic`` estimates are logarithms of ratios.
    """

    method: DrawMethod
    nested: int
    by: tuple[str, ...]
    keys: tuple[tuple[object, ...], ...]
    estimates: np.ndarray  # (K, row)
    variances: np.ndarray  # (K, row)
    df: np.ndarray  # (K, row)
    logarithmic: bool = False

    @property
    def title(self) -> str:
        """What was analysed, in a line."""
        return f"Analyses of {len(self.estimates)} imputed data sets ({self.method.value})"

    def to_frame(self) -> pd.DataFrame:
        """A row for each data set and row of its analysis: ``imputation``, keys and estimates."""
        count, rows = self.estimates.shape
        frame = pd.DataFrame({"imputation": np.repeat(np.arange(count), rows)})
        for at, name in enumerate(self.by):
            frame[name] = [key[at] for key in self.keys] * count
        return frame.assign(
            estimate=self.estimates.ravel(),
            se=np.sqrt(self.variances).ravel(),
            df=self.df.ravel(),
        )


@one_thread()
def analyse_imputations(
    imputations: Imputations | SequentialImputations,
    analysis: ImputedAncova | FrameAnalysis,
    *,
    by: Sequence[str] = (),
    deltas: AnyFrame | None = None,
) -> ImputedAnalyses:
    """Analyse every imputed data set.

    Estimand
        That of the analysis. :class:`ImputedAncova` analyses many data sets at once, and has the rows
        ``visit``, ``quantity`` (difference from the reference arm, or adjusted mean) and ``arm``; any
        other ``analysis`` is called with one data set after the other (every subject with every visit)
        and gives a frame with ``estimate``, ``se`` and maybe ``df``, of which ``by`` are the columns
        that name a row. Where it gives ``log_estimate``, too, its ``se`` belongs to that, and logarithms
        are pooled. Deltas are added to the values before.

    Reference
        Rubin, Multiple imputation for nonresponse in surveys, 1987. Roger, the "five macros".

    Checked against
        ``tests/reference/imputation/rbmi_antidepressant.json`` (R rbmi)

    Raises ``AnalysisError`` for an analysis without these columns, or with other rows in another data
    set, and what the analysis itself raises.
    """
    if isinstance(imputations, SequentialImputations):
        if isinstance(analysis, ImputedAncova) or deltas is not None:
            raise AnalysisError(
                "imputations of yes-or-no outcomes and counts are analysed by a function of a frame, and "
                "their deltas are given where they are imputed"
            )
        return _one_by_one(
            analysis,
            tuple(by),
            method=imputations.method,
            nested=1,
            frames=map(imputations.data_set, range(imputations.n_imputations)),
        )
    added = added_values(imputations, None if deltas is None else as_pandas(deltas))
    if isinstance(analysis, ImputedAncova):
        return _by_ancova(imputations, analysis, added)
    return _one_by_one(
        analysis,
        tuple(by),
        method=imputations.draws.method,
        nested=imputations.draws.nested,
        frames=_data_sets(imputations, added),
    )


def _data_sets(imputations: Imputations, added: np.ndarray | None) -> Iterator[pd.DataFrame]:
    """Each imputed data set as a frame, with what is added to its values."""
    outcome = imputations.draws.trial.columns.outcome
    for number in range(imputations.n_imputations):
        frame = imputations.data_set(number)
        if added is not None:
            subjects, _ = imputations.sample(number)
            frame[outcome] = frame[outcome] + added[subjects].ravel()
        yield frame


def _by_ancova(
    imputations: Imputations, asked: ImputedAncova, added: np.ndarray | None
) -> ImputedAnalyses:
    draws = imputations.draws
    trial = draws.trial
    model = batched_ancova(trial, asked)
    missing = trial.missing
    known = trial.outcome if added is None else trial.outcome + added
    found = []
    for some, values in imputations.chunks():
        outcomes = np.repeat(known[None], len(values), axis=0)
        outcomes[:, missing] = values if added is None else values + added[missing]
        counts = None
        if draws.counts is not None:
            counts = np.repeat(draws.counts[some], draws.nested, axis=0)
        found.append(model.estimate(outcomes, counts))
    estimates, variances, df = (np.concatenate([each[k] for each in found]) for k in range(3))
    return ImputedAnalyses(
        method=draws.method,
        nested=draws.nested,
        by=("visit", "quantity", "arm"),
        keys=model.keys,
        estimates=estimates,
        variances=variances,
        df=df,
    )


def _one_by_one(
    analysis: FrameAnalysis,
    by: tuple[str, ...],
    *,
    method: DrawMethod,
    nested: int,
    frames: Iterable[pd.DataFrame],
) -> ImputedAnalyses:
    rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    keys: tuple[tuple[object, ...], ...] = ()
    logarithmic = False
    for number, frame in enumerate(frames):
        found = analysis(frame)
        table = found.to_frame() if isinstance(found, Tabular) else found
        own, numbers = _read(table, by, needs_variance=not method.resamples_subjects)
        logarithmic = _LOG in table.columns
        if number and own != keys:
            raise AnalysisError(
                f"the analysis of imputation {number} has the rows {list(own)}, that of the first "
                f"{list(keys)}"
            )
        keys = own
        rows.append(numbers)
    estimates, variances, df = (np.stack([each[k] for each in rows]) for k in range(3))
    return ImputedAnalyses(
        method=method,
        nested=nested,
        by=by,
        keys=keys,
        estimates=estimates,
        variances=variances,
        df=df,
        logarithmic=logarithmic,
    )


def _read(
    table: pd.DataFrame, by: tuple[str, ...], *, needs_variance: bool
) -> tuple[tuple[tuple[object, ...], ...], tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The keys of the rows, and their estimates, variances and degrees of freedom."""
    if not isinstance(table, pd.DataFrame):
        raise AnalysisError(f"the analysis must give a frame, got {type(table).__name__}")
    estimate, se, df = Stat.ESTIMATE.value, Stat.SE.value, Stat.DF.value
    needed = [*by, estimate, *([se] if needs_variance else [])]
    lacking = [name for name in needed if name not in table.columns]
    if lacking:
        raise AnalysisError(
            f"the analysis gives no column {', '.join(lacking)}; it has "
            f"{', '.join(map(str, table.columns))}"
        )
    if table.duplicated(list(by)).any() if by else len(table) != 1:
        raise AnalysisError(
            "the analysis gives several rows of the same name",
            advice="name the columns that tell them apart in by",
        )
    column = _LOG if _LOG in table.columns else estimate
    values = table[column].to_numpy(dtype=float, na_value=np.nan)
    errors = np.full(len(table), np.nan)
    if se in table.columns:
        errors = table[se].to_numpy(dtype=float, na_value=np.nan)
    freedom = np.full(len(table), np.inf)
    if df in table.columns:
        freedom = table[df].to_numpy(dtype=float, na_value=np.inf)
    keys = tuple(map(tuple, table[list(by)].to_numpy(dtype=object).tolist())) if by else ((),)
    return keys, (values, errors**2, freedom)
