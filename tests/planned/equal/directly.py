"""What each method should state: the estimator called directly on frames of the second reading."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tests.planned.equal.second_reading import SecondReading
from trialkit.analysis.anova.mixed_anova import mixed_anova
from trialkit.analysis.binary.logistic import logistic_regression
from trialkit.analysis.binary.relative_risks import log_binomial, modified_poisson
from trialkit.analysis.binary.standardisation import standardised_risks
from trialkit.analysis.clusters.cluster_correlation import intracluster_correlation
from trialkit.analysis.clusters.cluster_regression import cluster_regression
from trialkit.analysis.clusters.cluster_summaries import compare_cluster_summaries
from trialkit.analysis.diagnosing.diagnostics import (
    Diagnostics,
    diagnose_ancova,
    diagnose_mixed_anova,
)
from trialkit.analysis.gee.estimating import generalised_estimating_equations
from trialkit.analysis.gee.random_intercept import random_intercept_model
from trialkit.analysis.generalised.ratio_model import RatioModel
from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.imputing import Imputations, impute
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.pooling import pool_imputations
from trialkit.analysis.imputation.sequential import (
    SequentialImputations,
    sequential_imputations,
)
from trialkit.analysis.instrumental.complier_effect import complier_effect
from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.linear.subgroups import subgroup_effects
from trialkit.analysis.margins.margins import (
    compare_means_with_margin,
    compare_proportions_with_margin,
)
from trialkit.analysis.means.means import compare_means
from trialkit.analysis.means.paired_means import compare_paired
from trialkit.analysis.means.probability_of_superiority import probability_of_superiority
from trialkit.analysis.mixed.linear_mixed_fit import LinearMixedFit
from trialkit.analysis.mixed.partially_nested import partially_nested
from trialkit.analysis.mixed.random_intercepts import random_intercepts
from trialkit.analysis.proportions.paired_proportions import compare_paired_proportions
from trialkit.analysis.proportions.proportion_subgroups import compare_proportions_in_subgroups
from trialkit.analysis.proportions.proportions import compare_proportions
from trialkit.analysis.proportions.responders import (
    ImprovedBy,
    ImprovedByShare,
    compare_responders,
)
from trialkit.analysis.proportions.stratified_proportions import cochran_mantel_haenszel
from trialkit.analysis.quantiles.quantile_regression import quantile_regression
from trialkit.analysis.repeated.constrained_longitudinal import (
    ConstrainedLongitudinalFit,
    constrained_longitudinal,
)
from trialkit.analysis.repeated.fit import mmrm
from trialkit.analysis.repeated.result import MmrmFit
from trialkit.analysis.resampling.bootstrap import bootstrap_difference
from trialkit.analysis.resampling.rerandomisation import rerandomisation_test
from trialkit.analysis.trimmed.trimmed_means import compare_trimmed_means
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.results.vocabulary import Stat

TEST = {Stat.STATISTIC: "statistic", Stat.DF: "df", Stat.P_VALUE: "p_value"}
LIMITS = {
    Stat.CONF_LOW: "conf_low",
    Stat.CONF_HIGH: "conf_high",
    Stat.CONF_LEVEL: "conf_level",
}
EFFECT = {Stat.ESTIMATE: "estimate", **LIMITS}
CONTRAST = {**EFFECT, Stat.SE: "se", **TEST}
MEAN = {
    Stat.ESTIMATE: "estimate",
    Stat.SE: "se",
    Stat.DF: "df",
    Stat.CONF_LOW: "conf_low",
    Stat.CONF_HIGH: "conf_high",
}
F_TEST = {
    Stat.DF_NUM: "df_num",
    Stat.DF_DEN: "df_den",
    Stat.STATISTIC: "statistic",
    Stat.P_VALUE: "p_value",
}
TERM = {
    **F_TEST,
    Stat.EPSILON_GG: "epsilon_gg",
    Stat.EPSILON_HF: "epsilon_hf",
    Stat.P_VALUE_GG: "p_value_gg",
    Stat.P_VALUE_HF: "p_value_hf",
    Stat.PARTIAL_ETA_SQUARED: "partial_eta_squared",
    Stat.GENERALISED_ETA_SQUARED: "generalised_eta_squared",
}
HEDGES = {
    Stat.HEDGES_G: "hedges_g",
    Stat.HEDGES_G_CONF_LOW: "hedges_g_conf_low",
    Stat.HEDGES_G_CONF_HIGH: "hedges_g_conf_high",
}
OF_ALL = "all participants of the subgroups, the effect alike in all of them"
CAUTION = "a change within one arm is no evidence of an effect; compare the arms"

Place = tuple[str, str, str, str, Stat]
"""Method, visit, term, arm and statistic of a row."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a row must state beside its place; a number of None is one that cannot be given."""

    stat: float | None
    note: str = ""
    unit: str = ""


class Stated(dict[Place, Row]):
    """The rows that an analysis must have, and no others."""

    def put(
        self,
        columns: Mapping[Stat, str],
        row: Mapping[str, object],
        *,
        method: str,
        visit: str = "",
        term: str = "",
        arm: str = "",
        note: str = "",
        unit: str = "",
    ) -> None:
        """A row for each column of an estimator's row that holds a number."""
        for stat, column in columns.items():
            number = row.get(column)
            if number is not None and not pd.isna(number):
                own = unit if stat in IN_THE_UNIT else ""
                self[method, visit, term, arm, stat] = Row(stat=float(number), note=note, unit=own)


IN_THE_UNIT = {Stat.MEAN, Stat.ESTIMATE, Stat.SE, Stat.CONF_LOW, Stat.CONF_HIGH}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An analysis of the plan, to be worked out on the second reading."""

    trial: SecondReading
    specification: Specification
    outcome: str
    population: str

    @property
    def method(self) -> str:
        return self.specification.method.value

    @property
    def time_point(self) -> str:
        return self.trial.outcomes[self.outcome]["time_point"]

    @property
    def direction(self) -> str:
        return self.trial.outcomes[self.outcome]["direction"]

    @property
    def unit(self) -> str:
        return self.trial.outcomes[self.outcome].get("unit", "")

    @property
    def is_binary(self) -> bool:
        return self.trial.outcomes[self.outcome]["type"] == "binary"

    @property
    def of_change(self) -> bool:
        return self.specification.response == "change"

    @property
    def column(self) -> str:
        return "change" if self.of_change else "value"

    @property
    def pair(self) -> tuple[str, str]:
        return self.trial.baseline, self.time_point

    @property
    def from_baseline(self) -> tuple[str, ...]:
        """The visits from baseline on at which the outcome is asked, or those that the plan chose."""
        order = list(self.trial.visits)
        later = order[order.index(self.trial.baseline) :]
        chosen = getattr(self.specification, "visits", ()) or later
        return tuple(
            visit
            for visit in later
            if visit in self.trial.asked(self.outcome)
            and (visit in chosen or visit == self.trial.baseline)
        )

    @property
    def chooses(self) -> bool:
        """Whether the plan names visits, and leaves out some at which the outcome is asked."""
        chosen = getattr(self.specification, "visits", ())
        order = list(self.trial.visits)
        later = order[order.index(self.trial.baseline) + 1 :]
        asked = {visit for visit in later if visit in self.trial.asked(self.outcome)}
        return bool(chosen) and not asked <= set(chosen)

    @property
    def after_baseline(self) -> tuple[str, ...]:
        """The later visits at which the outcome is asked, whether or not it is at baseline."""
        return tuple(visit for visit in self.from_baseline if visit != self.trial.baseline)

    def needed(self, covariates: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The visits whose value the response and the covariates read."""
        reads = not self.is_binary and (self.of_change or "baseline" in covariates)
        return self.pair if reads else (self.time_point,)

    def complete(
        self,
        needed: tuple[str, ...],
        stated: Stated,
        *,
        items: tuple[str, ...] = (),
        any_of: tuple[str, ...] = (),
    ) -> pd.DataFrame:
        """The rows of who has all that is needed; how many they are is stated, and why not more."""
        trial, members = self.trial, self.trial.population(self.population)
        cells = trial.cells(self.outcome)
        lacking: dict[str, str] = {}
        for name in sorted(members.arms):
            for visit in needed:
                value, reason, _ = cells[name, visit]
                if np.isnan(value):
                    label = trial.visits[visit]["label"]
                    lacking.setdefault(name, f"no value at {label} ({reason})")
            if any_of and all(np.isnan(cells[name, visit][0]) for visit in any_of):
                where = "at any visit" if trial.baseline in any_of else "after baseline"
                where = "at any visit analysed" if self.chooses else where
                lacking.setdefault(name, f"no value {where} ({cells[name, any_of[0]][1]})")
        for item in items:
            for name in members.arms:
                if pd.isna(trial.characteristic(item, name)):
                    lacking.setdefault(name, f"no value of the covariate {trial.title(item)}")
        outside = {
            name: f"not in the population: {reason}" for name, reason in members.outside.items()
        }
        for arm in trial.arms:
            left = [why for name, why in outside.items() if trial.people[name].arm == arm]
            left += [why for name, why in lacking.items() if members.arms[name] == arm]
            note = "; ".join(f"{why}: {left.count(why)}" for why in dict.fromkeys(left))
            here = [name for name, own in members.arms.items() if own == arm]
            count = len([name for name in here if name not in lacking])
            about = {"method": self.method, "visit": self.time_point, "arm": arm}
            stated.put({Stat.N: "n"}, {"n": count}, **about)
            stated.put({Stat.N_EXCLUDED: "n"}, {"n": len(left)}, **about, note=note)
        frame = trial.frame(self.outcome, self.population, covariates=items)
        return frame[~frame["subject"].isin(list(lacking))].reset_index(drop=True)

    def at_end(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["visit"] == self.time_point].reset_index(drop=True)


def rows_of(frame: pd.DataFrame) -> list[dict[str, object]]:
    return frame.to_dict("records")


def measures(
    stated: Stated, rows: pd.DataFrame, asked: Asked, *, note: str = "", within: str = ""
) -> None:
    """Risk difference, risk ratio and odds ratio, each under its own name."""
    for row in rows_of(rows):
        term = str(row["contrast"]) + (f" | {row[within]}" if within else "")
        where = {"method": str(row["stat_name"]), "visit": asked.time_point, "term": term}
        said = "; ".join(filter(None, [note, str(row["note"])]))
        if pd.isna(row["estimate"]):
            stated[where["method"], asked.time_point, term, "", Stat.ESTIMATE] = Row(
                stat=None, note=said
            )
        stated.put(EFFECT, row, **where, note=said)


def checks(stated: Stated, asked: Asked, found: Diagnostics) -> None:
    for row in found.rows:
        term = f"{row.check.value}: {row.place}" if row.place else row.check.value
        note = "; ".join(filter(None, (row.method, row.note)))
        numbers = {
            "statistic": row.statistic,
            "df_num": row.df_num,
            "df_den": row.df_den,
            "p_value": row.p_value,
        }
        if all(each is None for each in numbers.values()):
            stated[asked.method, "", term, "", Stat.STATISTIC] = Row(stat=None, note=note)
        stated.put(F_TEST, numbers, method=asked.method, term=term, note=note)


def of_means(asked: Asked) -> Stated:
    stated, plan = Stated(), asked.specification
    frame = asked.at_end(asked.complete(asked.needed(), stated))
    found = compare_means(
        frame,
        outcome=asked.column,
        arm="arm",
        reference=asked.trial.reference,
        method=asked.method,
        alternative=plan.alternative.value,
        standardiser=plan.standardiser.value,
        conf_level=asked.trial.level,
    )
    about = {"method": asked.method, "visit": asked.time_point, "unit": asked.unit}
    if plan.method in {Method.ONE_WAY_ANOVA, Method.WELCH_ANOVA, Method.KRUSKAL_WALLIS}:
        (row,) = rows_of(found.to_frame())
        stated.put({**TERM, Stat.DF: "df"}, row, **about, term="group")
        return stated
    by = f"standardised by the {plan.standardiser.value} SD of the "
    by += "change" if asked.of_change else "final value"
    for row in rows_of(found.to_frame()):
        stated.put(CONTRAST, row, **about, term=str(row["contrast"]))
        stated.put(HEDGES, row, **about, term=str(row["contrast"]), note=by)
    if plan.superiority is not None:
        superiority(
            stated, asked, frame, [str(row["contrast"]) for row in rows_of(found.to_frame())]
        )
    return stated


def superiority(stated: Stated, asked: Asked, frame: pd.DataFrame, contrasts: list[str]) -> None:
    """What a rank test states beside its shift."""
    for term in contrasts:
        x, y = (frame.loc[frame["arm"] == arm, asked.column] for arm in term.split(" - "))
        found = probability_of_superiority(
            x.to_numpy(), y.to_numpy(), alternative=asked.specification.alternative,
            conf_level=asked.trial.level,
        )  # fmt: skip
        columns = {Stat(name): name for name in ("estimate", "se", "df", "conf_low", "conf_high")}
        numbers = {name: getattr(found, name) for name in columns.values()}
        about = {"method": "probability_of_superiority", "visit": asked.time_point, "term": term}
        stated.put(
            {**columns, Stat.CONF_LEVEL: "level"}, {**numbers, "level": asked.trial.level}, **about
        )


def of_mixed_anova(asked: Asked) -> Stated:
    stated, plan, trial = Stated(), asked.specification, asked.trial
    frame = asked.complete(asked.from_baseline, stated)
    frame = frame[frame["visit"].isin(asked.from_baseline)].rename(columns={"arm": "group"})
    frame["visit"] = frame["visit"].cat.remove_unused_categories()
    fit = mixed_anova(
        frame,
        outcome="value",
        subject="subject",
        between="group",
        within="visit",
        sum_of_squares=plan.sum_of_squares,
    )
    for row in rows_of(fit.to_frame()):
        stated.put(TERM, row, method=asked.method, term=str(row["term"]))
    about = {"method": asked.method, "unit": asked.unit}
    contrasts = fit.contrasts(
        "change",
        reference=trial.reference,
        adjustment=plan.adjustment.value,
        conf_level=trial.level,
    )
    columns = dict(CONTRAST)
    if plan.adjustment != "none":
        columns[Stat.P_ADJUSTED] = "p_adjusted"
    for row in rows_of(contrasts):
        stated.put(columns, row, **about, visit=str(row["visit"]), term=str(row["contrast"]))
    checks(stated, asked, diagnose_mixed_anova(fit))
    compared = compare_means(
        asked.at_end(frame),
        outcome="change",
        arm="group",
        reference=trial.reference,
        method="student_t",
        conf_level=trial.level,
    )
    for row in rows_of(compared.to_frame()):
        note = "standardised by the pooled SD of the change"
        where = {"visit": asked.time_point, "term": str(row["contrast"])}
        stated.put(HEDGES, row, **about, **where, note=note)
    return stated


def of_ancova(asked: Asked) -> Stated:
    stated, plan, trial = Stated(), asked.specification, asked.trial
    items = tuple(each for each in plan.covariates if each != "baseline")
    frame = asked.at_end(asked.complete(asked.needed(plan.covariates), stated, items=items))
    fit = ancova(
        frame,
        outcome=asked.column,
        arm="arm",
        reference=trial.reference,
        covariates=plan.covariates,
        robust=plan.robust,
        scale=plan.scale.value,
        subject="subject",
    )
    about = {"method": asked.method, "visit": asked.time_point}
    means = fit.marginal_means(weights=plan.weights.value, conf_level=trial.level)
    for row in rows_of(means):
        stated.put(MEAN, row, **about, term="adjusted mean", arm=str(row["arm"]), unit=asked.unit)
    contrasts = fit.contrasts(
        comparisons=plan.comparisons.value,
        adjustment=plan.adjustment.value,
        conf_level=trial.level,
    )
    columns = dict(CONTRAST)
    if plan.adjustment != "none":
        columns[Stat.P_ADJUSTED] = "p_adjusted"
    unit = "" if plan.scale == "log" else asked.unit
    for row in rows_of(contrasts):
        stated.put(columns, row, **about, term=str(row["contrast"]), unit=unit)
    checks(stated, asked, diagnose_ancova(fit))
    return stated


def of_compliers(asked: Asked) -> Stated:
    stated, plan, trial = Stated(), asked.specification, asked.trial
    items = tuple(each for each in plan.covariates if each != "baseline")
    frame = asked.at_end(asked.complete(asked.needed(plan.covariates), stated, items=items))
    people = [trial.people[name] for name in frame["subject"]]
    frame = frame.assign(got=[each.received or "" for each in people])
    label = {each["code"]: each["label"] for each in trial.protocol["arms"]}
    about = {"visit": asked.time_point}
    for arm in trial.others:
        pair = [trial.reference, arm]
        own = frame[frame["arm"].isin(pair)].reset_index(drop=True)
        own = own.assign(arm=own["arm"].cat.set_categories(pair), received=own["got"] == arm)
        fit = complier_effect(
            own,
            outcome=asked.column,
            arm="arm",
            reference=trial.reference,
            received="received",
            covariates=plan.covariates,
            robust=plan.robust,
        )
        (row,), (first,) = (
            rows_of(each) for each in (fit.effects(conf_level=trial.level), fit.first_stage())
        )
        term = f"{arm} - {trial.reference}"
        shares = [
            100 * own.loc[own["arm"] == code, "received"].mean() for code in (arm, trial.reference)
        ]
        f = first["statistic"]
        stage = "all did as allocated" if np.isinf(f) else f"first stage F = {f:.4g}"
        note = (
            f"{label[arm]} was received by {shares[0]:.0f}% of {label[arm]} and {shares[1]:.0f}% of "
            f"{label[trial.reference]}; {stage}"
        )
        if f < 10:
            note += "; a weak instrument (F below 10), so that estimate and limits are not to be trusted"
        stated.put(
            CONTRAST, row, **about, method=asked.method, term=term, note=note, unit=asked.unit
        )
        columns = {Stat.ESTIMATE: "estimate", **F_TEST}
        finite = {name: None if value == np.inf else value for name, value in first.items()}
        stated.put(columns, finite, **about, method=asked.method, term=f"first stage: {term}")
    return stated


def of_quantiles(asked: Asked) -> Stated:
    stated, plan, trial = Stated(), asked.specification, asked.trial
    items = tuple(each for each in plan.covariates if each != "baseline")
    frame = asked.at_end(asked.complete(asked.needed(plan.covariates), stated, items=items))
    found = quantile_regression(
        frame,
        outcome=asked.column,
        arm="arm",
        reference=trial.reference,
        quantile=plan.quantile,
        covariates=plan.covariates,
        conf_level=trial.level,
    )
    about = {"method": asked.method, "visit": asked.time_point, "unit": asked.unit}
    for row in rows_of(found.to_frame()):
        ends = [row["lowest"], row["highest"]]
        note = "several values serve as this quantile: the estimate is the middle from "
        note = f"{note}{ends[0]:.6g} to {ends[1]:.6g}" if row["note"] else ""
        stated.put(CONTRAST, row, **about, term=str(row["contrast"]), note=note)
    return stated


LEVEL = "the level"


def in_levels(frame: pd.DataFrame, plan: Subgroups) -> pd.DataFrame:
    """The ages cut by pandas at the one cut point of these plans."""
    (point,) = plan.cut_points
    ends = [-np.inf, point, np.inf]
    labels = [f"< {point} years", f"≥ {point} years"]
    return frame.assign(**{LEVEL: pd.cut(frame[plan.by], ends, right=False, labels=labels)})


def of_subgroups(asked: Asked) -> Stated:
    stated, plan, trial = Stated(), asked.specification, asked.trial
    level, by = trial.level, plan.by
    covariates = () if asked.is_binary else plan.covariates
    items = tuple(dict.fromkeys((*(each for each in covariates if each != "baseline"), by)))
    frame = asked.at_end(asked.complete(asked.needed(covariates), stated, items=items))
    common = {"arm": "arm", "reference": trial.reference}
    note = f"by {trial.title(by)}"
    if plan.cut_points:
        frame, by = in_levels(frame, plan), LEVEL
    about = {"method": asked.method, "visit": asked.time_point, "note": note}
    sizes = frame.groupby([by, "arm"], observed=False).size()
    for (name, arm), n in sizes.items():
        place = {"method": asked.method, "visit": asked.time_point, "arm": str(arm)}
        stated.put({Stat.N: "n"}, {"n": n}, **place, term=f"participants | {name}")
    if asked.is_binary:
        whole = compare_proportions(
            frame, outcome="value", **common, **intervals_of(plan), conf_level=level
        )
        measures(stated, whole.to_frame(), asked, note=OF_ALL)
        found = compare_proportions_in_subgroups(
            frame, outcome="value", **common, subgroup=by, **intervals_of(plan), conf_level=level
        )
        measures(stated, found.to_frame(), asked, note=note, within="subgroup")
        for row in rows_of(found.interaction()):
            stated.put(TEST, row, **about, term=f"interaction {row['contrast']}")
        return stated
    common["outcome"] = asked.column
    alike = ancova(frame, **common, covariates=(*covariates, by)).contrasts(conf_level=level)
    for row in rows_of(alike):
        of_all = about | {"note": OF_ALL, "unit": asked.unit}
        stated.put(EFFECT, row, **of_all, term=str(row["contrast"]))
    found = subgroup_effects(frame, **common, subgroup=by, covariates=covariates)
    for row in rows_of(found.to_frame(conf_level=level)):
        term = f"{row['contrast']} | {row['level']}"
        stated.put(CONTRAST, row, **about, term=term, unit=asked.unit)
    test = {name: getattr(found.interaction, name) for name in F_TEST.values()}
    stated.put(F_TEST, test, **about, term="interaction")
    return stated


def of_mmrm(asked: Asked) -> Stated:
    stated, plan, trial = Stated(), asked.specification, asked.trial
    items = tuple(each for each in plan.covariates if each != "baseline")
    reads = asked.of_change or "baseline" in plan.covariates
    later = asked.from_baseline[1:]
    first = (trial.baseline,) if reads else ()
    frame = asked.complete(first, stated, items=items, any_of=later)
    frame = frame[frame["visit"].isin(later)].reset_index(drop=True)
    frame["visit"] = frame["visit"].cat.remove_unused_categories()
    fit = mmrm(
        frame,
        outcome=asked.column,
        subject="subject",
        visit="visit",
        arm="arm",
        reference=trial.reference,
        covariates=plan.covariates,
        covariance=plan.covariance.value,
        method=plan.likelihood.value,
        inference=plan.inference.value,
    )
    return of_repeated_model(asked, stated, later, model=fit, fit=fit)


def of_constrained(asked: Asked) -> Stated:
    stated, plan, trial = Stated(), asked.specification, asked.trial
    visits = asked.from_baseline
    frame = asked.complete((), stated, items=plan.covariates, any_of=visits)
    frame = frame[frame["visit"].isin(visits)].reset_index(drop=True)
    frame["visit"] = frame["visit"].cat.remove_unused_categories()
    fit = constrained_longitudinal(
        frame,
        outcome="value",
        subject="subject",
        visit="visit",
        baseline=trial.baseline,
        arm="arm",
        reference=trial.reference,
        covariates=plan.covariates,
        covariance=plan.covariance.value,
        method=plan.likelihood.value,
        inference=plan.inference.value,
    )
    return of_repeated_model(asked, stated, visits, model=fit.model, fit=fit)


def of_multiple_imputation(asked: Asked) -> Stated:
    stated, plan, trial = Stated(), asked.specification, asked.trial
    visits = asked.after_baseline
    of_model = () if plan.model is None else plan.model.covariates
    named = (*plan.covariates, *plan.covariates_by_visit, *of_model)
    items = tuple(dict.fromkeys(each for each in named if each != "baseline"))
    first = (trial.baseline,) if "baseline" in named and not asked.is_binary else ()
    frame = asked.complete(first, stated, items=items)
    frame = frame[frame["visit"].isin(visits)].reset_index(drop=True)
    frame["visit"] = frame["visit"].cat.remove_unused_categories()
    strategy = plan.strategy.value
    events = None if strategy == "missing-at-random" else tails(frame, visits, strategy)
    columns = {
        "outcome": "value",
        "subject": "subject",
        "visit": "visit",
        "arm": "arm",
        "reference": trial.reference,
        "events": events,
    }
    if asked.is_binary:
        own = [each for each in (*plan.covariates, *plan.covariates_by_visit) if each != "baseline"]
        imputations = sequential_imputations(
            frame, **columns, family="logistic", draws=plan.samples, seed=plan.seed, covariates=own
        )
    else:
        model = imputation_model(
            frame,
            **columns,
            covariates=plan.covariates,
            covariates_by_visit=plan.covariates_by_visit,
        )
        fit = {"log_likelihood": model.fit.log_likelihood}
        note = "unstructured covariance"
        stated.put({Stat.LOG_LIKELIHOOD: "log_likelihood"}, fit, method=asked.method, note=note)
        draws = imputation_draws(model, method=plan.draws.value, draws=plan.samples, seed=plan.seed)
        imputations = impute(draws)
    count = imputations.n_imputations
    made = f"{count} imputed data sets"
    if plan.draws.value == "conditional-mean-jackknife":
        made = f"expected values imputed with everybody and without each of {count - 1}"
    where = {"method": asked.method, "term": "imputed"}
    for arm in trial.arms:
        for visit in visits:
            number, note = imputed_at(frame, events, visits, strategy, arm=arm, visit=visit)
            numbers = {"n": number}
            stated.put({Stat.N_IMPUTED: "n"}, numbers, visit=visit, arm=arm, **where, note=note)
    stated.put({Stat.N_IMPUTATIONS: "n"}, {"n": count}, **where, note=made)
    return pooled_directly(asked, stated, imputations, made)


def imputed_at(
    frame: pd.DataFrame,
    events: pd.DataFrame | None,
    visits: Sequence[str],
    strategy: str,
    *,
    arm: str,
    visit: str,
) -> tuple[int, str]:
    """How many values of an arm and visit were imputed, and by what is supposed of them."""
    rows = frame[(frame["arm"] == arm) & (frame["visit"] == visit) & frame["value"].isna()]
    tailed = {
        who
        for who, first in (
            () if events is None else zip(events["subject"], events["visit"], strict=True)
        )
        if visits.index(first) <= visits.index(visit)
    }
    after = int(rows["subject"].isin(tailed).sum())
    parts = {"missing-at-random": len(rows) - after, strategy: after}
    if events is None:
        parts = {strategy: len(rows)}
    said = sorted(f"{name}: {number}" for name, number in parts.items() if number)
    return len(rows), "; ".join(said)


def pooled_directly(
    asked: Asked, stated: Stated, imputations: Imputations | SequentialImputations, made: str
) -> Stated:
    """The analysis of each data set, and what they are together."""
    plan, trial = asked.specification, asked.trial
    columns = {**CONTRAST, Stat.MISSING_INFORMATION: "missing_information"}
    own = (*plan.covariates, *plan.covariates_by_visit)
    if plan.model is None and not asked.is_binary:
        analyses = analyse_imputations(imputations, ImputedAncova(covariates=own))
    else:
        analyses = analyse_imputations(imputations, by_hand(asked), by=("contrast",))
    pooled = pool_imputations(analyses, conf_level=trial.level)
    note = f"{made}; {pooled.variance.value} variance"
    method = "risk_difference" if asked.is_binary else asked.method
    unit = "" if asked.is_binary else asked.unit
    for row in rows_of(pooled.to_frame()):
        if not np.isfinite(row["df"]):
            row["df"] = None
        if "contrast" in row:
            where = {"visit": asked.time_point, "term": str(row["contrast"])}
            stated.put(columns, row, method=method, unit=unit, **where, note=note)
        elif row["quantity"] == "difference":
            where = {"visit": str(row["visit"]), "term": f"{row['arm']} - {trial.reference}"}
            stated.put(columns, row, method=method, unit=unit, **where, note=note)
        else:
            where = {"visit": str(row["visit"]), "arm": str(row["arm"]), "term": "adjusted mean"}
            stated.put(MEAN, row, method=method, unit=unit, **where)
    return stated


def by_hand(asked: Asked) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """The analysis of one imputed data set."""
    plan, reference = asked.specification, asked.trial.reference

    def analyse(frame: pd.DataFrame) -> pd.DataFrame:
        last = frame[frame["visit"] == asked.time_point].reset_index(drop=True)
        who = {"outcome": "value", "arm": "arm", "reference": reference}
        if asked.is_binary:
            named = (*plan.covariates, *plan.covariates_by_visit)
            own = [each for each in named if each != "baseline"]
            found = standardised_risks(last, **who, covariates=own).to_frame()
            return found[found["stat_name"] == "risk_difference"].assign(df=np.inf)
        fit = ancova(last, **who, covariates=plan.model.covariates, robust=plan.model.robust)
        return fit.contrasts()

    return analyse


def tails(frame: pd.DataFrame, visits: Sequence[str], strategy: str) -> pd.DataFrame:
    """The first of the visits after which nobody saw the subject again."""
    found = []
    for who, own in frame.groupby("subject"):
        there = own.loc[own["value"].notna(), "visit"].astype(str).tolist()
        last = max((visits.index(each) for each in there), default=-1)
        if last + 1 < len(visits):
            found.append((who, visits[last + 1], strategy))
    return pd.DataFrame(found, columns=["subject", "visit", "strategy"])


def of_repeated_model(
    asked: Asked,
    stated: Stated,
    visits: Sequence[str],
    *,
    model: MmrmFit,
    fit: MmrmFit | ConstrainedLongitudinalFit,
) -> Stated:
    """What a mixed model for repeated measures states of each visit."""
    plan, trial = asked.specification, asked.trial
    about = {"method": asked.method, "unit": asked.unit}
    note = f"{plan.covariance.value} covariance"
    numbers = {"log_likelihood": model.log_likelihood, "aic": model.aic, "bic": model.bic}
    columns = {Stat.LOG_LIKELIHOOD: "log_likelihood", Stat.AIC: "aic", Stat.BIC: "bic"}
    stated.put(columns, numbers, method=asked.method, note=note)
    covariance, correlation = model.covariance(), model.correlation()
    for place, one in enumerate(visits):
        for other in visits[place:]:
            pair = {"covariance": covariance.loc[one, other]}
            pair["correlation"] = correlation.loc[one, other]
            columns = {Stat.COVARIANCE: "covariance", Stat.CORRELATION: "correlation"}
            stated.put(columns, pair, method=asked.method, term=f"{one}, {other}")
    for row in rows_of(fit.marginal_means(conf_level=trial.level)):
        where = {"visit": str(row["visit"]), "arm": str(row["arm"])}
        stated.put(MEAN, row, **about, **where, term="marginal mean")
    for row in rows_of(fit.contrasts(conf_level=trial.level)):
        stated.put(CONTRAST, row, **about, visit=str(row["visit"]), term=str(row["contrast"]))
    for row in rows_of(fit.averaged_contrasts(conf_level=trial.level)):
        stated.put(CONTRAST, row, **about, visit="average", term=str(row["contrast"]))
    for row in rows_of(model.term_tests()):
        stated.put(F_TEST, row, method=asked.method, term=str(row["term"]))
    return stated


def of_pairs(asked: Asked) -> Stated:
    stated, trial = Stated(), asked.trial
    frame = asked.complete(asked.pair, stated)
    term = f"{asked.time_point} - {trial.baseline}"
    about = {"visit": asked.time_point, "term": term}
    if asked.is_binary:
        frame = asked.at_end(frame)
        for arm in trial.arms:
            own = frame[frame["arm"] == arm]
            found = compare_paired_proportions(
                own,
                first="baseline",
                second="value",
                test=asked.method,
                conf_level=trial.level,
                interval=asked.specification.interval,
            )
            gained = int(((own["baseline"] == 0) & (own["value"] == 1)).sum())
            lost = int(((own["baseline"] == 1) & (own["value"] == 0)).sum())
            note = f"{gained} gained and {lost} lost the event; {CAUTION}"
            (row,) = rows_of(found.to_frame())
            stated.put(TEST, row, **about, method=asked.method, arm=arm, note=note)
            share = {
                "estimate": own["value"].mean() - own["baseline"].mean(),
                "low": row["difference_low"],
                "high": row["difference_high"],
                "level": trial.level,
            }
            stated.put(
                {
                    Stat.ESTIMATE: "estimate",
                    Stat.CONF_LOW: "low",
                    Stat.CONF_HIGH: "high",
                    Stat.CONF_LEVEL: "level",
                },
                share,
                **about,
                method="risk_difference",
                arm=arm,
                note=note,
            )
        return stated
    frame = frame[frame["visit"].isin(asked.pair)].reset_index(drop=True)
    frame["visit"] = frame["visit"].cat.remove_unused_categories()
    found = compare_paired(
        frame,
        outcome="value",
        subject="subject",
        within="visit",
        reference=trial.baseline,
        arm="arm",
        method=asked.method,
        conf_level=trial.level,
    )
    for row in rows_of(found.to_frame()):
        arm = {"method": asked.method, "arm": str(row["arm"]), "unit": asked.unit, "note": CAUTION}
        stated.put(CONTRAST, row, **about, **arm)
        stated.put(HEDGES, row, **about, **arm)
    return stated


def of_cluster_means(asked: Asked) -> Stated:
    stated, plan = Stated(), asked.specification
    frame = in_a_cluster(asked, asked.needed(), stated)
    found = compare_cluster_summaries(
        frame,
        outcome="value" if asked.is_binary else asked.column,
        cluster="cluster",
        arm="arm",
        reference=asked.trial.reference,
        summary="proportion" if asked.is_binary else "mean",
        scale=plan.scale.value,
        weights=plan.weights.value,
        conf_level=asked.trial.level,
    )
    put_contrasts(stated, asked, found.to_frame())
    put_clusters(stated, asked, frame)
    return stated


def of_cluster_regression(asked: Asked) -> Stated:
    stated, plan = Stated(), asked.specification
    items = tuple(each for each in plan.covariates if each != "baseline")
    frame = in_a_cluster(asked, asked.needed(plan.covariates), stated, items=items)
    found = cluster_regression(
        frame,
        outcome="value" if asked.is_binary else asked.column,
        cluster="cluster",
        arm="arm",
        reference=asked.trial.reference,
        covariates=plan.covariates,
        covariance=plan.covariance.value,
    )
    put_contrasts(stated, asked, found.contrasts(conf_level=asked.trial.level))
    put_clusters(stated, asked, frame)
    return stated


def of_cluster_intercepts(asked: Asked) -> Stated:
    stated, plan = Stated(), asked.specification
    items = tuple(each for each in (*plan.covariates, *plan.groupings) if each != "baseline")
    frame = in_a_cluster(asked, asked.needed(plan.covariates), stated, items=items)
    fit = random_intercepts(
        frame,
        outcome=asked.column,
        cluster=["cluster", *plan.groupings],
        arm="arm",
        reference=asked.trial.reference,
        covariates=plan.covariates,
        inference=plan.inference.value,
    )
    put_mixed_model(stated, asked, fit)
    put_clusters(stated, asked, frame)
    if plan.groupings:
        put_components(stated, asked, fit)
    return stated


def put_components(stated: Stated, asked: Asked, fit: LinearMixedFit) -> None:
    """The SD of each grouping and of residuals, and the correlations with their profile limits."""
    names = {"cluster": "class", "demographics.sex": "Sex"}
    at = {"method": asked.method, "visit": asked.time_point}
    components = fit.variance_components(conf_level=asked.trial.level).set_index("component")
    for row in rows_of(fit.icc(conf_level=asked.trial.level)):
        sd = components.loc[row["grouping"], "sd"]
        note = "" if sd else "the variance is estimated as 0, its boundary"
        about = {**at, "term": f"intercepts: {names[row['grouping']]}", "note": note}
        place = (asked.method, asked.time_point, about["term"], "", Stat.SD)
        stated[place] = Row(stat=float(sd), note=note, unit=asked.unit)
        stated.put({Stat.ICC: "estimate", **LIMITS}, row, **about)
    residual = float(components["sd"].iloc[-1])
    place = (asked.method, asked.time_point, "residuals", "", Stat.SD)
    stated[place] = Row(stat=residual, unit=asked.unit)


def of_partially_nested(asked: Asked) -> Stated:
    stated, plan = Stated(), asked.specification
    items = tuple(each for each in plan.covariates if each != "baseline")
    others = asked.trial.others
    needed = asked.needed(plan.covariates)
    frame = in_a_cluster(asked, needed, stated, items=items, arms=others)
    fit = partially_nested(
        frame,
        outcome=asked.column,
        cluster="cluster",
        clustered_arms=others,
        arm="arm",
        reference=asked.trial.reference,
        covariates=plan.covariates,
        inference=plan.inference.value,
        residual_by_arm=plan.residual_by_arm,
    )
    put_mixed_model(stated, asked, fit)
    put_clusters(stated, asked, frame[frame["arm"].isin(others)])
    return stated


def put_mixed_model(stated: Stated, asked: Asked, fit: LinearMixedFit) -> None:
    about = {"method": asked.method, "visit": asked.time_point, "unit": asked.unit}
    for row in rows_of(fit.marginal_means(conf_level=asked.trial.level)):
        stated.put(MEAN, row, **about, term="adjusted mean", arm=str(row["arm"]))
    for row in rows_of(fit.contrasts(conf_level=asked.trial.level)):
        stated.put(CONTRAST, row, **about, term=str(row["contrast"]), note=fit.note)


def in_a_cluster(
    asked: Asked,
    needed: tuple[str, ...],
    stated: Stated,
    *,
    items: tuple[str, ...] = (),
    arms: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Who has all that is needed and, in these arms, a cluster; who has none is counted as left out."""
    frame = asked.at_end(asked.complete(needed, stated, items=items))
    of = asked.trial.arms if arms is None else arms
    for arm in of:
        without = int((frame.loc[frame["arm"] == arm, "cluster"].isna()).sum())
        place = (asked.method, asked.time_point, "", arm)
        n, excluded = stated[(*place, Stat.N)], stated[(*place, Stat.N_EXCLUDED)]
        note = "; ".join(filter(None, (excluded.note, f"no class recorded: {without}")))
        if without:
            stated[(*place, Stat.N)] = Row(stat=n.stat - without)
            stated[(*place, Stat.N_EXCLUDED)] = Row(stat=excluded.stat + without, note=note)
    return frame[frame["cluster"].notna() | ~frame["arm"].isin(of)].reset_index(drop=True)


def of_cluster_gee(asked: Asked) -> Stated:
    stated, plan = Stated(), asked.specification
    frame = in_a_cluster(asked, asked.needed(), stated, items=plan.covariates)
    try:
        fit = generalised_estimating_equations(
            frame,
            **in_clusters(asked),
            correlation=plan.correlation.value,
            covariance=plan.covariance.value,
            compared_with=plan.compared_with.value,
        )
    except AnalysisError as error:
        # the smallest world: participants of one class are less alike than clusters of four can be
        return without_ratios(stated, asked, error)
    for alpha in fit.alpha:
        stated.put({Stat.CORRELATION: "alpha"}, {"alpha": alpha}, method=asked.method)
    put_contrasts(stated, asked, fit.contrasts(conf_level=asked.trial.level))
    put_clusters(stated, asked, frame)
    return stated


def of_cluster_glmm(asked: Asked) -> Stated:
    stated, plan = Stated(), asked.specification
    frame = in_a_cluster(asked, asked.needed(), stated, items=plan.covariates)
    fit = random_intercept_model(frame, **in_clusters(asked), nodes=plan.nodes)
    columns = {Stat.LOG_LIKELIHOOD: "level", Stat.SD_INTERCEPT: "sd"}
    numbers = {"level": fit.log_likelihood, "sd": fit.sd_intercept}
    stated.put(columns, numbers, method=asked.method, note=fit.note)
    put_contrasts(stated, asked, fit.contrasts(conf_level=asked.trial.level), note=fit.note)
    put_clusters(stated, asked, frame)
    return stated


def in_clusters(asked: Asked) -> dict[str, object]:
    """What a model of events in clusters is given beside its rows."""
    return {
        "outcome": "value",
        "cluster": "cluster",
        "arm": "arm",
        "reference": asked.trial.reference,
        "family": "binomial",
        "covariates": asked.specification.covariates,
    }


def put_contrasts(stated: Stated, asked: Asked, contrasts: pd.DataFrame, *, note: str = "") -> None:
    """Those of means in their unit; measures of risks by their names, and without a unit."""
    about = {"method": asked.method, "visit": asked.time_point, "unit": asked.unit}
    if asked.is_binary:
        of_ratios = (
            "risk_ratio"
            if getattr(asked.specification, "scale", "difference") == "ratio"
            else "risk_difference"
        )
        odds = asked.method in {"cluster_gee", "cluster_glmm"}
        about |= {"method": "odds_ratio" if odds else of_ratios, "unit": ""}
    elif getattr(asked.specification, "scale", "difference") == "ratio":
        about |= {"unit": ""}
    for row in rows_of(contrasts):
        finite = {**row, "df": None if np.isinf(row["df"]) else row["df"]}
        stated.put(CONTRAST, finite, **about, term=str(row["contrast"]), note=note)


def put_clusters(stated: Stated, asked: Asked, frame: pd.DataFrame) -> None:
    alike = intracluster_correlation(
        frame,
        outcome="value" if asked.is_binary else asked.column,
        cluster="cluster",
        arm="arm",
        conf_level=asked.trial.level,
    )
    about = {"method": asked.method, "visit": asked.time_point, "term": "clusters"}
    sizes = {
        Stat.N_CLUSTERS: "clusters", Stat.CLUSTER_SIZE: "mean_size",
        Stat.CLUSTER_SIZE_CV: "cv_size",
    }  # fmt: skip
    for row in rows_of(alike.sizes()):
        if row["arm"] != "all":
            stated.put(sizes, row, **about, arm=str(row["arm"]))
    (row,) = rows_of(alike.to_frame())
    stated.put({Stat.ICC: "estimate", Stat.DESIGN_EFFECT: "design_effect", **LIMITS}, row, **about)


def of_rerandomisation(asked: Asked) -> Stated:
    stated, plan = Stated(), asked.specification
    items = tuple(each for each in plan.covariates if each != "baseline")
    frame = asked.at_end(asked.complete(asked.needed(plan.covariates), stated, items=items))
    recorded = bool(frame["block"].notna().any())
    found = rerandomisation_test(
        frame,
        outcome=asked.column,
        arm="arm",
        reference=asked.trial.reference,
        covariates=plan.covariates,
        block="block" if recorded else None,
        strata=("stratum",) if recorded else (),
        alternative=plan.alternative.value,
        replicates=plan.replicates,
        rng=np.random.default_rng(plan.seed),
    )
    for row in rows_of(found.to_frame()):
        how = "all" if row["exact"] else "randomly drawn"
        note = f"{row['as_extreme']} of {row['allocations']} {how} allocations as extreme"
        note += ", within the blocks and strata used" if recorded else ", unrestricted"
        about = {"method": asked.method, "visit": asked.time_point, "unit": asked.unit}
        stated.put(CONTRAST, row, **about, term=str(row["contrast"]), note=note)
    return stated


def of_trimmed_means(asked: Asked) -> Stated:
    stated, plan, trial = Stated(), asked.specification, asked.trial
    needed = asked.pair[: int(asked.of_change)]
    if plan.missing == "left_out":
        needed = (*needed, asked.time_point)
    frame = asked.at_end(asked.complete(needed, stated))
    at_end = f"no value at {trial.visits[asked.time_point]['label']}"
    for place, row in stated.items():  # who lacks the baseline is told before who lacks the end
        parts = row.note.split("; ")
        parts.sort(key=lambda each: each.startswith(at_end))
        stated[place] = replace(row, note="; ".join(parts))
    recorded = plan.restricted and bool(frame["block"].notna().any())
    found = compare_trimmed_means(
        frame,
        outcome=asked.column,
        arm="arm",
        reference=trial.reference,
        direction=asked.direction,
        trim=plan.trim,
        block="block" if recorded else None,
        strata=("stratum",) if recorded else (),
        conf_level=trial.level,
        replicates=plan.replicates,
        rng=np.random.default_rng(plan.seed),
    )
    about = {"method": asked.method, "visit": asked.time_point, "unit": asked.unit}
    for arm in rows_of(found.arms_frame()):
        kept = {"n": arm["n"] - arm["n_trimmed"], "mean": arm["mean"]}
        stated.put(
            {Stat.N: "n", Stat.MEAN: "mean"},
            kept,
            **about,
            term="kept after trimming",
            arm=str(arm["arm"]),
            note=f"trimmed: {arm['n_trimmed']}; ranking worst, below every value: {arm['n_worst']}",
        )
    for row in rows_of(found.to_frame()):
        how = "all" if row["exact"] else "randomly drawn"
        note = f"{row['as_extreme']} of {row['allocations']} {how} allocations as extreme"
        note += ", within the blocks and strata used" if recorded else ", unrestricted"
        note += f"; the worst {100 * row['trim']:.4g} % of each arm trimmed"
        note += "" if plan.trim is not None else ", the largest share of an arm that ranks worst"
        stated.put(CONTRAST, row, **about, term=str(row["contrast"]), note=note)
    return stated


def of_bootstrap(asked: Asked) -> Stated:
    stated, plan = Stated(), asked.specification
    found = bootstrap_difference(
        asked.at_end(asked.complete(asked.needed(), stated)),
        outcome=asked.column,
        arm="arm",
        reference=asked.trial.reference,
        rng=np.random.default_rng(plan.seed),
        estimator=plan.estimator.value,
        interval=plan.interval.value,
        replicates=plan.replicates,
        conf_level=asked.trial.level,
    )
    for row in rows_of(found.to_frame()):
        note = plan.estimator.value.replace("_", " ")
        if plan.estimator == "probability_of_superiority":
            higher = str(row["contrast"]).split()[0]
            note += f": the chance that a participant of {higher} has the higher value"
        limits = {"bca": "BCa", "bc": "bias-corrected (BC) limits"}.get(plan.interval)
        note += f", {limits or 'percentile limits'} from {plan.replicates} replicates"
        own = plan.estimator in {"mean_difference", "median_difference"}
        about = {"method": asked.method, "visit": asked.time_point, "note": note}
        unit = asked.unit if own else ""
        stated.put(CONTRAST, row, **about, term=str(row["contrast"]), unit=unit)
    return stated


def intervals_of(plan) -> dict[str, str]:
    """Of the difference as planned; of the ratios as planned, else as close to it as there are."""
    by_score = plan.interval in {"miettinen_nurminen", "mee"}
    return {
        "interval": plan.interval.value,
        "ratio_interval": plan.ratio_interval or ("miettinen_nurminen" if by_score else "katz"),
        "odds_ratio_method": plan.odds_ratio_method
        or ("miettinen_nurminen" if by_score else "woolf"),
    }


def of_proportions(asked: Asked) -> Stated:
    stated, plan = Stated(), asked.specification
    found = compare_proportions(
        asked.at_end(asked.complete((asked.time_point,), stated)),
        outcome="value",
        arm="arm",
        reference=asked.trial.reference,
        **intervals_of(plan),
        test=plan.test.value,
        conf_level=asked.trial.level,
    )
    measures(stated, found.to_frame(), asked)
    tests(stated, found.to_frame(), asked)
    return stated


def tests(stated: Stated, rows: pd.DataFrame, asked: Asked) -> None:
    for row in rows_of(rows[rows["stat_name"] == "risk_difference"]):
        where = {"visit": asked.time_point, "term": str(row["contrast"])}
        stated.put(TEST, row, method=asked.specification.test.value, **where)


def of_strata(asked: Asked) -> Stated:
    stated, plan = Stated(), asked.specification
    frame = asked.at_end(asked.complete((asked.time_point,), stated, items=(plan.strata,)))
    found = cochran_mantel_haenszel(
        frame,
        outcome="value",
        arm="arm",
        reference=asked.trial.reference,
        strata=plan.strata,
        conf_level=asked.trial.level,
    ).to_frame()
    measures(stated, found, asked)
    for row in rows_of(found[found["stat_name"] == "risk_difference"]):
        strata = "stratum" if row["n_strata"] == 1 else "strata"
        note = f"over {row['n_strata']} {strata} of {asked.trial.title(plan.strata)}"
        where = {"visit": asked.time_point, "term": str(row["contrast"])}
        stated.put(TEST, row, method=asked.method, **where, note=note)
    return stated


def of_risk_model(asked: Asked) -> tuple[Stated, pd.DataFrame, dict[str, object]]:
    """The rows at the time point of whom the model can use, and what all models of risks are given."""
    stated, plan = Stated(), asked.specification
    items = tuple(each for each in plan.covariates if each != "baseline")
    frame = asked.at_end(asked.complete((asked.time_point,), stated, items=items))
    who = {
        "outcome": "value",
        "arm": "arm",
        "reference": asked.trial.reference,
        "covariates": plan.covariates,
    }
    return stated, frame, who


def of_ratios(stated: Stated, asked: Asked, fit: RatioModel, limits: str) -> Stated:
    """The ratios of a model: p of the test that its limits belong to, without infinite numbers."""
    table = fit.contrasts(limits=limits, conf_level=asked.trial.level)
    tests = fit.contrast_ratio_tests() if limits == "profile" else table
    for row, test in zip(rows_of(table), rows_of(tests), strict=True):
        numbers = {**row, **{name: test[name] for name in ("statistic", "df", "p_value")}}
        numbers = {
            name: None if name in {"se", "df", "statistic"} and np.isinf(number) else number
            for name, number in numbers.items()
            if name in CONTRAST.values()
        }
        assert not fit.infinite  # tests/planned/methods/test_logistic.py has those
        where = {"method": str(row["measure"]), "visit": asked.time_point}
        stated.put(CONTRAST, numbers, **where, term=str(row["contrast"]))
    return stated


def of_logistic(asked: Asked) -> Stated:
    stated, frame, who = of_risk_model(asked)
    plan = asked.specification
    fit = logistic_regression(frame, **who, when_separated=plan.when_separated.value)
    return of_ratios(stated, asked, fit, plan.limits.value)


def of_modified_poisson(asked: Asked) -> Stated:
    stated, frame, who = of_risk_model(asked)
    fit = modified_poisson(frame, **who, variance=asked.specification.variance.value)
    return of_ratios(stated, asked, fit, "wald")


def of_log_binomial(asked: Asked) -> Stated:
    stated, frame, who = of_risk_model(asked)
    return of_ratios(stated, asked, log_binomial(frame, **who), asked.specification.limits.value)


def of_standardised_risks(asked: Asked) -> Stated:
    stated, frame, who = of_risk_model(asked)
    found = standardised_risks(
        frame, **who, variance=asked.specification.variance.value, conf_level=asked.trial.level
    )
    about = {"visit": asked.time_point}
    for row in rows_of(found.risks()):
        arm = {"method": asked.method, "term": "standardised risk", "arm": str(row["arm"])}
        stated.put({**EFFECT, Stat.SE: "se"}, row, **about, **arm)
    for row in rows_of(found.to_frame()):
        columns = CONTRAST if row["stat_name"] == "risk_difference" else EFFECT
        where = {"method": str(row["stat_name"]), "term": str(row["contrast"])}
        stated.put(columns, row, **about, **where, note=str(row["note"]))
    return stated


def at_visits(asked: Asked, stated: Stated) -> dict[str, object]:
    """What the models over visits are given: a row a participant and visit with a value."""
    plan, later = asked.specification, asked.after_baseline
    frame = asked.complete((), stated, items=plan.covariates, any_of=later)
    frame = frame[frame["visit"].isin(later) & frame["value"].notna()].reset_index(drop=True)
    frame["visit"] = frame["visit"].cat.remove_unused_categories()
    return {
        "frame": frame,
        "outcome": "value",
        "subject": "subject",
        "visit": "visit",
        "arm": "arm",
        "reference": asked.trial.reference,
        "family": "binomial",
        "covariates": plan.covariates,
        "by_visit": True,
    }


def of_visits(stated: Stated, rows: pd.DataFrame, note: str = "") -> Stated:
    """The odds ratios of every visit; those that a normal distribution judges without df."""
    for row in rows_of(rows):
        numbers = {**row, "df": None if np.isinf(row["df"]) else row["df"]}
        where = {"visit": str(row["visit"]), "term": str(row["contrast"])}
        stated.put(CONTRAST, numbers, method="odds_ratio", **where, note=note)
    return stated


def of_gee(asked: Asked) -> Stated:
    stated, plan = Stated(), asked.specification
    fit = generalised_estimating_equations(
        **at_visits(asked, stated),
        correlation=plan.correlation.value,
        covariance=plan.covariance.value,
        compared_with=plan.compared_with.value,
    )
    visits = [str(each) for each in fit.long.visits]
    for place, one in enumerate(visits):
        for other in range(place + 1, len(visits)):
            if plan.correlation != "independence":
                number = {"correlation": fit.solved.correlation[place, other]}
                term = f"{one}, {visits[other]}"
                stated.put({Stat.CORRELATION: "correlation"}, number, method="gee", term=term)
    return of_visits(stated, fit.contrasts(conf_level=asked.trial.level))


def without_ratios(stated: Stated, asked: Asked, error: AnalysisError) -> Stated:
    """The rows of ratios that these data do not give, with the reason."""
    for arm in asked.trial.others:
        term = f"{arm} - {asked.trial.reference}"
        for stat in (Stat.ESTIMATE, Stat.P_VALUE):
            lacking = Row(stat=None, note=f"not estimable: {error.reason}")
            stated["odds_ratio", asked.time_point, term, "", stat] = lacking
    return stated


def of_glmm(asked: Asked) -> Stated:
    stated = Stated()
    given = at_visits(asked, stated)
    try:
        fit = random_intercept_model(**given, nodes=asked.specification.nodes)
    except AnalysisError as error:
        # events hardly change from visit to visit; tests/planned/methods/test_gee.py has a trial that does
        return without_ratios(stated, asked, error)
    numbers = {"level": fit.log_likelihood, "sd": fit.sd_intercept}
    columns = {Stat.LOG_LIKELIHOOD: "level", Stat.SD_INTERCEPT: "sd"}
    stated.put(columns, numbers, method="glmm", note=fit.note)
    return of_visits(stated, fit.contrasts(conf_level=asked.trial.level), fit.note)


def of_responders(asked: Asked) -> Stated:
    stated, plan, trial = Stated(), asked.specification, asked.trial
    counts_all = plan.missing == "non_responder"
    frame = asked.at_end(asked.complete(() if counts_all else asked.pair, stated))
    whole = asked.at_end(trial.frame(asked.outcome, asked.population))
    lacking = int(whole["change"].isna().sum())
    how = "counted as non-responders" if counts_all else "left out"
    if plan.improved_by_share is not None:
        rule = ImprovedByShare(share=plan.improved_by_share)
        words = f"improved by at least {100 * plan.improved_by_share:g} % of baseline"
        needed = plan.improved_by_share * frame["baseline"]
    else:
        amount = plan.improved_by or trial.outcomes[asked.outcome]["minimal_important_change"]
        rule, words, needed = ImprovedBy(amount=amount), f"improved by at least {amount:g}", amount
    note = f"{words}; {lacking} without a value {how}"
    better = frame["change"] if asked.direction == "higher" else -frame["change"]
    improved = better >= needed - 1e-9
    for arm in trial.arms:
        here = frame["arm"] == arm
        n, events = int(here.sum()), int((here & improved).sum())
        counted = {"n": n, "events": events, "percent": 100 * events / n}
        columns = {Stat.N: "n", Stat.EVENTS: "events", Stat.PERCENT: "percent"}
        about = {"method": asked.method, "visit": asked.time_point, "arm": arm}
        stated.put(columns, counted, **about, term="responders", note=note)
    found = compare_responders(
        frame,
        baseline="baseline",
        final="value",
        arm="arm",
        reference=trial.reference,
        rule=rule,
        direction=asked.direction,
        missing=plan.missing.value,
        **intervals_of(plan),
        test=plan.test.value,
        conf_level=trial.level,
    )
    measures(stated, found.comparison.to_frame(), asked, note=note)
    tests(stated, found.comparison.to_frame(), asked)
    return stated


def _labelled(words: str, asked: Asked) -> str:
    """The words with each arm's label for its code."""
    for arm in asked.trial.protocol["arms"]:
        words = re.sub(rf"\b{re.escape(arm['code'])}\b", str(arm["label"]), words)
    return words


def of_margin(asked: Asked) -> Stated:
    stated, plan = Stated(), asked.specification
    frame = asked.at_end(asked.complete(asked.needed(), stated))
    common = {
        "arm": "arm",
        "reference": asked.trial.reference,
        "question": asked.method,
        "margin": plan.margin,
        "direction": asked.direction,
        "alpha": plan.alpha,
    }
    if asked.is_binary:
        found = compare_proportions_with_margin(frame, outcome="value", **common)
    else:
        found = compare_means_with_margin(frame, outcome=asked.column, **common)
    by = "Miettinen and Nurminen's score test" if asked.is_binary else "Welch's t test"
    size = f"{plan.margin:g} {asked.unit}".rstrip()
    if asked.is_binary:
        size = f"{100 * plan.margin:g} percentage points"
    for row in rows_of(found.to_frame()):
        note = f"{_labelled(row['conclusion'], asked)} ({by}, margin {size})"
        about = {"method": asked.method, "visit": asked.time_point, "unit": asked.unit}
        columns = {**CONTRAST, Stat.MARGIN: "margin"}
        stated.put(columns, row, **about, term=str(row["contrast"]), note=note)
    return stated


OF_MEANS = (
    Method.WELCH_T,
    Method.STUDENT_T,
    Method.MANN_WHITNEY,
    Method.MANN_WHITNEY_ASYMPTOTIC,
    Method.MANN_WHITNEY_CORRECTED,
    Method.PERMUTATION,
    Method.ONE_WAY_ANOVA,
    Method.WELCH_ANOVA,
    Method.KRUSKAL_WALLIS,
)
OF_PAIRS = (Method.PAIRED_T, Method.SIGNED_RANK, Method.MCNEMAR, Method.MCNEMAR_EXACT)
DIRECTLY: dict[Method, Callable[[Asked], Stated]] = {
    **dict.fromkeys(OF_MEANS, of_means),
    **dict.fromkeys(OF_PAIRS, of_pairs),
    Method.MIXED_ANOVA: of_mixed_anova,
    Method.ANCOVA: of_ancova,
    Method.SUBGROUPS: of_subgroups,
    Method.MMRM: of_mmrm,
    Method.COMPLIER_EFFECT: of_compliers,
    Method.QUANTILE_DIFFERENCE: of_quantiles,
    Method.CONSTRAINED_LONGITUDINAL: of_constrained,
    Method.MULTIPLE_IMPUTATION: of_multiple_imputation,
    Method.RERANDOMISATION: of_rerandomisation,
    Method.TRIMMED_MEAN: of_trimmed_means,
    Method.BOOTSTRAP: of_bootstrap,
    Method.CLUSTER_SUMMARIES: of_cluster_means,
    Method.CLUSTER_REGRESSION: of_cluster_regression,
    Method.RANDOM_INTERCEPTS: of_cluster_intercepts,
    Method.PARTIALLY_NESTED: of_partially_nested,
    Method.CLUSTER_GEE: of_cluster_gee,
    Method.CLUSTER_GLMM: of_cluster_glmm,
    Method.RISK_DIFFERENCE: of_proportions,
    Method.COCHRAN_MANTEL_HAENSZEL: of_strata,
    Method.LOGISTIC: of_logistic,
    Method.STANDARDISED_RISKS: of_standardised_risks,
    Method.MODIFIED_POISSON: of_modified_poisson,
    Method.LOG_BINOMIAL: of_log_binomial,
    Method.GEE: of_gee,
    Method.GLMM: of_glmm,
    Method.RESPONDERS: of_responders,
    Method.NON_INFERIORITY: of_margin,
    Method.EQUIVALENCE: of_margin,
}
"""How each method that a plan can name is worked out on the second reading."""
