"""The fixed effects: columns with names and terms, and what they do to the profile of a subject.

The row of subject i at visit v is zᵢᵀ Tᵥ. The profile zᵢ holds 1, the arm's indicators and the
covariates, centred and scaled; a covariate that changes from visit to visit has an element for each
visit. Tᵥ picks from it. So the matrix of all rows need not be built to fit the model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trialkit.analysis.repeated.features import Feature, Part, marginal_rows, profiles_constant
from trialkit.analysis.repeated.records import Covariate, Records
from trialkit.errors import AnalysisError

_DEPENDENT = 1e-11  # squared share of a column's length that earlier columns do not explain


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTerm:
    """An effect of the model: the names of its one or two factors, and its columns.

    ``sizes`` counts the levels of each factor, 0 for a number.
    """

    name: str
    factors: tuple[str, ...]
    sizes: tuple[int, ...]
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """A column: its term, and the levels that it stands for."""

    term: str
    level: str

    @property
    def name(self) -> str:
        """How the column is called in messages and tables."""
        return f"{self.term}[{self.level}]" if self.level else self.term


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MmrmDesign:
    """The fixed effects of a model.

    ``profiles`` (subject, d) and ``layout`` (visit, d, p) give the columns with covariates centred and
    scaled; ``rescale`` (p, p) turns these into the reported ones: reported = internal @ rescale.
    ``known`` (subject, visit) says where all covariates have a value. ``parts`` are what each column
    multiplies, and the visit that it is confined to.
    """

    terms: tuple[ModelTerm, ...]
    coefficients: tuple[Coefficient, ...]
    profiles: np.ndarray
    known: np.ndarray
    layout: np.ndarray
    rescale: np.ndarray
    arm: str
    arms: tuple[object, ...]
    parts: tuple[Part, ...]
    marginal: np.ndarray  # (arm, visit, p), of the reported columns

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(each.name for each in self.coefficients)

    def marginal_at(self, held: Mapping[str, object]) -> np.ndarray:
        """``marginal`` where covariates are ``held`` at a value or a level, the others as they are."""
        return marginal_rows(
            self.parts, arm=self.arm, arms=self.arms, visits=len(self.layout), held=held
        )

    def rows(self, subject: np.ndarray, visit: np.ndarray) -> np.ndarray:
        """The reported columns in the rows of these subjects at these visits."""
        internal = np.empty((len(subject), self.layout.shape[2]))
        for v in range(self.layout.shape[0]):
            here = visit == v
            internal[here] = self.profiles[subject[here]] @ self.layout[v]
        return np.asarray(internal @ self.rescale)


def build_design(records: Records) -> MmrmDesign:
    """The intercept, covariates, arm, visit, arm by visit, and covariates by visit where asked."""
    features, profiles, known = _features(records)
    columns = records.columns
    factors = [*columns.all_covariates, columns.arm]
    by_visit = [columns.arm, *dict.fromkeys(columns.covariates_by_visit)]
    m = len(records.visits)
    builder = _Builder(profiles.shape[1], m)
    builder.add(("(Intercept)",), (0,), [("", profiles_constant(m), None)])
    for factor in factors:
        builder.add_feature(factor, features[factor], _size(records, factor))
    builder.add(
        (columns.visit,),
        (m,),
        [(str(records.visits[v]), profiles_constant(m), v) for v in range(1, m)],
    )
    if m > 1:
        for factor in by_visit:
            builder.add_by_visit(
                factor, columns.visit, features[factor], _size(records, factor), records.visits
            )
    layout = np.stack(builder.layout, axis=2)
    return MmrmDesign(
        terms=tuple(builder.terms),
        coefficients=tuple(builder.coefficients),
        profiles=profiles,
        known=known,
        layout=layout,
        rescale=_rescale(builder, features),
        arm=columns.arm,
        arms=records.arms,
        parts=tuple(builder.parts),
        marginal=marginal_rows(
            builder.parts, arm=columns.arm, arms=records.arms, visits=m, held={}
        ),
    )


class _Builder:
    """Collects the columns of a design in their order."""

    def __init__(self, d: int, m: int) -> None:
        self.d, self.m = d, m
        self.layout: list[np.ndarray] = []
        self.terms: list[ModelTerm] = []
        self.coefficients: list[Coefficient] = []
        self.parts: list[Part] = []

    def add(
        self,
        factors: tuple[str, ...],
        sizes: tuple[int, ...],
        columns: Sequence[tuple[str, Feature, int | None]],
    ) -> None:
        """Add a term with its columns: level, feature and the visit it is confined to, if any."""
        if not columns:
            return
        name = ":".join(factors)
        start = len(self.layout)
        for level, feature, visit in columns:
            picks = np.zeros((self.m, self.d))
            rows = np.arange(self.m) if visit is None else np.array([visit])
            picks[rows, feature.slots[rows]] = 1
            self.layout.append(picks)
            self.coefficients.append(Coefficient(term=name, level=level))
            self.parts.append((feature, visit))
        span = tuple(range(start, len(self.layout)))
        self.terms.append(ModelTerm(name=name, factors=factors, sizes=sizes, columns=span))

    def add_feature(self, factor: str, features: tuple[Feature, ...], size: int) -> None:
        """Add the main effect of a covariate or of the arm."""
        self.add((factor,), (size,), [(each.level, each, None) for each in features])

    def add_by_visit(
        self,
        factor: str,
        visit: str,
        features: tuple[Feature, ...],
        size: int,
        visits: tuple[object, ...],
    ) -> None:
        """Add the interaction of a main effect with visit."""
        columns = [
            (f"{each.level}:{visits[v]}" if each.level else str(visits[v]), each, v)
            for v in range(1, len(visits))
            for each in features
        ]
        self.add((factor, visit), (size, len(visits)), columns)


def _size(records: Records, factor: str) -> int:
    if factor == records.columns.arm:
        return len(records.arms)
    covariate = next(each for each in records.covariates if each.name == factor)
    return len(levels_in_use(records, covariate))


def levels_in_use(records: Records, covariate: Covariate) -> np.ndarray:
    """The codes of the levels that the analysed rows have; none of a number."""
    if not covariate.is_category:
        return np.zeros(0, dtype=np.intp)
    return np.unique(covariate.values[records.used])


def _features(
    records: Records,
) -> tuple[dict[str, tuple[Feature, ...]], np.ndarray, np.ndarray]:
    """The features of each factor, the profiles they point into, and where these are known."""
    n, m = len(records.subjects), len(records.visits)
    profile: list[np.ndarray] = [np.ones(n)]
    features: dict[str, tuple[Feature, ...]] = {}
    arm = _of_subject(records, records.arm.astype(float), records.arm < 0)
    known = np.repeat(~np.isnan(arm)[:, None], m, axis=1)
    found = []
    for code in range(1, len(records.arms)):
        slots = np.full(m, len(profile), dtype=np.intp)
        profile.append((arm == code).astype(float))
        found.append(
            Feature(factor=records.columns.arm, level=str(records.arms[code]), slots=slots)
        )
    features[records.columns.arm] = tuple(found)
    for covariate in records.covariates:
        found = []
        for level, values, size in _columns_of(records, covariate):
            used = values[records.used]
            centre, scale = 0.0, 1.0
            if not covariate.is_category:
                if used.min() == used.max():
                    raise AnalysisError(
                        f"the covariate {covariate.name!r} is {float(used[0])!r} in every row that "
                        "can be used",
                        advice="leave it out of the model",
                    )
                centre, scale = float(used.mean()), float(used.std()) or 1.0
            place = len(profile)
            new, seen = _profile_of(records, (values - centre) / scale, covariate.missing)
            profile.extend(new)
            known &= seen
            slots = place + (np.zeros(m, dtype=np.intp) if len(new) == 1 else np.arange(m))
            average = 1 / size if covariate.is_category else centre
            found.append(
                Feature(
                    factor=covariate.name,
                    level=level,
                    slots=slots,
                    centre=centre,
                    scale=scale,
                    average=average,
                )
            )
        if not found:
            only = covariate.levels[int(levels_in_use(records, covariate)[0])]
            raise AnalysisError(
                f"the covariate {covariate.name!r} is {only!r} in every row that can be used",
                advice="leave it out of the model",
            )
        features[covariate.name] = tuple(found)
    return features, np.stack(profile, axis=1), known


def _columns_of(records: Records, covariate: Covariate) -> list[tuple[str, np.ndarray, int]]:
    """Level name, value in each row and number of levels, for each column of a covariate."""
    if not covariate.is_category:
        return [("", covariate.values, 0)]
    in_use = levels_in_use(records, covariate)
    return [
        (str(covariate.levels[code]), (covariate.values == code).astype(float), len(in_use))
        for code in in_use[1:]
    ]


def _of_subject(records: Records, values: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """The first value of each subject, from the rows that are used where there are any."""
    found = np.full(len(records.subjects), np.nan)
    for rows in (~missing & (records.subject >= 0), records.used):
        where = np.flatnonzero(rows)[::-1]
        found[records.subject[where]] = values[where]
    return found


def _profile_of(
    records: Records, values: np.ndarray, missing: np.ndarray
) -> tuple[list[np.ndarray], np.ndarray]:
    """One element for each subject, or one for each visit where the value changes over visits."""
    m = len(records.visits)
    first = _of_subject(records, values, missing)
    placed = ~missing & (records.subject >= 0)
    if (values[placed] == first[records.subject[placed]]).all():
        seen = ~np.isnan(first)
        return [np.where(seen, first, 0.0)], np.repeat(seen[:, None], m, axis=1)
    wide = np.full((len(records.subjects), m), np.nan)
    rows = placed & (records.visit >= 0)
    wide[records.subject[rows], records.visit[rows]] = values[rows]
    seen = ~np.isnan(wide)
    return list(np.where(seen, wide, 0.0).T), seen


def _rescale(builder: _Builder, features: dict[str, tuple[Feature, ...]]) -> np.ndarray:
    """How the reported columns follow from those with covariates centred and scaled."""
    p = len(builder.layout)
    rescale = np.eye(p)
    constant = {visit: at for at, (part, visit) in enumerate(builder.parts) if not part.factor}
    for at, (part, visit) in enumerate(builder.parts):
        if part.factor in features:
            rescale[at, at] = part.scale
            rescale[constant[visit], at] = part.centre
    return rescale


def orthonormal_root(gram: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """The upper triangular root of the cross-products of the columns.

    Raises :class:`AnalysisError` that names the columns when one follows from others.
    """
    length = np.sqrt(np.diagonal(gram))
    if (length > 0).all():
        scaled = gram / np.outer(length, length)
        try:
            root = np.linalg.cholesky(scaled).T
        except np.linalg.LinAlgError:
            root = np.zeros_like(scaled)
        if np.min(np.diagonal(root)) ** 2 > _DEPENDENT:
            return np.asarray(root * length)
    raise AnalysisError(_collinear(gram, names))


def _collinear(gram: np.ndarray, names: tuple[str, ...]) -> str:
    """Which column follows from which earlier ones."""
    length = np.sqrt(np.diagonal(gram))
    if (length == 0).any():
        return f"the column {names[int(np.argmin(length))]!r} is zero in every row that can be used"
    scaled = gram / np.outer(length, length)
    kept: list[int] = []
    for at in range(len(names)):
        share = np.linalg.solve(scaled[np.ix_(kept, kept)], scaled[kept, at])
        if scaled[at, at] - scaled[kept, at] @ share < _DEPENDENT:
            others = [names[i] for i, part in zip(kept, share, strict=True) if abs(part) > 1e-6]
            return (
                f"the columns of the fixed effects are collinear: {names[at]!r} follows from "
                f"{', '.join(repr(each) for each in others)}"
            )
        kept.append(at)
    return "the columns of the fixed effects are nearly collinear"
