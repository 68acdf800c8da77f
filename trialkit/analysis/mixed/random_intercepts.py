"""Arms compared where rows share a site, a therapist or a group. See ``docs/methods/linear_mixed_models.md``."""

from collections.abc import Sequence

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.linear.model_rows import read_model_rows
from trialkit.analysis.mixed.fitting import fit_mixed_model
from trialkit.analysis.mixed.groupings import read_groupings
from trialkit.analysis.mixed.linear_mixed_fit import LinearMixedFit
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.methods.mixed_models import MixedInference
from trialkit.protocol.methods.repeated import Likelihood
from trialkit.protocol.tables.choices import choose


@one_thread()
def random_intercepts(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    cluster: str | Sequence[str],
    nested: bool = False,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    method: Likelihood | str = Likelihood.REML,
    inference: MixedInference | str = MixedInference.KENWARD_ROGER,
    scale: OutcomeScale | str = OutcomeScale.IDENTITY,
    subject: str | None = None,
    order: Order | None = None,
) -> LinearMixedFit:
    """Arms compared in one outcome, with normal intercepts of sites, therapists, groups or clusters.

    Estimand
        The difference between arms in the mean outcome (or its logarithm) of subjects with the same
        covariates, in the same cluster or in clusters taken at random from those that the trial's stand
        for: in a linear model both are the same.

    Reference
        Laird, Ware, Biometrics 1982;38:963; Kenward, Roger, Biometrics 1997;53:983; Halekoh, Højsgaard,
        J Stat Softw 2014;59(9) (pbkrtest); Kuznetsova, Brockhoff, Christensen, J Stat Softw 2017;82(13)
        (lmerTest); Seely, El-Bassiouni, Ann Stat 1983;11:197 (limits of the ICC).

    Checked against
        ``tests/reference/cluster/cluster_clinics_simulated.json``

    ``frame`` has one row a subject. ``cluster`` names one column or several, crossed or nested as their
    values are; with ``nested`` each is numbered anew within those before it. Covariates are as in
    ``ancova``; ``categories`` are factors whatever their type. A variance that the likelihood would have
    negative is 0, and ``note`` says so. Rows without outcome, arm, cluster or a covariate are left out and
    listed in ``.excluded``, by ``subject`` where that column is given; a subject has several rows only where
    it is one of the clusters.

    Raises ``AnalysisError`` for what ``ancova`` refuses; for one cluster, clusters of one row each, clusters
    that the arm or another fixed effect explains, two groupings alike, Kenward and Roger's method under ML,
    and where no maximum of the likelihood is found.
    """
    frame = as_pandas(frame)
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
        unusable=tuple((each.codes < 0, f"{each.name} is missing") for each in groupings),
        several=subject in [each.name for each in groupings],
        grouped=[each.name for each in groupings],
    )
    return fit_mixed_model(
        rows,
        (*rows.covariates, rows.arm),
        groupings,
        what="Random intercepts model",
        outcome=outcome,
        scale=modelled,
        likelihood=choose(Likelihood, method, parameter="method"),
        inference=choose(MixedInference, inference, parameter="inference"),
        held={},
    )
