"""Draws and imputations as bytes, so that a thousand of them can be kept and looked at again.

The bytes are those of numpy's ``.npz``: arrays, and one text of JSON for names. The same nouns give the
same bytes. Nothing in them is code, and what is read is checked before it is used.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

from trialkit.analysis.imputation.draws import Convergence, Draws
from trialkit.analysis.imputation.events import Affected
from trialkit.analysis.imputation.imputing import Imputations, imputed_as
from trialkit.analysis.imputation.incomplete import IncompleteTrial, TrialColumns
from trialkit.analysis.imputation.kept_frame import columns_kept, frame_of
from trialkit.analysis.imputation.strategies import StrategyFunction
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import DrawMethod
from trialkit.protocol.methods.repeated import CovarianceStructure, Likelihood

_NAMES = "names"
_VERSION = 1
_OF_DRAWS = ("profiles", "coefficients", "sigma", "numbers")


def keep_imputations(imputations: Imputations) -> bytes:
    """The draws and what is supposed after events; of functions of the caller's their names alone.

    Raises :class:`AnalysisError` for labels that are neither text nor numbers.
    """
    names, arrays = _draws_kept(imputations.draws)
    names["supposed"] = list(imputations.affected.strategy)
    names["references"] = list(imputations.references)
    return _packed(names, arrays)


def keep_draws(draws: Draws) -> bytes:
    """The draws, with the trial that they are of."""
    return _packed(*_draws_kept(draws))


def read_draws(kept: bytes) -> Draws:
    """The draws that :func:`keep_draws` or :func:`keep_imputations` wrote.

    Raises :class:`AnalysisError` for bytes that are not such.
    """
    return _draws_of(*_unpacked(kept))


def read_imputations(
    kept: bytes, *, functions: Mapping[str, StrategyFunction] | None = None
) -> Imputations:
    """The imputations that :func:`keep_imputations` wrote; ``functions`` as they were given to ``impute``."""
    names, arrays = _unpacked(kept)
    draws = _draws_of(names, arrays)
    if "supposed" not in names:
        raise AnalysisError("these are draws, without what is supposed after events")
    strategy, references = names["supposed"], names["references"]
    if len(strategy) != len(draws.trial.subjects) or len(references) != len(draws.trial.arms):
        raise AnalysisError("what is supposed after events is not of these draws")
    affected = Affected(
        first=draws.trial.affected.first,
        strategy=tuple(map(str, strategy)),
        visits=draws.trial.affected.visits,
    )
    return imputed_as(draws, affected, tuple(map(int, references)), functions)


def _draws_kept(draws: Draws) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    trial = draws.trial
    frame_names, frame_arrays = columns_kept(trial.frame)
    names: dict[str, Any] = {
        "version": _VERSION,
        "method": draws.method.value,
        "structure": draws.structure.value,
        "likelihood": draws.likelihood.value,
        "seed": draws.seed,
        "nested": draws.nested,
        "n_failed": draws.n_failed,
        "columns": [
            trial.columns.outcome,
            trial.columns.subject,
            trial.columns.visit,
            trial.columns.arm,
        ],
        "subjects": _labels(trial.subjects),
        "visits": _labels(trial.visits),
        "arms": _labels(trial.arms),
        "strategy": list(trial.affected.strategy),
        "frame": frame_names,
    }
    arrays = {name: getattr(draws, name) for name in _OF_DRAWS}
    arrays |= {"arm": trial.arm, "outcome": trial.outcome, "first": trial.affected.first}
    if draws.counts is not None:
        arrays["counts"] = draws.counts
    if draws.convergence is not None:
        known = draws.convergence
        names["convergence"] = {
            "parameter": list(known.parameter),
            "chains": known.chains,
            "burn_in": known.burn_in,
            "thin": known.thin,
        }
        arrays |= {"r_hat": known.r_hat, "effective": known.effective}
    return names, arrays | frame_arrays


def _draws_of(names: dict[str, Any], arrays: dict[str, np.ndarray]) -> Draws:
    try:
        outcome, subject, visit, arm = map(str, names["columns"])
        subjects, visits, arms = (tuple(names[each]) for each in ("subjects", "visits", "arms"))
        trial = IncompleteTrial(
            columns=TrialColumns(outcome=outcome, subject=subject, visit=visit, arm=arm),
            subjects=subjects,
            visits=visits,
            arms=arms,
            arm=arrays["arm"],
            outcome=arrays["outcome"],
            affected=Affected(
                first=arrays["first"],
                strategy=tuple(map(str, names["strategy"])),
                visits=len(visits),
            ),
            frame=frame_of(names["frame"], arrays),
        )
        convergence = None
        if "convergence" in names:
            told = names["convergence"]
            convergence = Convergence(
                parameter=tuple(told["parameter"]),
                r_hat=arrays["r_hat"],
                effective=arrays["effective"],
                chains=int(told["chains"]),
                burn_in=int(told["burn_in"]),
                thin=int(told["thin"]),
            )
        draws = Draws(
            method=DrawMethod(names["method"]),
            trial=trial,
            profiles=arrays["profiles"],
            structure=CovarianceStructure(names["structure"]),
            likelihood=Likelihood(names["likelihood"]),
            coefficients=arrays["coefficients"],
            sigma=arrays["sigma"],
            counts=arrays.get("counts"),
            numbers=arrays["numbers"],
            seed=None if names["seed"] is None else int(names["seed"]),
            nested=int(names["nested"]),
            n_failed=int(names["n_failed"]),
            convergence=convergence,
        )
    except (KeyError, ValueError, TypeError) as error:
        raise AnalysisError(f"these are not kept draws: {error}") from None
    _refuse_other_shapes(draws)
    return draws


def _refuse_other_shapes(draws: Draws) -> None:
    """Refuse arrays that do not belong together."""
    n, m = draws.trial.shape
    count, d = len(draws.coefficients), draws.profiles.shape[-1]
    arms = len(draws.trial.arms)
    expected = [
        (draws.trial.outcome, (n, m)),
        (draws.trial.arm, (n,)),
        (draws.trial.affected.first, (n,)),
        (draws.profiles, (n, d)),
        (draws.coefficients, (count, m, d)),
        (draws.sigma, (count, arms, m, m)),
        (draws.numbers, (count,)),
    ]
    if draws.counts is not None:
        expected.append((draws.counts, (count, n)))
    wrong = [shape for array, shape in expected if array.shape != shape]
    codes = draws.trial.arm
    if wrong or len(draws.trial.affected.strategy) != n or len(draws.trial.frame) != n * m:
        raise AnalysisError("these are not kept draws: their arrays do not belong together")
    if (codes < 0).any() or (codes >= arms).any():
        raise AnalysisError("these are not kept draws: a subject is in an arm that there is not")


def _labels(labels: tuple[object, ...]) -> list[object]:
    for each in labels:
        if not isinstance(each, str | int | float):
            raise AnalysisError(
                f"the label {each!r} is neither text nor a number and cannot be kept"
            )
    return list(labels)


def _packed(names: dict[str, Any], arrays: dict[str, np.ndarray]) -> bytes:
    text = json.dumps(names, ensure_ascii=True, sort_keys=True, allow_nan=False)
    target = io.BytesIO()
    whole = {_NAMES: np.frombuffer(text.encode("ascii"), dtype=np.uint8), **arrays}
    np.savez(target, **{name: whole[name] for name in sorted(whole)})  # type: ignore[arg-type]
    return target.getvalue()


def _unpacked(kept: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    try:
        with zipfile.ZipFile(io.BytesIO(kept)) as members:
            # what is not compressed cannot grow when it is read
            if any(each.compress_type != zipfile.ZIP_STORED for each in members.infolist()):
                raise AnalysisError("these are not kept draws: they are compressed")
        with np.load(io.BytesIO(kept), allow_pickle=False) as found:
            arrays = {name: found[name] for name in found.files}
        names = json.loads(arrays.pop(_NAMES).tobytes().decode("ascii"))
    except (
        zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, NotImplementedError,
        RuntimeError, RecursionError, AttributeError, MemoryError, OverflowError,
    ) as error:  # fmt: skip
        raise AnalysisError(f"these are not kept draws: {error}") from None
    if not isinstance(names, dict) or names.get("version") != _VERSION:
        raise AnalysisError("these are not kept draws of this version")
    return names, arrays
