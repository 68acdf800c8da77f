"""The effect in who complies. The method is in ``docs/methods/instrumental.md``."""

from collections.abc import Sequence

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.instrumental.instrumental_effect import InstrumentalEffect
from trialkit.analysis.instrumental.received_rows import (
    choose_robust,
    read_received,
    received_flags,
)
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.instrumental_options import NonAdherence
from trialkit.protocol.methods.linear_models import RobustCovariance

RANDOMISED = (
    "randomised: chance alone put people into the arms, and nobody is left out by what they did"
)
EXCLUSION = "exclusion: the arm changes the outcome through what is received, and in no other way"
RELEVANCE = "relevance: the arms differ in what is received (see the first stage)"
ALONE = "no interference: what one person receives changes nobody else's outcome"
MONOTONE = "monotonicity: nobody would do the opposite of what their arm says, in whichever arm"
BY_DESIGN = (
    "monotonicity: holds by design, since nobody of the reference received the treatment; the effect is "
    "that in who received it"
)


@one_thread()
def complier_effect(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    received: str,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    robust: RobustCovariance | str | None = RobustCovariance.HC1,
    subject: str | None = None,
    order: Order | None = None,
) -> InstrumentalEffect:
    """The complier average causal effect, by two-stage least squares with the arm as instrument.

    Estimand
        The mean effect of receiving the treatment in those who receive it if, and only if, they are in
        the other arm. Where nobody of ``reference`` can receive it, that is in all who received it.
        *Assumptions*, which ``assumptions`` of the result repeat: randomisation; exclusion (the arm acts
        through what is received alone); monotonicity (nobody does the opposite of their arm); relevance;
        no interference. Exclusion cannot be tested, and fails where being offered the treatment acts by
        itself: hopes in an open trial, contacts, other care.

    Reference
        Angrist JD, Imbens GW, Rubin DB. JASA 1996;91:444-455. Sommer A, Zeger SL. Stat Med
        1991;10:45-52. Anderson TW, Rubin H. Ann Math Stat 1949;20:46-63.

    Checked against
        ``tests/reference/instrumental/vitamin_a.json``

    ``frame`` has one row a subject; ``received`` is True/False or 1/0, ``outcome`` numeric (1/0 gives a
    risk difference). Two arms. ``robust`` is ``HC1`` (default), ``HC0`` or None for one variance; t with
    rows less coefficients. Rows without outcome, arm, ``received`` or a covariate are in ``.excluded``.
    The first stage stands in ``first_stage()`` with its F; below 10 ``note`` warns.

    Raises ``AnalysisError`` for other than two arms, arms that do not differ in what was received (nobody
    adhered), ``received`` of other values or the same in all, another ``robust``, and what ``ancova``
    refuses.
    """
    frame = as_pandas(frame)
    errors = choose_robust(robust)
    stages = read_received(
        frame,
        received=received_flags(frame, received),
        named=received,
        outcome=outcome,
        arm=arm,
        reference=reference,
        covariates=covariates,
        categories=categories,
        subject=subject,
        order=order,
    )
    groups = stages.rows.arm
    if len(groups.levels) != 2:
        raise AnalysisError(
            f"the effect in who complies is of two arms, got {len(groups.levels)}",
            advice="compare two of them, or take dose_response",
        )
    control = stages.received[groups.codes == groups.base]
    treated = stages.received[groups.codes != groups.base]
    adherence = NonAdherence.TWO_SIDED if control.any() else NonAdherence.ONE_SIDED
    if not control.any() and treated.all():
        adherence = NonAdherence.NONE
    monotone = MONOTONE if adherence is NonAdherence.TWO_SIDED else BY_DESIGN
    return InstrumentalEffect(
        outcome=outcome,
        received=received,
        effect="complier average causal effect",
        reference=reference,
        robust=errors,
        adherence=adherence,
        exploratory=False,
        assumptions=(RANDOMISED, EXCLUSION, monotone, RELEVANCE, ALONE),
        stages=stages,
    )
