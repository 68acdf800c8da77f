"""What can be asked of every model of arms over visits or in clusters, however it was fitted."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.gee.long_rows import LongRows
from trialkit.analysis.gee.visit_contrasts import MEASURES, arm_contrasts
from trialkit.analysis.generalised.named_ratios import NamedModel
from trialkit.analysis.linear.named_contrasts import NOWHERE
from trialkit.protocol.methods.generalised_models import ResponseFamily
from trialkit.results.pictures import PictureKind, Pictures, effects_picture, means_picture
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FixedEffects:
    """The ``estimates`` (p,) on the scale of the link, their ``covariance`` (p, p), and t's ``df``."""

    estimates: np.ndarray
    covariance: np.ndarray
    df: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ArmsOverVisits(Tabular, ABC):
    """Arms compared over visits, or with ``by_visit`` at each, in rows of subjects or clusters."""

    outcome: str
    family: ResponseFamily
    reference: object
    by_visit: str | None
    long: LongRows

    @property
    @abstractmethod
    def fixed(self) -> FixedEffects:
        """The coefficients, with the errors in use."""

    @abstractmethod
    def contrasts(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """Each arm against the reference, over all visits or (``by_visit``) at each."""

    @property
    def n_subjects(self) -> int:
        """How many subjects are used."""
        return self.long.n_subjects

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.long.rows.excluded

    def pictures(self) -> Pictures:
        """What it can be drawn as."""
        return {
            PictureKind.EFFECTS: lambda: effects_picture(self.contrasts()),
            PictureKind.MEANS: lambda: means_picture(self.marginal_means(), upwards=self.outcome),
        }

    def to_frame(self) -> pd.DataFrame:
        """The contrasts, with 95 % limits."""
        return self.contrasts()

    def contrast(
        self,
        arm: object,
        visit: object = None,
        *,
        at: Mapping[str, object] = NOWHERE,
        conf_level: float = 0.95,
    ) -> pd.DataFrame:
        """A contrast by the names of arms and (``by_visit``) visits, in a row.

        ``arm`` is an arm (against the reference), a pair ``("A", "B")`` or weights by arm that sum to 0;
        ``visit`` is a visit, a pair or weights by visit; ``at`` holds covariates. Columns as of
        :meth:`contrasts`. Raises ``AnalysisError`` with the names that there are for one that is not known.
        """
        return self._named.contrast(arm, visit, at=at, conf_level=conf_level)

    def marginal_means(
        self, *, at: Mapping[str, object] = NOWHERE, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """What is expected in each arm where covariates stand ``at`` values or at their average.

        Columns ``arm``, ``visit`` (``by_visit``), ``estimate`` (a probability, a rate for one unit of
        exposure, or a mean), ``conf_low``, ``conf_high``, ``conf_level``. It is of a subject (in a model
        with random intercepts one of average intercept) and no average over people: that is what
        ``standardised_risks`` gives.
        """
        return self._named.means(at=at, conf_level=conf_level)

    def _contrasts(self, conf_level: float) -> pd.DataFrame:
        fixed = self.fixed
        return arm_contrasts(
            self.long,
            fixed.estimates,
            fixed.covariance,
            family=self.family,
            reference=self.reference,
            by_visit=self.by_visit,
            df=fixed.df,
            conf_level=conf_level,
        )

    @property
    def _named(self) -> NamedModel:
        fixed = self.fixed
        return NamedModel(
            design=self.long.model,
            arm=self.long.rows.arm,
            by_visit=self.by_visit,
            reference=self.reference,
            estimates=fixed.estimates,
            covariance=fixed.covariance,
            df=fixed.df,
            scale=MEASURES[self.family],
        )
