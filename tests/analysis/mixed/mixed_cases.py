"""The reference cases of linear mixed models, and their likelihood written out row by row."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

REFERENCE = Path(__file__).parents[2] / "reference"
THERAPISTS: dict[str, Any] = {
    "outcome": "y",
    "arm": "arm",
    "reference": "control",
    "order": {"arm": ["control", "low", "high"], "sex": ["f", "m"]},
}
CLASSES: dict[str, Any] = {
    "outcome": "y",
    "arm": "arm",
    "reference": "individual",
    "cluster": "class",
    "clustered_arms": ["class"],
    "covariates": ["base"],
}
CROSSOVER: dict[str, Any] = {
    "outcome": "y",
    "subject": "subject",
    "period": "period",
    "treatment": "treatment",
    "reference": "A",
}
ORDERS = {
    "crossover_abba_complete": {"treatment": ["A", "B"], "sequence": ["AB", "BA"]},
    "crossover_williams": {
        "treatment": ["A", "B", "C"],
        "sequence": ["ABC", "ACB", "BAC", "BCA", "CAB", "CBA"],
    },
}


def frame(place: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / f"{place}.csv")


def expected(place: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((REFERENCE / f"{place}.json").read_text(encoding="utf-8"))
    return found


def made_up(seed: int, *, clusters: int = 8, size: int = 5, sd: float = 2.0) -> pd.DataFrame:
    """Clusters of about ``size`` in two arms, given to whole clusters, with a covariate."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(size - 2, size + 3, clusters)
    cluster = np.repeat(np.arange(clusters), sizes)
    x = rng.normal(size=len(cluster))
    y = 50 + 2 * x + rng.normal(0, sd, clusters)[cluster] + rng.normal(0, 3, len(cluster))
    arm = np.where(cluster % 2 == 0, "C", "E")
    return pd.DataFrame({"cluster": cluster, "arm": arm, "x": x, "y": y.round(2)})


MADE_UP: dict[str, Any] = {
    "outcome": "y",
    "arm": "arm",
    "reference": "C",
    "cluster": "cluster",
    "covariates": ["x"],
}


def dense_derivatives(codes: list[np.ndarray], classes: np.ndarray) -> list[np.ndarray]:
    """Vₐ (n, n) of each grouping and of each residual class."""
    shared = [(one[:, None] == one) & (one[:, None] >= 0) for one in codes]
    own = [np.diag(classes == number) for number in range(int(classes.max()) + 1)]
    return [np.asarray(each, dtype=float) for each in (*shared, *own)]


def dense_value(
    x: np.ndarray, y: np.ndarray, theta: np.ndarray, vs: list[np.ndarray], *, restricted: bool
) -> float:
    """−2ℓ from the covariance of all rows."""
    v = sum(a * b for a, b in zip(theta, vs, strict=True))
    w = np.linalg.inv(v)
    xwx = x.T @ w @ x
    r = y - x @ np.linalg.solve(xwx, x.T @ w @ y)
    value = np.linalg.slogdet(v)[1] + r @ w @ r + len(y) * np.log(2 * np.pi)
    if restricted:
        value += np.linalg.slogdet(xwx)[1] - x.shape[1] * np.log(2 * np.pi)
    return float(value)


def dense_inference(
    x: np.ndarray, theta: np.ndarray, vs: list[np.ndarray], omega: np.ndarray, row: np.ndarray
) -> dict[str, float]:
    """Kenward and Roger's and the model's standard error of a contrast, and its degrees of freedom."""
    w = np.linalg.inv(sum(a * b for a, b in zip(theta, vs, strict=True)))
    phi = np.linalg.inv(x.T @ w @ x)
    p = [-x.T @ w @ v @ w @ x for v in vs]
    inner = sum(
        omega[a, b] * (x.T @ w @ vs[a] @ w @ vs[b] @ w @ x - p[a] @ phi @ p[b])
        for a in range(len(vs))
        for b in range(len(vs))
    )
    corrected = phi + 2 * phi @ inner @ phi
    g = np.array([-row @ phi @ each @ phi @ row for each in p])
    return {
        "se": float(np.sqrt(row @ phi @ row)),
        "kr_se": float(np.sqrt(row @ corrected @ row)),
        "df": float(2 * (row @ phi @ row) ** 2 / (g @ omega @ g)),
    }


def dense_expected(x: np.ndarray, theta: np.ndarray, vs: list[np.ndarray]) -> np.ndarray:
    """tr(PVₐPVᵦ) by the definition."""
    w = np.linalg.inv(sum(a * b for a, b in zip(theta, vs, strict=True)))
    p = w - w @ x @ np.linalg.inv(x.T @ w @ x) @ x.T @ w
    return np.array([[np.trace(p @ a @ p @ b) for b in vs] for a in vs])
