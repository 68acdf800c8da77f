"""The effect of an amount received, exploratory. The method is in ``docs/methods/instrumental.md``."""

from collections.abc import Sequence

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, numbers
from trialkit.analysis.instrumental.complier_effect import ALONE, EXCLUSION, RANDOMISED, RELEVANCE
from trialkit.analysis.instrumental.instrumental_effect import InstrumentalEffect
from trialkit.analysis.instrumental.received_rows import choose_robust, read_received
from trialkit.protocol.methods.linear_models import RobustCovariance

LINEAR = "linearity: each further unit adds the same, from the first to the last"
MONOTONE_DOSE = "monotonicity: nobody would receive less in an arm that offers more"
HOMOGENEOUS = (
    "one effect: what a unit adds does not go with how much somebody would receive; else the estimate is "
    "a weighted mean over those whom the arm moves, with weights that nobody sees"
)


@one_thread()
def dose_response(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    dose: str,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    robust: RobustCovariance | str | None = RobustCovariance.HC1,
    subject: str | None = None,
    order: Order | None = None,
) -> InstrumentalEffect:
    """The effect of one unit more received (a session, an hour), the arm being the instrument.

    Estimand
        The difference in the mean outcome that one more unit of ``dose`` makes. *Exploratory*, and the
        result says so: beside the assumptions of ``complier_effect`` it takes each unit to add the same,
        in everybody (``assumptions`` lists all). People who attend more differ from those who attend less;
        comparing them within an arm would compare different people, which this does not do.

    Reference
        Angrist JD, Imbens GW. JASA 1995;90:431-442. Dunn G, Maracy M, Tomenson B. Stat Methods Med Res
        2005;14:369-395.

    Checked against
        ``tests/reference/instrumental/vitamin_a.json``

    ``frame`` has one row a subject; ``dose`` is numeric, 0 where nothing was received (a missing one is
    left out, with the reason). With several arms each is an instrument. ``robust`` as in
    ``complier_effect``; the first stage and its F are in ``first_stage()``. Rows without outcome, arm,
    dose or a covariate are in ``.excluded``.

    Raises ``AnalysisError`` for arms that do not differ in the dose, a dose that is the same in all,
    another ``robust``, and what ``ancova`` refuses.
    """
    frame = as_pandas(frame)
    errors = choose_robust(robust)
    stages = read_received(
        frame,
        received=numbers(frame, dose, parameter="dose"),
        named=dose,
        outcome=outcome,
        arm=arm,
        reference=reference,
        covariates=covariates,
        categories=categories,
        subject=subject,
        order=order,
    )
    return InstrumentalEffect(
        outcome=outcome,
        received=dose,
        effect="effect of one unit more",
        reference=reference,
        robust=errors,
        adherence=None,
        exploratory=True,
        assumptions=(
            RANDOMISED,
            EXCLUSION,
            MONOTONE_DOSE,
            LINEAR,
            HOMOGENEOUS,
            RELEVANCE,
            ALONE,
        ),
        stages=stages,
    )
