"""Every mark of every figure stands where the numbers say, in the look of its own arm.

Places are read from the SVG by the ticks of its axes; the numbers are those of results.csv, or
counted anew from the trial's data files.
"""

import csv
from collections.abc import Callable
from decimal import Decimal
from statistics import NormalDist

import pytest
from scipy.stats import t as t_distribution

from tests.conftest import few_at_once
from tests.report.printed.conftest import TOLD, Written
from tests.report.printed.drawing import Plot, Scale, as_number, beside, colour_of, plots_of
from tests.report.printed.drawing import svg_of as svg
from tests.report.printed.key import (
    Key,
    hundredfold,
    number,
    p_equals,
    p_value,
    percent,
    with_limits,
)

GREY, FRAME, INK, LIGHT = "#56616b", "#5f6b76", "#333a41", "#d7dde3"
COLOURS = ("#0072b2", "#d55e00", "#009e73")
"""Of the experimental arms in the order of the protocol; the reference arm is grey."""
NEAR = 2e-3
"""The width of a hair, in parts of the axis."""


def colours(key: Key) -> dict[str, str]:
    own = {arm["code"]: colour for arm, colour in zip(key.experimental, COLOURS, strict=False)}
    return own | {key.reference["code"]: GREY}


def close(found, wanted) -> bool:
    """Whether numbers read from a drawing are those wanted, but for a hair."""
    found, wanted = list(found), [float(each) for each in wanted]
    size = max(map(abs, wanted), default=1.0) or 1.0
    return len(found) == len(wanted) and all(
        abs(one - other) <= NEAR * size for one, other in zip(found, wanted, strict=True)
    )


def primary(key: Key) -> dict:
    return next(each for each in key.protocol["outcomes"] if each["role"] == "primary")


def raw_values(written: Written, outcome: dict) -> dict[str, dict[str, dict[str, float]]]:
    """The numbers of an outcome in the trial's files: by allocated arm, participant and visit."""
    mark = written.key.protocol["data"]

    def rows(name: str):
        path = written.trial / "data" / f"{name}.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file, delimiter=mark["delimiter"])

    arms = {row["subject_id"]: row["arm"] for row in rows("randomisation")}
    found: dict[str, dict[str, dict[str, float]]] = {}
    for row in rows(outcome["form"]):
        text = row[outcome["item"]].replace(mark["decimal"], ".")
        arm = arms.get(row["subject_id"])
        if arm and text.replace(".", "", 1).lstrip("-").isdigit():
            own = found.setdefault(arm, {}).setdefault(row["subject_id"], {})
            own[row["visit"]] = float(text)
    return found


def changes(written: Written, outcome: dict, arm: str) -> list[float]:
    """Each participant's change from baseline to the time point, from the trial's files."""
    end, first = outcome["time_point"], written.key.visits[0]["code"]
    people = raw_values(written, outcome)[arm].values()
    return [own[end] - own[first] for own in people if end in own and first in own]


def drawing_of(written: Written, lead: str) -> list[Plot]:
    figures = written.output / "figures"
    (path,) = (
        figures.glob(f"{lead}.svg")
        if (figures / f"{lead}.svg").exists()
        else figures.glob(f"{lead}*.svg")
    )
    return plots_of(path)


def scales(plots: list[Plot]) -> list[Scale]:
    """The vertical scale of each panel: that of the first of its row, which alone has numbers."""
    found: list[Scale] = []
    for plot in plots:
        numbered = any(label for _, label in plot.y.ticks)
        found.append(plot.y if numbered else found[-1])
    return found


def test_the_course_shows_every_participant_and_each_arms_means(written: Written) -> None:
    key, outcome = written.key, primary(written.key)
    plots = drawing_of(written, "course_")
    assert plots[0].axis_words == (f"{outcome['label']} ({outcome['unit']})",)
    values = raw_values(written, outcome)
    level = key.protocol["plan"]["confidence_level"]
    for arm, plot, scale in zip(key.arms, plots, scales(plots), strict=True):
        colour = colours(key)[arm["code"]]
        assert [text for _, _, text in plot.texts] == [arm["label"]]
        where = {"outcome": outcome["code"], "arm": arm["code"]}
        sizes = [key.stat("n", "descriptive", visit=v["code"], **where) for v in key.visits]
        assert [label for _, label in plot.x.ticks] == [
            f"{visit['label']} n = {n}" for visit, n in zip(key.visits, sizes, strict=True)
        ]
        places = {
            round(place, 3): v["code"]
            for (place, _), v in zip(plot.x.ticks, key.visits, strict=True)
        }
        *thin, low, high, mean = [each for each in plot.called("line2d") if each.colour == colour]
        drawn = [
            {places[round(x, 3)]: round(scale.number(y), 1) for x, y in line.points}
            for line in thin
        ]
        by_values = sorted(sorted(each.items()) for each in drawn)
        assert by_values == sorted(sorted(own.items()) for own in values[arm["code"]].values())
        means, sds = (
            [key.stat(stat, "descriptive", visit=v["code"], **where) for v in key.visits]
            for stat in ("mean", "sd")
        )
        halves = [
            t_distribution.ppf((1 + level) / 2, int(n) - 1) * float(sd) / int(n) ** 0.5
            for n, sd in zip(sizes, sds, strict=True)
        ]
        for line, sign in ((low, -1), (mean, 0), (high, 1)):
            wanted = [float(m) + sign * half for m, half in zip(means, halves, strict=True)]
            assert close([scale.number(y) for _, y in line.points], wanted)


@pytest.mark.parametrize("name", few_at_once(TOLD, 2))
def test_the_forest_turns_every_effect_so_that_right_is_better(
    name: str, reports: Callable[[str], Written]
) -> None:
    written = reports(name)
    key = written.key
    if written.name == "rich":  # whose models standardise nothing
        assert not (written.output / "figures" / "forest.svg").exists()
        return
    (plot,) = drawing_of(written, "forest")
    rows, words = [], []
    several = len(key.experimental) > 1
    for analysis in key.protocol["analyses"]:
        for code in analysis["outcomes"] if analysis["role"] in {"primary", "secondary"} else ():
            outcome = key.outcome(code)
            for arm in key.experimental if outcome["type"] == "continuous" else ():
                where = {
                    "outcome": code,
                    "visit": outcome["time_point"],
                    "term": f"{arm['code']} - {key.reference['code']}",
                }
                g, low, high = map(Decimal, key.hedges(analysis["id"], **where))
                if outcome["direction"] == "lower":
                    g, low, high = -g, -high, -low
                rows.append((colours(key)[arm["code"]], low, g, high))
                lead = " (primary)" if analysis["role"] == "primary" else ""
                if not several or arm is key.experimental[0]:
                    words.append(f"{outcome['label']}{lead}")
                words += [arm["label"]] if several else []
                here = {"outcome": code, "visit": outcome["time_point"]}
                for each in (key.reference["code"], arm["code"]):
                    n = key.stat("n", analysis["id"], **here, arm=each)
                    mean = key.stat("mean", "descriptive", **here, arm=each)
                    size = key.stat("n", "descriptive", **here, arm=each)
                    of = "" if size == n else f" [{size}]"
                    words.append(f"{n}; {number(mean, outcome.get('digits', 1))}{of}")
                words += [
                    with_limits((str(g), str(low), str(high)), 2),
                    p_value(key.stat("p_value", analysis["id"], **where)),
                ]
                adjusted = key.stat("p_adjusted", analysis["id"], **where)
                words += [p_value(adjusted) if adjusted else "\N{EM DASH}"]
    placed = beside(written.output / "figures" / "forest.svg")
    texts = [text for _, _, text in placed]
    assert texts[: len(words)] == words
    assert "Hedges' g, positive favours the experimental arm" in texts
    heads = {"Outcome", f"g ({key.level}% CI)", "p", "adj. p", f"{key.reference['label']} n; mean"}
    assert heads <= set(texts)
    lines = [
        each
        for each in plot.called("line2d")
        if each.paths and each.colour in colours(key).values()
    ]
    points = [each for each in plot.called("line2d") if each.points]
    for line, point, (colour, low, g, high) in zip(lines, points, rows, strict=True):
        assert line.colour == point.colour == colour
        ((left, right),) = line.paths
        assert close([plot.x.number(left[0]), plot.x.number(right[0])], [low, high])
        assert close([plot.x.number(point.points[0][0])], [g])
        assert left[1] == right[1] == point.points[0][1]
    heights = [point.points[0][1] for point in points]
    assert heights == sorted(heights)
    zero = next(each for each in plot.called("line2d") if each.colour == FRAME)
    assert abs(plot.x.number(zero.paths[0][0][0])) < NEAR
    # the side of each arm: words on the left end before zero, those on the right begin after it
    experimental = key.experimental[0]["label"] if not several else "experimental arm"
    (left, _, against), (right, _, in_favour) = (each for each in placed if "Favours" in each[2])
    assert (against, in_favour) == (
        f"← Favours {key.reference['label']}",
        f"Favours {experimental} →",
    )
    assert left < zero.paths[0][0][0] < right
    assert not [each for each in plot.called("line2d") if each.colour == INK]


def test_the_waterfall_shows_every_change_as_a_bar(written: Written) -> None:
    key, outcome = written.key, primary(written.key)
    plots = drawing_of(written, "changes_")
    label = f"{outcome['label'][0].lower()}{outcome['label'][1:]}"
    assert plots[0].axis_words == (f"Change of {label}, {outcome['unit']}",)
    higher = outcome["direction"] == "higher"
    line = outcome["minimal_important_change"] * (1 if higher else -1)
    for arm, plot, scale in zip(key.arms, plots, scales(plots), strict=True):
        wanted = sorted(changes(written, outcome, arm["code"]), reverse=not higher)
        assert [text for _, _, text in plot.texts] == [f"{arm['label']} (n = {len(wanted)})"]
        (bars,) = plot.called("PolyCollection")
        drawn = []
        for corners in bars.paths:
            ends = sorted((scale.number(y) for _, y in corners), key=abs)
            drawn.append(ends[-1])
        assert close(drawn, wanted)
        lefts = [min(x for x, _ in corners) for corners in bars.paths]
        assert lefts == sorted(lefts)
        zero, important = plot.called("line2d")[-2:]
        assert close([scale.number(y) for _, y in (*zero.paths[0], *important.paths[0])],
                     [0, 0, line, line])  # fmt: skip


def test_the_responders_curve_is_the_share_that_improved_so_much(written: Written) -> None:
    key, outcome = written.key, primary(written.key)
    (plot,) = drawing_of(written, "responders_")
    label = f"{outcome['label'][0].lower()}{outcome['label'][1:]}"
    assert plot.axis_words == (
        f"Improvement of {label}, {outcome['unit']}, at least",
        "Participants, %",
    )
    sign = 1 if outcome["direction"] == "higher" else -1
    curves = {each.colour: each for each in plot.called("line2d") if each.points}
    important = outcome["minimal_important_change"]
    told = []
    for arm in key.arms:
        better = sorted(sign * change for change in changes(written, outcome, arm["code"]))
        curve = curves.pop(colours(key)[arm["code"]])
        amounts = [plot.x.number(x) for x, _ in curve.points]
        assert close(sorted({round(a, 4) for a in amounts}), sorted({round(b, 4) for b in better}))
        assert len(amounts) == len(better)
        # where several improved by the same the curve falls in one step, from the share of them all
        for amount in amounts:
            drawn = max(
                plot.y.number(y)
                for own, (_, y) in zip(amounts, curve.points, strict=True)
                if abs(own - amount) < 1e-3
            )
            share = 100 * sum(own >= amount - 1e-3 for own in better) / len(better)
            assert close([drawn], [share])
        reached = sum(own >= important for own in better)
        told.append(f"{arm['label']} {reached} ({percent(str(reached), str(len(better)))})")
    assert not curves
    description = written.text(f"figures/responders_{outcome['code']}.svg")
    assert f"change or more: {'; '.join(told)}." in description
    zero, line = [each.paths[0] for each in plot.called("line2d") if not each.points][-2:]
    assert close([plot.x.number(zero[0][0]), plot.x.number(line[0][0])], [0, important])
    ((x, _, text),) = plot.texts
    assert text == f"minimal important change {important}"
    assert close([plot.x.number(x)], [important])


def test_missing_values_are_as_high_as_their_share_and_in_the_colour_of_their_reason(
    written: Written,
) -> None:
    key, outcome = written.key, primary(written.key)
    found = list((written.output / "figures").glob("missing_*.svg"))
    if written.name == "example_trial":
        assert not found  # nothing is missing
        return
    plots = plots_of(found[0])
    assert plots[0].axis_words == ("Participants, %",)
    meaning = legend_of(found[0])
    for arm, plot, scale in zip(key.arms, plots, scales(plots), strict=True):
        where = {"outcome": outcome["code"], "arm": arm["code"]}
        shares: dict[tuple[str, str], float] = {}
        ticks = [(place, v["code"]) for (place, _), v in zip(plot.x.ticks, key.visits, strict=True)]
        for patch in plot.called("patch"):
            if patch.colour not in meaning:
                continue
            (corners,) = patch.paths
            heights = [scale.number(y) for _, y in corners]
            middle = (min(x for x, _ in corners) + max(x for x, _ in corners)) / 2
            visit = min(ticks, key=lambda tick: abs(tick[0] - middle))[1]
            place = visit, meaning[patch.colour]
            shares[place] = shares.get(place, 0) + max(heights) - min(heights)
        wanted: dict[tuple[str, str], float] = {}
        for visit in key.visits:
            n, without = (
                int(key.stat(stat, "missing", visit=visit["code"], **where))
                for stat in ("n", "n_missing")
            )
            wanted[visit["code"], "value"] = 100 * (n - without) / n
            for why in set(meaning.values()) - {"value"}:
                own = key.stat(
                    "n_missing", "missing", visit=visit["code"], term=f"reason: {why}", **where
                )
                if own:
                    wanted[visit["code"], why] = 100 * int(own) / n
        assert shares.keys() == wanted.keys()
        assert close(
            [shares[place] for place in sorted(wanted)], [wanted[p] for p in sorted(wanted)]
        )
        n = key.stat("n", "missing", visit=key.visits[0]["code"], **where)
        assert [text for _, _, text in plot.texts] == [f"{arm['label']} (n = {n})"]


def legend_of(path) -> dict[str, str]:
    """What each colour of the figure's legend means."""
    group = next(each for each in svg(path).iter() if each.get("id", "").endswith("-legend_1"))
    colour, found = "", {}
    for child in group:
        if "text_" in child.get("id", ""):
            found[colour] = "".join(child.itertext()).strip()
        else:
            colour = next(filter(None, (colour_of(part.get("style", "")) for part in child.iter())))
    return found


def test_residuals_stand_against_quantiles_and_fitted_values_of_their_arm(
    written: Written,
) -> None:
    key, outcome = written.key, primary(written.key)
    normal, spread = drawing_of(written, "residuals_")
    assert normal.axis_words == ("Quantile of the standard normal distribution", "Residual")
    assert spread.axis_words == (f"Fitted: {outcome['label']}", "Residual")
    rows = key.table("series")
    every = []
    for kind, plot in (("quantiles", normal), ("residuals", spread)):
        for arm in key.arms:
            own = [row for row in rows if row["kind"] == kind and row["arm"] == arm["code"]]
            (marks,) = (
                each
                for each in plot.called("line2d")
                if each.points and each.colour == colours(key)[arm["code"]]
            )
            found = sorted((plot.x.number(x), plot.y.number(y)) for x, y in marks.points)
            wanted = sorted((float(row["x"]), float(row["y"])) for row in own)
            assert close([x for x, _ in found], [x for x, _ in wanted])
            assert close(sorted(y for _, y in found), sorted(y for _, y in wanted))
            every += [x for x, _ in wanted] if kind == "quantiles" else []
    n = len(every)
    blom = [NormalDist().inv_cdf((i - 0.375) / (n + 0.25)) for i in range(1, n + 1)]
    assert all(abs(one - other) < 0.15 for one, other in zip(sorted(every), blom, strict=True))


def test_residuals_of_two_visits_are_what_the_arms_means_leave_over(
    reports: Callable[[str], Written],
) -> None:
    """Of the trial that lacks no value, and whose model has no covariate."""
    written = reports("example_trial")
    key, outcome = written.key, primary(written.key)
    _, spread = drawing_of(written, "residuals_")
    for arm, people in raw_values(written, outcome).items():
        wanted = []
        for visit in key.visits:
            own = [person[visit["code"]] for person in people.values()]
            mean = sum(own) / len(own)
            wanted += [(mean, value - mean) for value in own]
        (marks,) = (
            each
            for each in spread.called("line2d")
            if each.points and each.colour == colours(key)[arm]
        )
        found = sorted((round(spread.x.number(x), 2), spread.y.number(y)) for x, y in marks.points)
        assert close(
            [y for _, y in found], [y for _, y in sorted((round(x, 2), y) for x, y in wanted)]
        )


def test_harms_are_dots_of_their_percentage_and_differences_with_limits(written: Written) -> None:
    key = written.key
    shares, risks = drawing_of(written, "adverse_events")
    assert shares.legend == tuple(arm["label"] for arm in key.arms)
    *names, head = (text for _, _, text in shares.texts)
    assert head == "Participants, %"
    assert [text for _, _, text in risks.texts] == ["Risk difference, points"]
    dots = [each for each in shares.called("line2d") if each.points]
    lines = [each for each in risks.called("line2d") if each.paths and each.colour != FRAME]
    points = [each for each in risks.called("line2d") if each.points]
    zero = next(each for each in risks.called("line2d") if each.colour == FRAME)
    assert abs(risks.x.number(zero.paths[0][0][0])) < 0.01
    terms = ["any" if name == "Any adverse event" else f"event: {name}" for name in names]
    assert set(terms) - {"any"} == {t for t in key.terms("harms") if t.startswith("event: ")}
    at = iter(dots)
    for term in terms:
        for arm in key.arms:
            dot = next(at)
            events, n = (
                int(key.stat(s, "harms", term=term, arm=arm["code"])) for s in ("events", "n")
            )
            assert dot.colour == colours(key)[arm["code"]]
            assert abs(shares.x.number(dot.points[0][0]) - 100 * events / n) < 0.05
    assert not list(at)
    pairs = iter(zip(lines, points, strict=True))
    for term in terms:
        for arm in key.experimental:
            line, point = next(pairs)
            own = key.effect("harms", term=term, arm=f"{arm['code']} - {key.reference['code']}")
            estimate, low, high = (float(hundredfold(each)) for each in own)
            assert line.colour == point.colour == colours(key)[arm["code"]]
            found = [
                risks.x.number(x)
                for x in (line.paths[0][0][0], line.paths[0][1][0], point.points[0][0])
            ]
            assert all(abs(a - b) < 0.05 for a, b in zip(found, (low, high, estimate), strict=True))
    assert not list(pairs)


@pytest.mark.parametrize("analysis", ["function_sexes", "function_ages"])
def test_subgroups_stand_where_their_effects_are(written: Written, analysis: str) -> None:
    if written.name != "rich":
        pytest.skip("only one plan has subgroups")
    key = written.key
    (plot,) = drawing_of(written, f"subgroups_{analysis}_")
    (path,) = (written.output / "figures").glob(f"subgroups_{analysis}_*.svg")
    texts = [text for _, _, text in beside(path)]
    assert "Difference from the reference arm, points" in texts
    lines = [
        each
        for each in plot.called("line2d")
        if each.paths and each.colour not in {FRAME, INK, LIGHT}
    ]
    points = [each for each in plot.called("line2d") if each.points]
    pairs, words = iter(zip(lines, points, strict=True)), []
    where = {"outcome": "function", "visit": "W12"}
    interaction = key.stat("p_value", analysis, term="interaction", **where)
    for arm in key.experimental:
        words += [f"{arm['label']} vs Leaflet", f"interaction: {p_equals(interaction)}"]
        for level in ("All participants", *TOLD[written.name].levels[analysis]):
            term = f"{arm['code']} - CTRL"
            term += "" if level == "All participants" else f" | {level}"
            found = key.effect(analysis, term=term, **where)
            words.append(level)
            for each in (key.reference["code"], arm["code"]):
                within = "" if level == "All participants" else f"participants | {level}"
                words.append(key.stat("n", analysis, term=within, arm=each, **where))
            words.append(with_limits(found, 1))
            line, point = next(pairs)
            assert line.colour == point.colour == colours(key)[arm["code"]]
            own = [
                plot.x.number(x)
                for x in (point.points[0][0], line.paths[0][0][0], line.paths[0][1][0])
            ]
            assert all(abs(a - float(b)) < 0.02 for a, b in zip(own, found, strict=True))
    assert not list(pairs)
    assert texts[: len(words)] == words
    zero = next(each for each in plot.called("line2d") if each.colour == FRAME)
    assert abs(plot.x.number(zero.paths[0][0][0])) < 0.02
    assert not [each for each in plot.called("line2d") if each.colour == INK]


def test_marginal_means_stand_at_their_visits_with_their_limits(written: Written) -> None:
    if written.name != "rich":
        pytest.skip("only one plan has a mixed model for repeated measures")
    key = written.key
    (plot,) = drawing_of(written, "means_")
    assert plot.axis_words == ("Change in knee function (points)",)
    assert [label for _, label in plot.x.ticks] == ["Week 4", "Week 8", "Week 12"]
    assert plot.legend == tuple(arm["label"] for arm in key.arms)
    told = []
    for arm in key.arms:
        found = [
            key.effect(
                "primary", outcome="function", visit=visit, term="marginal mean", arm=arm["code"]
            )
            for visit in ("W4", "W8", "W12")
        ]
        colour = colours(key)[arm["code"]]
        low, high, middle = [each for each in plot.called("line2d") if each.colour == colour]
        for line, place in ((middle, 0), (low, 1), (high, 2)):
            own = [plot.y.number(y) for _, y in line.points]
            assert all(abs(a - float(b[place])) < 0.01 for a, b in zip(own, found, strict=True))
        for (x, _), (tick, _) in zip(middle.points, plot.x.ticks, strict=True):
            assert abs(x - tick) < (plot.x.ticks[1][0] - plot.x.ticks[0][0]) / 4
        means = [
            f"{v} {number(each[0], 1)}"
            for v, each in zip(("Week 4", "Week 8", "Week 12"), found, strict=True)
        ]
        told.append(f"{arm['label']}: {', '.join(means)}.")
    description = written.text("figures/means_primary_function.svg")
    assert f"Change in knee function in points. {' '.join(told)}" in description


def test_ticks_grow_evenly(written: Written) -> None:
    """What the other tests trust: that an axis is a straight scale."""
    for path in (written.output / "figures").glob("*.svg"):
        if path.name.startswith("forest_ratios"):  # whose axis is logarithmic
            continue
        for plot in plots_of(path):
            for scale in (plot.x, plot.y):
                labels = [label for _, label in scale.ticks]
                if not labels or not labels[0].lstrip("\N{MINUS SIGN}").replace(".", "").isdigit():
                    continue
                for place, label in scale.ticks:
                    assert abs(scale.number(place) - as_number(label)) < 1e-3 * abs(
                        as_number(labels[-1]) - as_number(labels[0])
                    )
