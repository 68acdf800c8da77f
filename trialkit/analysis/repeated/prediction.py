"""What the model expects at visits that were not observed, given those that were."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conditional:
    """The unobserved visits of one subject given the observed ones.

    ``estimate`` has the covariance ``residual`` of a new value around its conditional mean and, the
    fixed effects being estimated, ``covariance`` of the prediction error; the covariance parameters
    count as known in both.
    """

    visit: np.ndarray
    estimate: np.ndarray
    residual: np.ndarray
    covariance: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Predictions(Tabular):
    """Predictions of the visits not observed, subject by subject.

    ``left_out`` lists the subject–visits that cannot be predicted, with the reason.
    """

    subjects: tuple[object, ...]
    visits: tuple[object, ...]
    conditionals: tuple[Conditional, ...]
    left_out: pd.DataFrame

    @property
    def title(self) -> str:
        """What the result is, in a line."""
        count = sum(len(each.visit) for each in self.conditionals)
        return f"Predictions of {count} visits not observed, given those observed"

    def to_frame(self) -> pd.DataFrame:
        """One row a prediction: subject, visit, estimate, sd (of a new value), se (of the error)."""
        subject = [
            who
            for who, each in zip(self.subjects, self.conditionals, strict=True)
            for _ in each.visit
        ]
        none = [np.zeros(0)]
        codes = np.concatenate([each.visit for each in self.conditionals] or none).astype(int)
        sd = [np.sqrt(np.diag(each.residual)) for each in self.conditionals]
        se = [np.sqrt(np.diag(each.covariance)) for each in self.conditionals]
        return pd.DataFrame(
            {
                "subject": subject,
                "visit": [self.visits[code] for code in codes],
                "estimate": np.concatenate([each.estimate for each in self.conditionals] or none),
                "sd": np.concatenate(sd or none),
                "se": np.concatenate(se or none),
            }
        )

    def covariance(self, subject: object) -> pd.DataFrame:
        """The covariance of the prediction errors of one subject, by visit."""
        found = self.conditionals[self.subjects.index(subject)]
        names = [self.visits[each] for each in found.visit]
        return pd.DataFrame(found.covariance, index=names, columns=names)


def predict_given(
    *,
    rows: np.ndarray,
    observed: np.ndarray,
    wanted: np.ndarray,
    residual: np.ndarray,
    sigma: np.ndarray,
    beta: np.ndarray,
    phi: np.ndarray,
) -> Conditional:
    """The visits ``wanted`` given ``residual`` at the visits ``observed``, of one subject.

    ``rows`` (visit, p) is the design at all visits and ``sigma`` (visit, visit) their covariance.
    """
    seen, new = np.flatnonzero(observed), np.flatnonzero(wanted)
    regression = np.linalg.solve(sigma[np.ix_(seen, seen)], sigma[np.ix_(seen, new)]).T
    spread = sigma[np.ix_(new, new)] - regression @ sigma[np.ix_(seen, new)]
    lever = rows[new] - regression @ rows[seen]
    return Conditional(
        visit=new,
        estimate=rows[new] @ beta + regression @ residual[seen],
        residual=spread,
        covariance=spread + lever @ phi @ lever.T,
    )
