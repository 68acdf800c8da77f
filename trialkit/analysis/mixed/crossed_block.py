"""A block in which groupings cross: more cells than levels.

With L (m, q) the cells' levels (√n in the column of each), V = R + LΔLᵀ, R the residual variances and Δ those of the
levels, Woodbury's identity gives W = R⁻¹ − R⁻¹LCLᵀR⁻¹ with C = (Δ⁻¹ + LᵀR⁻¹L)⁻¹. So all that the likelihood needs
follows from products of q rows, taken once in each residual class.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array

from trialkit.analysis.mixed.variance_moments import VarianceMoments
from trialkit.analysis.repeated.positive import invert


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossedBlock:
    """Products in each of R residual classes: ``gram`` LᵀL (R, q, q), ``cross`` LᵀA (R, q, a), ``own`` AᵀA.

    ``cells`` (R,) counts the cells of a class, ``grouping`` (q,) numbers the grouping of each level.
    """

    gram: np.ndarray
    cross: np.ndarray
    own: np.ndarray
    cells: np.ndarray
    grouping: np.ndarray


def crossed_block(
    rows: np.ndarray, levels: np.ndarray, root: np.ndarray, classes: np.ndarray, *, n_classes: int
) -> CrossedBlock:
    """The block of cells ``rows`` (m, a) with ``levels`` (m, G), −1 for none, √n and residual class (m,)."""
    grouping: list[int] = []
    columns = np.full(levels.shape, -1, dtype=np.intp)
    for number, codes in enumerate(levels.T):
        present, again = np.unique(codes[codes >= 0], return_inverse=True)
        columns[codes >= 0, number] = len(grouping) + again
        grouping.extend([number] * len(present))
    place = np.argwhere(columns >= 0)
    entries = (root[place[:, 0]], (place[:, 0], columns[place[:, 0], place[:, 1]]))
    table = coo_array(entries, shape=(len(rows), len(grouping))).tocsr()
    here = [classes == number for number in range(n_classes)]
    return CrossedBlock(
        gram=np.stack([(table[own].T @ table[own]).toarray() for own in here]),
        cross=np.stack([table[own].T @ rows[own] for own in here]),
        own=np.stack([rows[own].T @ rows[own] for own in here]),
        cells=np.array([own.sum() for own in here], dtype=float),
        grouping=np.array(grouping, dtype=np.intp),
    )


def crossed_moments(block: CrossedBlock, theta: np.ndarray) -> VarianceMoments | None:
    """The moments at variances ``theta``, of groupings and then residual classes; none if V is not definite."""
    classes = len(block.cells)
    g = len(theta) - classes
    r = 1 / theta[g:]
    size = np.sqrt(theta[:g])[block.grouping]
    gram = np.tensordot(r, block.gram, (0, 0))
    cross = np.tensordot(r, block.cross, (0, 0))
    inner = np.eye(len(size)) + size[:, None] * gram * size
    inverse, logdet, definite = invert(inner, lead=0)
    if not definite:
        return None
    c = size[:, None] * inverse * size
    solved = c @ cross  # CLᵀR⁻¹A
    rest = np.eye(len(size)) - c @ gram
    t = cross - gram @ solved  # LᵀWA
    e = gram @ rest  # LᵀWL
    x = block.cross - block.gram @ solved  # LᵀY in each class, Y = A − L(CLᵀR⁻¹A)
    half = np.swapaxes(block.cross, 1, 2) @ solved
    own = block.own - half - np.swapaxes(half, 1, 2) + solved.T @ block.gram @ solved  # YᵀY
    square = r**2
    f = square[:, None, None] * (rest.T @ x)  # LᵀW1ₖWA
    spun = block.gram @ c
    shares = np.einsum("kqq->k", spun)
    a = block.own.shape[1]
    m1, m2 = np.zeros((len(theta), a, a)), np.zeros((len(theta), len(theta), a, a))
    t1, t2 = np.zeros(len(theta)), np.zeros((len(theta), len(theta)))
    m1[g:] = square[:, None, None] * own
    t1[g:] = r * block.cells - square * shares
    for k in range(classes):
        inside = np.einsum("qp,qs,sp->p", rest, block.gram[k], rest, optimize=True)
        for one in range(g):
            at = block.grouping == one
            m2[g + k, one] = f[k][at].T @ t[at]
            m2[one, g + k] = m2[g + k, one].T
            t2[g + k, one] = t2[one, g + k] = square[k] * inside[at].sum()
        for other in range(classes):
            m2[g + k, g + other] = -square[k] * square[other] * (x[k].T @ c @ x[other])
            t2[g + k, g + other] = square[k] * square[other] * np.sum(spun[k] * spun[other].T)
        m2[g + k, g + k] += r[k] * m1[g + k]
        t2[g + k, g + k] += square[k] * block.cells[k] - 2 * r[k] ** 3 * shares[k]
    for one in range(g):
        at = block.grouping == one
        m1[one] = t[at].T @ t[at]
        t1[one] = np.diagonal(e)[at].sum()
        for other in range(g):
            by = block.grouping == other
            m2[one, other] = t[at].T @ e[np.ix_(at, by)] @ t[by]
            t2[one, other] = np.square(e[np.ix_(at, by)]).sum()
    return VarianceMoments(
        logdet=float(logdet) - float(block.cells @ np.log(r)),
        m=np.tensordot(r, block.own, (0, 0)) - cross.T @ solved,
        m1=m1,
        m2=m2,
        t1=t1,
        t2=t2,
    )
