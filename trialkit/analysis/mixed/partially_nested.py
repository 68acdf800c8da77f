"""Arms of which some are treated in groups and others singly. See ``docs/methods/linear_mixed_models.md``."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import arm_codes
from trialkit.analysis.linear.model_rows import read_model_rows
from trialkit.analysis.mixed.fitting import fit_mixed_model
from trialkit.analysis.mixed.groupings import read_groupings
from trialkit.analysis.mixed.linear_mixed_fit import LinearMixedFit
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.methods.mixed_models import MixedInference
from trialkit.protocol.methods.repeated import Likelihood
from trialkit.protocol.tables.choices import choose


@one_thread()
def partially_nested(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    cluster: str | Sequence[str],
    clustered_arms: Sequence[object],
    residual_by_arm: bool = False,
    nested: bool = False,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    method: Likelihood | str = Likelihood.REML,
    inference: MixedInference | str = MixedInference.KENWARD_ROGER,
    scale: OutcomeScale | str = OutcomeScale.IDENTITY,
    subject: str | None = None,
    order: Order | None = None,
) -> LinearMixedFit:
    """Arms compared where some are treated in groups (classes, therapists) and others singly.

    Estimand
        As in ``random_intercepts``; the groups are taken at random from those that could be run.

    Reference
        Roberts C, Roberts SA. Clin Trials 2005;2:152. Bauer DJ, Sterba SK, Hallfors DD. Multivariate
        Behav Res 2008;43:210. Kenward and Roger as in ``random_intercepts``.

    Checked against
        ``tests/reference/mixed/mixed_models.json``

    ``frame`` has one row a subject. Rows of ``clustered_arms`` have an intercept of each level of
    ``cluster``; those of the other arms have none, whatever stands in that column. With ``residual_by_arm``
    each arm has a residual variance of its own: groups and single care seldom leave the same. All else is as
    in ``random_intercepts``.

    Raises ``AnalysisError`` for clustered arms that are no arms, or all of them, and for what
    ``random_intercepts`` refuses.
    """
    frame = as_pandas(frame)
    codes, arms = arm_codes(frame, arm, reference=reference, order=order)
    _refuse_arms(clustered_arms, arms, arm)
    in_groups = np.array([level in clustered_arms for level in arms])
    grouped = (codes >= 0) & in_groups[codes]
    groupings = read_groupings(frame, cluster, nested=nested)
    modelled = choose(OutcomeScale, scale, parameter="scale")
    rows = read_model_rows(
        frame,
        outcome=outcome,
        arm=arm,
        reference=reference,
        covariates=covariates,
        categories=categories,
        scale=modelled,
        subject=subject,
        order=order,
        unusable=tuple(
            (grouped & (each.codes < 0), f"{each.name} is missing") for each in groupings
        ),
        grouped=[each.name for each in groupings],
    )
    return fit_mixed_model(
        rows,
        (*rows.covariates, rows.arm),
        tuple(replace(each, codes=np.where(grouped, each.codes, -1)) for each in groupings),
        what="Partially nested model",
        outcome=outcome,
        scale=modelled,
        likelihood=choose(Likelihood, method, parameter="method"),
        inference=choose(MixedInference, inference, parameter="inference"),
        residual_by_arm=residual_by_arm,
        held={},
    )


def _refuse_arms(clustered: Sequence[object], arms: tuple[object, ...], arm: str) -> None:
    if isinstance(clustered, str):
        raise AnalysisError(
            f"clustered_arms={clustered!r} must be a list of arms, such as [{clustered!r}]"
        )
    listed = ", ".join(repr(each) for each in arms)
    unknown = [each for each in clustered if each not in arms]
    if unknown or not len(clustered):
        named = ", ".join(repr(each) for each in unknown) or "nothing"
        raise AnalysisError(
            f"clustered_arms names {named}, and must name arms of {arm!r}: {listed}"
        )
    if all(each in clustered for each in arms):
        raise AnalysisError(
            f"clustered_arms names every arm of {arm!r}", advice="take random_intercepts"
        )
