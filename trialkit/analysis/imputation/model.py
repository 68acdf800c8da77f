"""The imputation model: what each subject's outcome is expected to be, and how visits go together.

The method is in ``docs/methods/imputation.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, sequence_of_names
from trialkit.analysis.imputation.incomplete import IncompleteTrial, TrialColumns, read_incomplete
from trialkit.analysis.repeated.fit import mmrm
from trialkit.analysis.repeated.result import MmrmFit
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.repeated import CovarianceStructure, Inference, Likelihood
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ImputationModel(Tabular):
    """A repeated-measures model fitted to what is observed and not excluded by an event.

    ``profiles`` (n, d) hold what is particular to each subject; elements 1 to arms − 1 say the arm.
    """

    trial: IncompleteTrial
    fit: MmrmFit
    profiles: np.ndarray
    strata: tuple[str, ...]

    @property
    def title(self) -> str:
        """What the model is, in a line."""
        by = " by arm" if len(self.fit.parts.records.groups) > 1 else ""
        return (
            f"Imputation model of {self.trial.columns.outcome}: {self.fit.structure.value} covariance"
            f"{by}, {self.fit.likelihood.value}, {self.fit.n_subjects} of "
            f"{len(self.trial.subjects)} subjects with values"
        )

    @property
    def analysed(self) -> np.ndarray:
        """Which subjects have a value that the model uses, as numbers."""
        return np.asarray(self.fit.parts.cohort.subjects)

    def to_frame(self) -> pd.DataFrame:
        """How many values are observed, used by the model and missing, by arm and visit.

        Columns ``arm``, ``visit``, ``n``, ``observed``, ``used`` (by the model) and ``missing``.
        """
        trial = self.trial
        used = ~trial.missing & ~trial.affected.not_at_random
        rows = [
            (
                trial.arms[arm],
                trial.visits[v],
                int(of_arm.sum()),
                int((~trial.missing[of_arm, v]).sum()),
                int(used[of_arm, v].sum()),
                int(trial.missing[of_arm, v].sum()),
            )
            for arm in range(len(trial.arms))
            for of_arm in [trial.arm == arm]
            for v in range(len(trial.visits))
        ]
        return pd.DataFrame(rows, columns=["arm", "visit", "n", "observed", "used", "missing"])


@one_thread()
def imputation_model(
    frame: AnyFrame,
    *,
    outcome: str,
    subject: str,
    visit: str,
    arm: str,
    reference: object,
    covariates: Sequence[str] = (),
    covariates_by_visit: Sequence[str] = (),
    events: AnyFrame | None = None,
    covariance: CovarianceStructure | str = CovarianceStructure.UNSTRUCTURED,
    fallback: Sequence[CovarianceStructure | str] = (),
    covariance_by_arm: bool = False,
    method: Likelihood | str = Likelihood.REML,
    strata: Sequence[str] = (),
    order: Order | None = None,
) -> ImputationModel:
    """Fit the model from which missing values are imputed.

    ``frame`` has one row a subject and visit; rows may lack, but each subject has one. Fixed effects
    are the intercept, the covariates, arm, visit, arm by visit, and covariates by visit where asked;
    auxiliary variables, which the analysis does not have, are covariates, too. ``events`` is a frame
    with the columns ``subject``, ``visit`` (the first that is affected) and ``strategy`` (a name of
    :class:`ImputationStrategy`, or of a function given to :func:`impute`), one row a subject. Values
    observed after an event are used where its strategy is missing at random, and else left out.
    ``covariance_by_arm`` gives each arm a covariance matrix of its own. Bootstrap samples are drawn
    within arms, and within the columns ``strata``.

    Estimand
        The mean of each subject's outcome at each visit, and its covariance over visits, values
        being missing at random given those that the model uses.

    Reference
        Carpenter, Roger, Kenward, J Biopharm Stat 2013;23:1352. Wolbers and others, Pharm Stat
        2022;21:1246 (conditional means).

    Checked against
        ``tests/reference/imputation/rbmi_antidepressant.json`` (R rbmi), by way of the estimates.

    Raises ``AnalysisError`` for data that the model cannot use (as :func:`mmrm`), subjects without
    an arm or a covariate, and events of unknown subjects or visits.
    """
    plain = sequence_of_names(covariates, parameter="covariates")
    by_visit = sequence_of_names(covariates_by_visit, parameter="covariates_by_visit")
    within = sequence_of_names(strata, parameter="strata")
    columns = TrialColumns(outcome=outcome, subject=subject, visit=visit, arm=arm)
    trial = read_incomplete(
        as_pandas(frame),
        columns,
        reference=reference,
        events=None if events is None else as_pandas(events),
        needed=(*plain, *by_visit, *within),
        order=order,
    )
    likelihood = choose(Likelihood, method, parameter="method")
    modelled = np.where(trial.affected.not_at_random, np.nan, trial.outcome)
    fit = mmrm(
        trial.completed(modelled),
        outcome=outcome,
        subject=subject,
        visit=visit,
        arm=arm,
        reference=reference,
        covariates=plain,
        covariates_by_visit=by_visit,
        covariance=covariance,
        fallback=fallback,
        covariance_by=arm if covariance_by_arm else None,
        method=likelihood,
        inference=Inference.SATTERTHWAITE,
        order=order,
    )
    if fit.parts.model.structure.has_own_times:
        raise AnalysisError("an imputation model needs times that all subjects have in common")
    return ImputationModel(trial=trial, fit=fit, profiles=fit.parts.design.profiles, strata=within)
