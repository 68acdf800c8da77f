"""What simple methods should state, by scipy and statsmodels, without any estimator of trialkit."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.special import gammaln, xlog1py, xlogy
from statsmodels.stats.contingency_tables import StratifiedTable, mcnemar
from statsmodels.stats.oneway import anova_oneway
from statsmodels.stats.proportion import confint_proportions_2indep

from tests.planned.equal.directly import LEVEL, Asked, Stated, in_a_cluster, in_levels
from trialkit.protocol.methods.method import Method
from trialkit.results.vocabulary import Stat

Found = Iterator[tuple[tuple[str, str, str, str, Stat], float]]
NAMES = {
    "estimate": Stat.ESTIMATE,
    "se": Stat.SE,
    "df": Stat.DF,
    "statistic": Stat.STATISTIC,
    "p": Stat.P_VALUE,
    "low": Stat.CONF_LOW,
    "high": Stat.CONF_HIGH,
    "level": Stat.CONF_LEVEL,
    "df_num": Stat.DF_NUM,
    "df_den": Stat.DF_DEN,
}


def at(asked: Asked, term: str, *, method: str = "", arm: str = "", **numbers: float) -> Found:
    """Numbers at a place of the time point."""
    for name, number in numbers.items():
        where = (method or asked.method, asked.time_point, term, arm, NAMES[name])
        yield where, float(number)


def complete(asked: Asked, needed: tuple[str, ...], *items: str) -> pd.DataFrame:
    """The members with all that is needed at the time point."""
    return asked.at_end(asked.complete(needed, Stated(), items=items))


def samples(asked: Asked) -> tuple[dict[str, np.ndarray], Iterator[tuple[str, str]]]:
    """The response in each arm, and the arms to compare with the names of their contrasts."""
    frame = complete(asked, asked.needed())
    column = "value" if asked.is_binary else asked.column
    values = {a: frame.loc[frame["arm"] == a, column].to_numpy() for a in asked.trial.arms}
    reference = asked.trial.reference
    return values, ((arm, f"{arm} - {reference}") for arm in asked.trial.others)


def t_tests(asked: Asked) -> Found:
    values, contrasts = samples(asked)
    y = values[asked.trial.reference]
    side = asked.specification.alternative.value.replace("_", "-")
    for arm, term in contrasts:
        x = values[arm]
        equal = asked.method == "student_t"
        found = stats.ttest_ind(x, y, equal_var=equal, alternative=side)
        low, high = found.confidence_interval(asked.trial.level)
        difference = x.mean() - y.mean()
        yield from at(
            asked,
            term,
            estimate=difference,
            se=difference / found.statistic,
            df=found.df,
            statistic=found.statistic,
            p=found.pvalue,
            low=low,
            high=high,
            level=asked.trial.level,
        )
        if asked.specification.standardiser != "pooled":
            continue
        n, m = len(x), len(y)
        pooled = np.sqrt(((n - 1) * x.var(ddof=1) + (m - 1) * y.var(ddof=1)) / (n + m - 2))
        half = (n + m - 2) / 2
        correction = np.exp(gammaln(half) - gammaln(half - 0.5)) / np.sqrt(half)
        place = (asked.method, asked.time_point, term, "", Stat.HEDGES_G)
        yield place, float(difference / pooled * correction)


def ranks(asked: Asked) -> Found:
    values, contrasts = samples(asked)
    y = values[asked.trial.reference]
    for arm, term in contrasts:
        x = values[arm]
        shift = np.median(np.subtract.outer(x, y))
        yield from at(asked, term, estimate=shift)
        if asked.method != "mann_whitney":
            corrected = asked.method == "mann_whitney_asymptotic_corrected"
            found = stats.mannwhitneyu(x, y, method="asymptotic", use_continuity=corrected)
            yield from at(asked, term, statistic=found.statistic, p=found.pvalue)


def difference_alone(asked: Asked) -> Found:
    values, contrasts = samples(asked)
    for arm, term in contrasts:
        yield from at(
            asked, term, estimate=values[arm].mean() - values[asked.trial.reference].mean()
        )


def omnibus(asked: Asked) -> Found:
    values, _ = samples(asked)
    groups = list(values.values())
    n, k = sum(map(len, groups)), len(groups)
    match asked.specification.method:
        case Method.ONE_WAY_ANOVA:
            found = stats.f_oneway(*groups)
            numbers = {"df_num": k - 1, "df_den": n - k}
        case Method.WELCH_ANOVA:
            found = anova_oneway(groups, use_var="unequal", welch_correction=True)
            numbers = {"df_num": found.df[0], "df_den": found.df[1]}
        case _:
            found = stats.kruskal(*groups)
            numbers = {"df": k - 1}
    yield from at(asked, "group", statistic=found.statistic, p=found.pvalue, **numbers)


def design(asked: Asked, frame: pd.DataFrame, columns: tuple[str, ...]) -> np.ndarray:
    """The intercept, the arms but the reference, and covariates as numbers."""
    parts = [np.ones(len(frame)), *((frame["arm"] == arm) for arm in asked.trial.others)]
    for name in columns:
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            parts += [column == level for level in column.cat.categories[1:]]
        else:
            parts.append(column)
    return np.column_stack([np.asarray(each, dtype=float) for each in parts])


def of_rows(asked: Asked, fit: object, rows: np.ndarray) -> dict[str, float]:
    """A linear combination of coefficients with its t test and limits."""
    found = fit.t_test(rows)
    low, high = found.conf_int(alpha=1 - asked.trial.level)[0]
    return {
        "estimate": found.effect[0],
        "se": found.sd.item(),
        "df": fit.df_resid,
        "statistic": found.tvalue.item(),
        "p": float(found.pvalue),
        "low": low,
        "high": high,
    }


def covariance_model(asked: Asked) -> Found:
    plan = asked.specification
    if plan.scale == "log":
        return
    items = tuple(each for each in plan.covariates if each != "baseline")
    frame = complete(asked, asked.needed(plan.covariates), *items)
    matrix = design(asked, frame, plan.covariates)
    fit = sm.OLS(frame[asked.column].to_numpy(), matrix).fit()
    centre = matrix.mean(axis=0)
    for place, arm in enumerate(asked.trial.arms):
        row = centre.copy()
        row[1 : len(asked.trial.arms)] = 0
        if place:
            unit = np.zeros_like(centre)
            unit[place] = row[place] = 1
            term = f"{arm} - {asked.trial.reference}"
            yield from at(asked, term, level=asked.trial.level, **of_rows(asked, fit, unit))
        mean = of_rows(asked, fit, row)
        kept = {name: mean[name] for name in ("estimate", "se", "df", "low", "high")}
        yield from at(asked, "adjusted mean", arm=arm, **kept)


def cluster_means(asked: Asked) -> Found:
    """Least squares of the clusters' means on the arm, weighted or not, by statsmodels."""
    frame = in_a_cluster(asked, asked.needed(), Stated())
    for arm in asked.trial.others:
        both = frame[frame["arm"].isin([arm, asked.trial.reference])]
        column = "value" if asked.is_binary else asked.column
        means = both.groupby("cluster").agg(
            y=(column, "mean"), n=(column, "size"), arm=("arm", "first")
        )
        if asked.specification.scale == "ratio":
            means["y"] = np.log(means["y"])
        matrix = sm.add_constant((means["arm"] == arm).to_numpy(dtype=float))
        weights = means["n"] if asked.specification.weights == "size" else 1.0
        fit = sm.WLS(means["y"], matrix, weights=weights).fit()
        low, high = fit.conf_int(1 - asked.trial.level).to_numpy()[1]
        numbers = {
            "estimate": fit.params.iloc[1], "se": fit.bse.iloc[1], "df": fit.df_resid,
            "p": fit.pvalues.iloc[1], "low": low, "high": high,
        }  # fmt: skip
        if asked.specification.scale == "ratio":
            numbers |= {name: np.exp(numbers[name]) for name in ("estimate", "low", "high")}
        yield from at(
            asked, f"{arm} - {asked.trial.reference}", method=of_differences(asked), **numbers
        )


def of_differences(asked: Asked) -> str:
    """The measure of risks by which the rows of events are named."""
    return "risk_difference" if asked.is_binary else ""


def events_in_clusters(asked: Asked) -> Found:
    """Under independence those of a GLM of all participants, with errors in clusters."""
    plan = asked.specification
    if plan.correlation != "independence":
        return
    frame = in_a_cluster(asked, asked.needed(), Stated(), items=plan.covariates)
    matrix = design(asked, frame, plan.covariates)
    fit = sm.GLM(frame["value"].to_numpy(), matrix, family=sm.families.Binomial()).fit(
        cov_type="cluster",
        cov_kwds={"groups": pd.factorize(frame["cluster"])[0], "use_correction": False},
        tol=1e-14,
    )
    for place, arm in enumerate(asked.trial.others, start=1):
        term = f"{arm} - {asked.trial.reference}"
        numbers = {"estimate": np.exp(fit.params[place]), "se": fit.bse[place]}
        yield from at(asked, term, method="odds_ratio", **numbers)


def cluster_model(asked: Asked) -> Found:
    """Least squares by statsmodels; its covariance of clusters is CR0, or by its own factor CR1S."""
    plan = asked.specification
    items = tuple(each for each in plan.covariates if each != "baseline")
    frame = in_a_cluster(asked, asked.needed(plan.covariates), Stated(), items=items)
    matrix = design(asked, frame, plan.covariates)
    groups = pd.factorize(frame["cluster"])[0]
    kinds = {"groups": groups, "use_correction": False}
    column = "value" if asked.is_binary else asked.column
    fit = sm.OLS(frame[column].to_numpy(), matrix).fit(cov_type="cluster", cov_kwds=kinds)
    m = groups.max() + 1
    factor = {"CR0": 1.0, "CR1": np.sqrt(m / (m - 1))}.get(plan.covariance.value)
    for place, arm in enumerate(asked.trial.others, start=1):
        term = f"{arm} - {asked.trial.reference}"
        own = of_differences(asked)
        yield from at(asked, term, method=own, estimate=fit.params[place])
        if factor:
            yield from at(asked, term, method=own, se=factor * fit.bse[place])


def cluster_intercepts(asked: Asked) -> Found:
    """Generalised least squares at the variances that maximise the restricted likelihood."""
    plan = asked.specification
    if asked.method == "partially_nested" and plan.residual_by_arm:
        return
    others = () if asked.method == "partially_nested" else plan.groupings
    items = tuple(each for each in (*plan.covariates, *others) if each != "baseline")
    arms = asked.trial.others if asked.method == "partially_nested" else asked.trial.arms
    frame = in_a_cluster(asked, asked.needed(plan.covariates), Stated(), items=items, arms=arms)
    matrix, y = design(asked, frame, plan.covariates), frame[asked.column].to_numpy()
    in_clusters = frame["arm"].isin(arms).to_numpy()
    same = np.stack(
        [
            np.equal.outer(*[pd.factorize(frame[name])[0]] * 2).astype(float)
            for name in ("cluster", *others)
        ]
    )
    same *= np.logical_and.outer(in_clusters, in_clusters)
    n, p = matrix.shape

    def solved(*ratios: float) -> tuple[float, np.ndarray]:
        inverse = np.linalg.inv(np.eye(n) + np.tensordot(ratios, same, 1))
        information = matrix.T @ inverse @ matrix
        beta = np.linalg.solve(information, matrix.T @ inverse @ y)
        left = y - matrix @ beta
        deviance = (n - p) * np.log(left @ inverse @ left) - np.linalg.slogdet(inverse)[1]
        return deviance + np.linalg.slogdet(information)[1], beta

    if others:
        limits = {"xatol": 1e-9, "fatol": 1e-13, "maxiter": 2000}
        found = minimize(
            lambda roots: solved(*np.square(roots))[0],
            np.full(len(same), 0.3),
            method="Nelder-Mead",
            options=limits,
        )
        beta = solved(*np.square(found.x))[1]
    else:
        found = minimize_scalar(
            lambda root: solved(root**2)[0],
            bounds=(0, 5),
            method="bounded",
            options={"xatol": 1e-9},
        )
        at_zero = solved(0.0)[0] <= found.fun
        beta = solved(0.0 if at_zero else found.x**2)[1]
    for place, arm in enumerate(asked.trial.others, start=1):
        yield from at(asked, f"{arm} - {asked.trial.reference}", estimate=beta[place])


def subgroups(asked: Asked) -> Found:
    plan, trial = asked.specification, asked.trial
    by = LEVEL if plan.cut_points else plan.by
    if asked.is_binary:
        frame = complete(asked, (asked.time_point,), plan.by)
        frame = in_levels(frame, plan) if plan.cut_points else frame
        for arm in trial.others:
            for level in frame[by].cat.categories:
                own = frame[frame[by] == level]
                risk = own.groupby("arm", observed=True)["value"].mean()
                term = f"{arm} - {trial.reference} | {level}"
                difference = risk[arm] - risk[trial.reference]
                yield from at(asked, term, method="risk_difference", estimate=difference)
        return
    items = (*(each for each in plan.covariates if each != "baseline"), plan.by)
    frame = complete(asked, asked.needed(plan.covariates), *dict.fromkeys(items))
    frame = in_levels(frame, plan) if plan.cut_points else frame
    y = frame[asked.column].to_numpy()
    plain = design(asked, frame, (*plan.covariates, by))
    together = sm.OLS(y, plain).fit()
    # two levels of the characteristic: one interaction an arm
    second = plain[:, -1:]
    arms = len(trial.others)
    whole = np.column_stack([plain, plain[:, 1 : 1 + arms] * second])
    apart = sm.OLS(y, whole).fit()
    for place, arm in enumerate(trial.others):
        term = f"{arm} - {trial.reference}"
        row = np.zeros(plain.shape[1])
        row[1 + place] = 1
        found = of_rows(asked, together, row)
        yield from at(asked, term, **{name: found[name] for name in ("estimate", "low", "high")})
        for number, level in enumerate(frame[by].cat.categories):
            row = np.zeros(whole.shape[1])
            row[1 + place] = 1
            row[plain.shape[1] + place] = number
            yield from at(asked, f"{term} | {level}", **of_rows(asked, apart, row))
    test = apart.compare_f_test(together)
    numbers = {"statistic": test[0], "p": test[1], "df_num": test[2], "df_den": apart.df_resid}
    yield from at(asked, "interaction", **numbers)


def mixed_anova(asked: Asked) -> Found:
    trial, visits = asked.trial, asked.from_baseline
    frame = asked.complete(visits, Stated())
    frame = frame[frame["visit"].isin(visits)]
    for visit in visits[1:]:
        here = frame[frame["visit"] == visit]
        fit = sm.OLS(here["change"].to_numpy(), design(asked, here, ())).fit()
        for place, arm in enumerate(trial.others, start=1):
            row = np.zeros(len(trial.arms))
            row[place] = 1
            found = of_rows(asked, fit, row)
            if asked.specification.adjustment != "none":
                found = {name: found[name] for name in ("estimate", "se", "df", "p")}
            term = f"{arm} - {trial.reference}"
            for (_, _, *where), number in at(asked, term, **found):
                yield (asked.method, visit, *where), number
    # the interaction: subjects and visits out of the way, the arms' courses differ by the rest
    subjects = pd.get_dummies(frame["subject"], dtype=float).to_numpy()
    times = np.column_stack([(frame["visit"] == visit).astype(float) for visit in visits[1:]])
    arms = design(asked, frame, ())[:, 1:]
    crossed = [
        arms[:, i] * times[:, j] for i in range(arms.shape[1]) for j in range(times.shape[1])
    ]
    null = np.column_stack([subjects, times])
    full = np.column_stack([null, *crossed])
    y = frame["value"].to_numpy()
    left, less = (_squares(y, matrix) for matrix in (null, full))
    df_num = len(crossed)
    df_den = (subjects.shape[1] - len(trial.arms)) * times.shape[1]
    statistic = (left - less) / df_num / (less / df_den)
    numbers = {"df_num": df_num, "df_den": df_den, "statistic": statistic}
    numbers["p"] = stats.f.sf(statistic, df_num, df_den)
    for name, number in numbers.items():
        yield (asked.method, "", "group:visit", "", NAMES[name]), float(number)
    eta = (asked.method, "", "group:visit", "", Stat.PARTIAL_ETA_SQUARED)
    yield eta, float((left - less) / left)


def _squares(y: np.ndarray, matrix: np.ndarray) -> float:
    coefficients = np.linalg.lstsq(matrix, y, rcond=None)[0]
    return float(np.square(y - matrix @ coefficients).sum())


def pairs(asked: Asked) -> Found:
    term = f"{asked.time_point} - {asked.trial.baseline}"
    frame = asked.at_end(asked.complete(asked.pair, Stated()))
    for arm in asked.trial.arms:
        own = frame[frame["arm"] == arm]
        first, last = own["baseline"].to_numpy(), own["value"].to_numpy()
        change = own["change"].to_numpy()
        if asked.method == "paired_t":
            found = stats.ttest_rel(last, first)
            low, high = found.confidence_interval(asked.trial.level)
            numbers = {"statistic": found.statistic, "p": found.pvalue, "df": found.df}
            numbers |= {"estimate": change.mean(), "low": low, "high": high}
            yield from at(asked, term, arm=arm, **numbers)
        elif asked.is_binary:
            table = pd.crosstab(first, last).reindex(index=[0, 1], columns=[0, 1], fill_value=0)
            exact = asked.method == "mcnemar_exact"
            found = mcnemar(table, exact=exact, correction=False)
            yield from at(asked, term, arm=arm, p=found.pvalue)
            yield from at(asked, term, method="risk_difference", arm=arm, estimate=change.mean())
        else:
            # zeros leave before the pseudo-median of the changes is taken
            moved = change[change != 0]
            walsh = np.add.outer(moved, moved)[np.triu_indices(len(moved))] / 2
            yield from at(asked, term, arm=arm, estimate=np.median(walsh))


def compliers(asked: Asked) -> Found:
    """Without covariates: the difference by arm over the difference in what was received (Wald)."""
    if asked.specification.covariates:
        return
    frame = complete(asked, asked.needed())
    got = np.array([asked.trial.people[name].received or "" for name in frame["subject"]])
    reference = (frame["arm"] == asked.trial.reference).to_numpy()
    y = frame[asked.column].to_numpy()
    for arm in asked.trial.others:
        own = (frame["arm"] == arm).to_numpy()
        moved = (got[own] == arm).mean() - (got[reference] == arm).mean()
        term = f"{arm} - {asked.trial.reference}"
        yield from at(asked, term, estimate=(y[own].mean() - y[reference].mean()) / moved)


def medians(asked: Asked) -> Found:
    """Without covariates the line runs through the arms' own medians."""
    if asked.specification.covariates or asked.specification.quantile != 0.5:
        return
    values, contrasts = samples(asked)
    y = values[asked.trial.reference]
    for arm, term in contrasts:
        yield from at(asked, term, estimate=np.median(values[arm]) - np.median(y))


def trimmed_means(asked: Asked) -> Found:
    """Whoever has no value at the end stands at infinity on the bad side, and is cut off with others."""
    plan, trial = asked.specification, asked.trial
    needed = asked.pair[: int(asked.of_change)]
    left_out = plan.missing == "left_out"
    frame = complete(asked, (*needed, asked.time_point) if left_out else needed)
    sign = 1 if asked.direction == "higher" else -1
    own = {
        arm: np.sort((sign * frame.loc[frame["arm"] == arm, asked.column]).fillna(-np.inf))
        for arm in trial.arms
    }
    share = max(np.isinf(each).mean() for each in own.values()) if plan.trim is None else plan.trim
    means = {
        arm: sign * each[int(np.ceil(round(share * len(each), 9))) :].mean()
        for arm, each in own.items()
    }
    for arm in trial.others:
        yield from at(
            asked, f"{arm} - {trial.reference}", estimate=means[arm] - means[trial.reference]
        )


def bootstraps(asked: Asked) -> Found:
    values, contrasts = samples(asked)
    if asked.specification.estimator != "mean_difference":
        return
    rng = np.random.default_rng(asked.specification.seed)
    y = values[asked.trial.reference]
    for arm, term in contrasts:
        found = stats.bootstrap(
            (values[arm], y),
            lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis),
            n_resamples=asked.specification.replicates,
            vectorized=True,
            confidence_level=asked.trial.level,
            method="BCa" if asked.specification.interval == "bca" else "percentile",
            rng=rng,
        )
        low, high = found.confidence_interval
        if asked.specification.interval == "bc":
            low, high = moved_by_the_bias(found.bootstrap_distribution, values[arm], y, asked)
        difference = values[arm].mean() - y.mean()
        yield from at(asked, term, estimate=difference, se=found.standard_error, low=low, high=high)


def moved_by_the_bias(drawn, x, y, asked: Asked) -> tuple[float, float]:
    """The percentiles of the bias-corrected interval (Efron and Tibshirani 1993, 14.10, a = 0)."""
    below = stats.percentileofscore(drawn, x.mean() - y.mean(), kind="mean") / 100
    reach = stats.norm.isf((1 - asked.trial.level) / 2)
    ends = stats.norm.cdf(2 * stats.norm.ppf(below) + np.array([-reach, reach]))
    low, high = np.quantile(drawn, ends)
    return low, high


def rerandomisation(asked: Asked) -> Found:
    plan, trial = asked.specification, asked.trial
    items = tuple(each for each in plan.covariates if each != "baseline")
    frame = complete(asked, asked.needed(plan.covariates), *items)
    for arm in trial.others:
        both = frame[frame["arm"].isin([arm, trial.reference])]
        parts = [np.ones(len(both)), both["arm"] == arm, *(both[each] for each in plan.covariates)]
        matrix = np.column_stack([np.asarray(each, dtype=float) for each in parts])
        coefficients = np.linalg.lstsq(matrix, both[asked.column].to_numpy(), rcond=None)[0]
        yield from at(asked, f"{arm} - {trial.reference}", estimate=coefficients[1])


def risks(asked: Asked, events: dict[str, np.ndarray]) -> Found:
    """The measures of risks with the limits of statsmodels and scipy, and the test of scipy."""
    level, reference, plan = asked.trial.level, asked.trial.reference, asked.specification
    by_score = plan.interval in {"miettinen_nurminen", "mee"}
    of_ratio = plan.ratio_interval or ("miettinen_nurminen" if by_score else "katz")
    of_odds = plan.odds_ratio_method or ("miettinen_nurminen" if by_score else "woolf")
    interval = {"newcombe": "newcomb", "miettinen_nurminen": "score"}[plan.interval]
    test = plan.test.value
    b, m = events[reference].sum(), len(events[reference])
    for arm in asked.trial.others:
        a, n = events[arm].sum(), len(events[arm])
        term = f"{arm} - {reference}"
        given = {"count1": a, "nobs1": n, "count2": b, "nobs2": m, "alpha": 1 - level}
        kinds = [("risk_difference", "diff", interval, a / n - b / m)]
        table = np.array([[a, n - a], [b, m - b]])
        whole = table.min() > 0
        # without an event, or with nothing but events, in both arms there is no ratio
        told = 0 < a + b < n + m
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio, odds = a / n / (b / m), a / np.float64(b) * (m - b) / np.float64(n - a)
        if whole or (told and of_ratio != "katz"):
            method = {"katz": "log", "miettinen_nurminen": "score ratio"}[of_ratio]
            kinds.append(("risk_ratio", "ratio", method, ratio))
        if whole or (told and of_odds != "woolf"):
            if of_odds == "conditional":
                odds = stats.contingency.odds_ratio(table.astype(int)).statistic
            methods = {"woolf": "logit", "miettinen_nurminen": "score odds"}
            kinds.append(("odds_ratio", "odds-ratio", methods.get(of_odds, of_odds), odds))
        for measure, compare, method, estimate in kinds:
            if method == "score":
                low, high = score_limits(events[arm], events[reference], level)
            elif method in SCORES:
                low, high = ratio_score_limits(table, level, *SCORES[method])
            elif method == "conditional":
                low, high = stats.contingency.odds_ratio(table.astype(int)).confidence_interval(
                    level
                )
            else:
                low, high = confint_proportions_2indep(**given, compare=compare, method=method)
            numbers = {"estimate": estimate, "low": low, "high": high, "level": level}
            yield from at(asked, term, method=measure, **numbers)
        if test == "fisher_exact":
            yield from at(asked, term, method=test, p=stats.fisher_exact(table).pvalue)
        else:
            # where nobody or everybody has the event there is nothing to tell the arms apart
            statistic = stats.chi2_contingency(table, correction=False).statistic if told else 0.0
            statistic *= (n + m - 1) / (n + m) if test == "chi_square_n_minus_1" else 1
            numbers = {"statistic": statistic, "df": 1, "p": stats.chi2.sf(statistic, 1)}
            yield from at(asked, term, method=test, **numbers)


def score_z(x: np.ndarray, y: np.ndarray, difference: float) -> float:
    """Miettinen and Nurminen's score, the risks under the hypothesis found by a search."""
    a, n, b, m = x.sum(), len(x), y.sum(), len(y)

    def unlikely(risk: float) -> float:
        other = risk + difference
        return -(xlogy(a, other) + xlog1py(n - a, -other) + xlogy(b, risk) + xlog1py(m - b, -risk))

    bounds = (max(0.0, -difference) + 1e-12, min(1.0, 1 - difference) - 1e-12)
    risk = minimize_scalar(unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-12}).x
    other = risk + difference
    variance = other * (1 - other) / n + risk * (1 - risk) / m
    return (a / n - b / m - difference) / np.sqrt(variance * (n + m) / (n + m - 1))


def score_limits(x: np.ndarray, y: np.ndarray, level: float) -> tuple[float, float]:
    """The differences that the score does not reject."""
    far = stats.norm.isf((1 - level) / 2)
    middle = x.mean() - y.mean()
    low = brentq(lambda d: score_z(x, y, d) - far, -1 + 1e-6, middle - 1e-6, xtol=1e-12)
    high = brentq(lambda d: score_z(x, y, d) + far, middle + 1e-6, 1 - 1e-6, xtol=1e-12)
    return low, high


def score_of_ratio(table: np.ndarray, risk: float, ratio: float) -> float:
    """Miettinen and Nurminen's score of a risk ratio, where the reference arm has this risk."""
    (a, _), (b, _) = table
    n, m = table.sum(axis=1)
    other = ratio * risk
    variance = other * (1 - other) / n + ratio**2 * risk * (1 - risk) / m
    return (a / n - ratio * b / m) / np.sqrt(variance * (n + m) / (n + m - 1))


def score_of_odds(table: np.ndarray, risk: float, ratio: float) -> float:
    """The same of an odds ratio."""
    n, m = table.sum(axis=1)
    other = ratio * risk / (1 - risk + ratio * risk)
    information = 1 / (n * other * (1 - other)) + 1 / (m * risk * (1 - risk))
    return (table[0, 0] - n * other) * np.sqrt(information * (n + m - 1) / (n + m))


SCORES = {
    "score ratio": (lambda risk, ratio: ratio * risk, score_of_ratio),
    "score odds": (lambda risk, ratio: ratio * risk / (1 - risk + ratio * risk), score_of_odds),
}
"""The experimental risk under a ratio, and the score of the ratio."""


def ratio_score_limits(table: np.ndarray, level: float, risk_under, score) -> tuple[float, float]:
    """The ratios that the score does not reject; 0 and infinity where it rejects none."""
    (a, without), (b, other_without) = table
    far = stats.norm.isf((1 - level) / 2)

    def z(log_ratio: float) -> float:
        ratio = np.exp(log_ratio)

        def unlikely(log_odds: float) -> float:
            risk = 1 / (1 + np.exp(-log_odds)) * highest
            other = risk_under(risk, ratio)
            likely = xlogy(a, other) + xlog1py(without, -other)
            return -(likely + xlogy(b, risk) + xlog1py(other_without, -risk))

        # under a risk ratio above 1 the reference risk stays below its inverse
        highest = min(1.0, 1 / ratio) if score is score_of_ratio else 1.0
        best = minimize_scalar(
            unlikely, bounds=(-30, 30), method="bounded", options={"xatol": 1e-10}
        ).x
        return score(table, highest / (1 + np.exp(-best)), ratio)

    def limit(target: float, none: float) -> float:
        if (z(-8) - target) * (z(8) - target) > 0:
            return none
        return float(np.exp(brentq(lambda u: z(u) - target, -8, 8, xtol=1e-10)))

    return limit(far, 0.0), limit(-far, np.inf)


def proportions(asked: Asked) -> Found:
    events, _ = samples(asked)
    yield from risks(asked, events)


def responders(asked: Asked) -> Found:
    plan, trial = asked.specification, asked.trial
    frame = asked.at_end(trial.frame(asked.outcome, asked.population))
    if plan.missing == "observed_only":
        frame = frame[frame["change"].notna()]
    amount = plan.improved_by or trial.outcomes[asked.outcome].get("minimal_important_change")
    share = plan.improved_by_share
    needed = amount if share is None else share * frame["baseline"]
    sign = 1 if asked.direction == "higher" else -1
    improved = (sign * frame["change"] >= needed - 1e-9).to_numpy(dtype=float)
    events = {arm: improved[(frame["arm"] == arm).to_numpy()] for arm in trial.arms}
    yield from risks(asked, events)


def strata(asked: Asked) -> Found:
    plan, trial = asked.specification, asked.trial
    frame = complete(asked, (asked.time_point,), plan.strata)
    for arm in trial.others:
        tables, top, bottom = [], 0.0, 0.0
        for level in frame[plan.strata].cat.categories:
            own = frame[frame[plan.strata] == level]
            x = own.loc[own["arm"] == arm, "value"]
            y = own.loc[own["arm"] == trial.reference, "value"]
            n, m = len(x), len(y)
            tables.append([[x.sum(), n - x.sum()], [y.sum(), m - y.sum()]])
            top += (x.mean() - y.mean()) * n * m / (n + m)
            bottom += n * m / (n + m)
        found = StratifiedTable([np.array(table) for table in tables])
        term = f"{arm} - {trial.reference}"
        test = found.test_null_odds(correction=False)
        yield from at(asked, term, statistic=test.statistic, p=test.pvalue, df=1)
        yield from at(asked, term, method="risk_difference", estimate=top / bottom)
        yield from at(asked, term, method="risk_ratio", estimate=found.riskratio_pooled)
        if any(table[0][1] * table[1][0] for table in tables):
            yield from at(asked, term, method="odds_ratio", estimate=found.oddsratio_pooled)


def risk_model(asked: Asked) -> tuple[np.ndarray, np.ndarray]:
    """The events of whom the model can use, and its design: intercept, arms, covariates."""
    frame = complete(asked, (asked.time_point,), *asked.specification.covariates)
    return frame["value"].to_numpy(), design(asked, frame, asked.specification.covariates)


def logistic(asked: Asked) -> Found:
    events, matrix = risk_model(asked)
    fit = sm.GLM(events, matrix, family=sm.families.Binomial()).fit(tol=1e-14)
    yield from ratios(asked, fit, "odds_ratio")
    if asked.specification.limits == "profile":
        yield from likelihood_ratio(asked, fit)


def log_binomial_model(asked: Asked) -> Found:
    """Without covariates the model has every arm's own risk."""
    values, contrasts = samples(asked)
    y = values[asked.trial.reference]
    for arm, term in contrasts:
        x = values[arm]
        se = np.sqrt(sum(1 / each.sum() - 1 / len(each) for each in (x, y)))
        table = [[each.sum(), len(each) - each.sum()] for each in (x, y)]
        test = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
        yield from at(
            asked,
            term,
            method="risk_ratio",
            estimate=x.mean() / y.mean(),
            se=se,
            statistic=test.statistic,
            df=1,
            p=test.pvalue,
        )


def poisson_of_events(asked: Asked) -> Found:
    events, matrix = risk_model(asked)
    fit = sm.GLM(events, matrix, family=sm.families.Poisson()).fit(cov_type="HC0", tol=1e-14)
    n, p = matrix.shape
    larger = n / (n - p) if asked.specification.variance == "HC1" else 1.0
    yield from ratios(asked, fit, "risk_ratio", larger=np.sqrt(larger))


def ratios(asked: Asked, fit: object, measure: str, *, larger: float = 1.0) -> Found:
    """Ratios with their errors; Wald's limits and test where the plan has those."""
    reach = stats.norm.ppf((1 + asked.trial.level) / 2)
    wald = getattr(asked.specification, "limits", "wald") == "wald"
    for place, arm in enumerate(asked.trial.others, start=1):
        value, se = fit.params[place], fit.bse[place] * larger
        term = f"{arm} - {asked.trial.reference}"
        yield from at(asked, term, method=measure, estimate=np.exp(value), se=se)
        if wald:
            yield from at(
                asked,
                term,
                method=measure,
                statistic=value / se,
                p=2 * stats.norm.sf(abs(value / se)),
                low=np.exp(value - reach * se),
                high=np.exp(value + reach * se),
            )


def likelihood_ratio(asked: Asked, fit: object) -> Found:
    """The fall of the likelihood where an arm is one with the reference."""
    events, matrix = risk_model(asked)
    for place, arm in enumerate(asked.trial.others, start=1):
        without = sm.GLM(events, np.delete(matrix, place, axis=1), family=fit.family).fit(tol=1e-14)
        fall = 2 * (fit.llf - without.llf)
        term = f"{arm} - {asked.trial.reference}"
        yield from at(
            asked, term, method="odds_ratio", statistic=fall, df=1, p=stats.chi2.sf(fall, 1)
        )


def over_visits(asked: Asked) -> Found:
    """Under independence the estimates are those of a GLM of all values, with errors in clusters."""
    plan, later = asked.specification, asked.after_baseline
    if plan.correlation != "independence":
        return
    frame = asked.complete((), Stated(), any_of=later)
    frame = frame[frame["visit"].isin(later) & frame["value"].notna()].reset_index(drop=True)
    arms = np.column_stack([frame["arm"] == arm for arm in asked.trial.others]).astype(float)
    visits = np.column_stack([frame["visit"] == visit for visit in later]).astype(float)
    # each visit has its own risk in the reference arm, and its own odds ratios
    ratios = np.column_stack([arms * visits[:, [place]] for place in range(len(later))])
    fit = sm.GLM(
        frame["value"].to_numpy(),
        np.column_stack([visits, ratios]),
        family=sm.families.Binomial(),
    ).fit(
        cov_type="cluster",
        cov_kwds={"groups": pd.factorize(frame["subject"])[0], "use_correction": False},
        tol=1e-14,
    )
    for place, visit in enumerate(later):
        for number, arm in enumerate(asked.trial.others):
            at_ = len(later) + place * len(asked.trial.others) + number
            where = ("odds_ratio", visit, f"{arm} - {asked.trial.reference}", "")
            yield (*where, Stat.ESTIMATE), float(np.exp(fit.params[at_]))
            yield (*where, Stat.SE), float(fit.bse[at_])


def standardised(asked: Asked) -> Found:
    """The mean predictions with everybody in each arm."""
    events, matrix = risk_model(asked)
    fit = sm.GLM(events, matrix, family=sm.families.Binomial()).fit(tol=1e-14)
    arms, risks = asked.trial.arms, {}
    for place, arm in enumerate(arms):
        moved = matrix.copy()
        moved[:, 1 : len(arms)] = 0
        if place:
            moved[:, place] = 1
        risks[arm] = fit.predict(moved).mean()
        yield from at(asked, "standardised risk", arm=arm, estimate=risks[arm])
    base = risks[asked.trial.reference]
    for arm in asked.trial.others:
        term, risk = f"{arm} - {asked.trial.reference}", risks[arm]
        odds = risk / (1 - risk) / (base / (1 - base))
        yield from at(asked, term, method="risk_difference", estimate=risk - base)
        yield from at(asked, term, method="risk_ratio", estimate=risk / base)
        yield from at(asked, term, method="odds_ratio", estimate=odds)


def margins(asked: Asked) -> Found:
    plan = asked.specification
    values, contrasts = samples(asked)
    y, level = values[asked.trial.reference], 1 - 2 * plan.alpha
    # the margin that must be excluded: below where higher is better, above where lower is
    sides = [-plan.margin] if asked.direction == "higher" else [plan.margin]
    if asked.method == "equivalence":
        sides = [-plan.margin, plan.margin]
    for arm, term in contrasts:
        x = values[arm]
        tested = []
        for side in sides:
            alternative = "greater" if side < 0 else "less"
            if asked.is_binary:
                z = score_z(x, y, side)
                tested.append((stats.norm.sf(z if side < 0 else -z), z))
                continue
            found = stats.ttest_ind(x - side, y, equal_var=False, alternative=alternative)
            tested.append((found.pvalue, found.statistic))
        p, statistic = max(tested)
        if asked.is_binary:
            low, high = score_limits(x, y, level)
        else:
            found = stats.ttest_ind(x, y, equal_var=False)
            low, high = found.confidence_interval(level)
        numbers = {"estimate": x.mean() - y.mean(), "low": low, "high": high, "level": level}
        yield from at(asked, term, **numbers, p=p)
        if len(tested) == 1 or abs(tested[0][0] - tested[1][0]) > 1e-6:
            yield from at(asked, term, statistic=statistic)
        yield (asked.method, asked.time_point, term, "", Stat.MARGIN), plan.margin


BY_SCIPY: dict[Method, Callable[[Asked], Found]] = {
    Method.WELCH_T: t_tests,
    Method.STUDENT_T: t_tests,
    Method.MANN_WHITNEY: ranks,
    Method.MANN_WHITNEY_ASYMPTOTIC: ranks,
    Method.MANN_WHITNEY_CORRECTED: ranks,
    Method.PERMUTATION: difference_alone,
    Method.ONE_WAY_ANOVA: omnibus,
    Method.WELCH_ANOVA: omnibus,
    Method.KRUSKAL_WALLIS: omnibus,
    Method.ANCOVA: covariance_model,
    Method.SUBGROUPS: subgroups,
    Method.CLUSTER_SUMMARIES: cluster_means,
    Method.CLUSTER_REGRESSION: cluster_model,
    Method.RANDOM_INTERCEPTS: cluster_intercepts,
    Method.PARTIALLY_NESTED: cluster_intercepts,
    Method.CLUSTER_GEE: events_in_clusters,
    Method.MIXED_ANOVA: mixed_anova,
    Method.PAIRED_T: pairs,
    Method.SIGNED_RANK: pairs,
    Method.MCNEMAR: pairs,
    Method.MCNEMAR_EXACT: pairs,
    Method.COMPLIER_EFFECT: compliers,
    Method.QUANTILE_DIFFERENCE: medians,
    Method.BOOTSTRAP: bootstraps,
    Method.RERANDOMISATION: rerandomisation,
    Method.TRIMMED_MEAN: trimmed_means,
    Method.RISK_DIFFERENCE: proportions,
    Method.COCHRAN_MANTEL_HAENSZEL: strata,
    Method.LOGISTIC: logistic,
    Method.STANDARDISED_RISKS: standardised,
    Method.MODIFIED_POISSON: poisson_of_events,
    Method.LOG_BINOMIAL: log_binomial_model,
    Method.GEE: over_visits,
    Method.RESPONDERS: responders,
    Method.NON_INFERIORITY: margins,
    Method.EQUIVALENCE: margins,
}
"""All but the mixed models, whose references are in their own tests."""
