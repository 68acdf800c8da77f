"""Draws of the parameters of an imputation model: the first step after its fit.

The method is in ``docs/methods/imputation.md``.
"""

import numpy as np

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.imputation.draws import Draws
from trialkit.analysis.imputation.gibbs import gibbs_draws
from trialkit.analysis.imputation.model import ImputationModel
from trialkit.analysis.imputation.resamples import left_out, sampled, strata_of, stream
from trialkit.analysis.repeated.refits import Refits, as_fitted, refitted
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import DrawMethod
from trialkit.protocol.tables.choices import choose

BLOCK = 64
"""Draws that are made together; a part of the draws starts and ends where a block does."""
_ANEW = 20


@one_thread()
def imputation_draws(
    model: ImputationModel,
    *,
    method: DrawMethod | str = DrawMethod.JACKKNIFE,
    draws: int | None = None,
    nested: int = 2,
    seed: int | None = None,
    most_failed: float = 0.01,
    burn_in: int = 100,
    thin: int = 5,
    part: range | None = None,
) -> Draws:
    """Draw the parameters of the imputation model.

    ``conditional-mean-jackknife`` (no seed) fits the model to everybody and to all but each subject;
    ``conditional-mean-bootstrap`` to everybody and to ``draws`` bootstrap samples. Both impute
    expected values. ``approximate-bayes`` takes the fits to bootstrap samples as draws from the
    posterior, ``bayes`` draws from it by a Gibbs sampler (``burn_in`` cycles, every ``thin``-th kept;
    flat prior of the means, inverse Wishart prior with m + 2 degrees of freedom around the fitted
    covariance). ``bootstrapped-maximum-likelihood`` imputes each of ``draws`` bootstrap samples
    ``nested`` times. A sample to which the model cannot be fitted is drawn anew, at most the share
    ``most_failed`` of all. The arrays of :class:`Draws` have a row for each draw.

    ``part`` makes the draws of these numbers alone, each as it is among all, and :func:`join_draws`
    puts parts together: it starts at a multiple of 64, and ends at one or with the last.

    Estimand
        The parameters of :func:`imputation_model`.

    Reference
        Efron, Tibshirani, An introduction to the bootstrap, 1993. Little, Rubin, Statistical analysis
        with missing data, 2002, 10.2.3 (approximate Bayes). Schafer, Analysis of incomplete
        multivariate data, 1997 (data augmentation). von Hippel, Bartlett, Stat Sci 2021;36:400.

    Checked against
        ``tests/reference/imputation/rbmi_antidepressant.json`` (R rbmi), by way of the estimates.

    Raises ``AnalysisError`` for a missing or superfluous seed, numbers of draws that are too small, a
    subject without whom the model cannot be fitted, and too many samples that cannot be.
    """
    chosen = choose(DrawMethod, method, parameter="method")
    wanted = _wanted(model, chosen, draws, seed, nested)
    if chosen is DrawMethod.BAYES:
        if part is not None:
            raise AnalysisError("the chains of method='bayes' are drawn together, and not in parts")
        return gibbs_draws(model, draws=wanted, seed=_seed(seed), burn_in=burn_in, thin=thin)
    whole = wanted + int(chosen.is_conditional_mean)
    own = _part(part, whole)
    coefficients, sigma, counts = [], [], []
    failed = 0
    for start in range(own.start, own.stop, BLOCK):
        numbers = range(start, min(start + BLOCK, own.stop))
        found, weight, lost = _block(model, chosen, numbers, seed)
        coefficients.append(found.coefficients)
        sigma.append(found.sigma)
        counts.append(weight)
        failed += lost
    if failed > most_failed * wanted:
        raise AnalysisError(
            f"the imputation model could not be fitted to {failed} bootstrap samples, more than "
            f"{most_failed:g} of {wanted}",
            advice="declare a covariance with fewer parameters",
        )
    fitted = np.concatenate(sigma)
    arms = len(model.trial.arms)
    if fitted.shape[1] != arms:
        fitted = np.repeat(fitted, arms, axis=1)
    return Draws(
        method=chosen,
        trial=model.trial,
        profiles=model.profiles,
        structure=model.fit.structure,
        likelihood=model.fit.likelihood,
        coefficients=np.concatenate(coefficients),
        sigma=fitted,
        counts=np.concatenate(counts) if chosen.resamples_subjects else None,
        numbers=np.arange(own.start, own.stop),
        seed=seed,
        nested=nested if chosen is DrawMethod.NESTED_BOOTSTRAP else 1,
        n_failed=failed,
        convergence=None,
    )


def _wanted(
    model: ImputationModel, method: DrawMethod, draws: int | None, seed: int | None, nested: int
) -> int:
    """How many resamples or draws are to be made."""
    n = len(model.trial.subjects)
    if method is DrawMethod.JACKKNIFE:
        if draws not in (None, n):
            raise AnalysisError(f"a jackknife of {n} subjects has {n} draws, not {draws}")
        if seed is not None:
            raise AnalysisError("a jackknife is not random; it takes no seed")
        return n
    least = 2
    if draws is None or draws < least:
        raise AnalysisError(f"method={method.value!r} needs draws, {least} or more, got {draws}")
    if method is DrawMethod.NESTED_BOOTSTRAP and nested < least:
        raise AnalysisError(f"nested must be {least} or more imputations a sample, got {nested}")
    _seed(seed)
    return draws


def _seed(seed: int | None) -> int:
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise AnalysisError(
            f"a seed, a whole number of 0 or more, is needed so that the draws can be made again; got "
            f"{seed!r}"
        )
    return seed


def _part(part: range | None, whole: int) -> range:
    if part is None:
        return range(whole)
    ends = part.stop % BLOCK == 0 or part.stop == whole
    if part.step != 1 or part.start % BLOCK or not ends or not 0 <= part.start < part.stop <= whole:
        raise AnalysisError(
            f"part={part!r} must start at a multiple of {BLOCK} and end at one, or with the last of "
            f"{whole} draws"
        )
    return part


def _block(
    model: ImputationModel, method: DrawMethod, numbers: range, seed: int | None
) -> tuple[Refits, np.ndarray, int]:
    """The fits of some draws, how often subjects count in them, and how many were drawn anew."""
    n = len(model.trial.subjects)
    everybody = method.is_conditional_mean and numbers.start == 0
    if method is DrawMethod.JACKKNIFE:
        counts = left_out(n)[numbers.start : numbers.stop]
        found = _refitted(model, counts)
        _refuse_lost(model, found, numbers)
        return _with_everybody(model, found) if everybody else found, counts, 0
    strata = strata_of(model)
    counts = np.ones((len(numbers), n))
    pending = np.arange(int(everybody), len(numbers))
    failed = 0
    coefficients, sigma = None, None
    for attempt in range(_ANEW):
        for at in pending:
            random = stream(int(seed or 0), 0, numbers[int(at)], attempt)
            counts[at] = sampled(strata, random)
        found = _refitted(model, counts[pending] if attempt else counts)
        if coefficients is None or sigma is None:
            coefficients, sigma = found.coefficients, found.sigma
        else:
            coefficients[pending], sigma[pending] = found.coefficients, found.sigma
        lost = ~found.converged
        lost[0] &= bool(attempt) or not everybody  # the fit to everybody is there already
        pending = pending[lost] if attempt else np.flatnonzero(lost)
        if not len(pending):
            break
        failed += len(pending)
    else:
        raise AnalysisError(
            f"the imputation model cannot be fitted to {len(pending)} bootstrap samples, which were "
            f"drawn anew {_ANEW} times",
            advice="declare a covariance with fewer parameters",
        )
    whole = Refits(
        coefficients=coefficients,
        sigma=sigma,
        converged=np.ones(len(numbers), dtype=bool),
    )
    return _with_everybody(model, whole) if everybody else whole, counts, failed


def _refitted(model: ImputationModel, counts: np.ndarray) -> Refits:
    return refitted(model.fit, counts[:, model.analysed])


def _with_everybody(model: ImputationModel, found: Refits) -> Refits:
    """The first fit replaced by the one to everybody, which is proven to be a maximum."""
    first = as_fitted(model.fit)
    return Refits(
        coefficients=np.concatenate([first.coefficients, found.coefficients[1:]]),
        sigma=np.concatenate([first.sigma, found.sigma[1:]]),
        converged=found.converged,
    )


def _refuse_lost(model: ImputationModel, found: Refits, numbers: range) -> None:
    if not found.converged.all():
        number = numbers[int(np.argmin(found.converged))]
        who = model.trial.subjects[number - 1]
        raise AnalysisError(
            f"the imputation model cannot be fitted without subject {who!r}, so that there is no "
            "jackknife",
            advice="declare a covariance with fewer parameters, or leave out a covariate",
        )
