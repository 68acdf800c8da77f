"""Whether residuals look normal and spread evenly: quantiles on the left, fitted values on the right."""

from collections.abc import Sequence
from functools import partial

from trialkit.drawing.looks import (
    GREY,
    LIGHT,
    look,
)
from trialkit.drawing.marks import draw_residuals_of
from trialkit.printable import fit_for_xml
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.figures import (
    POINTS_PER_INCH,
    drawing,
    label_synthetic,
    room_for_label,
    ticked,
    to_svg,
)
from trialkit.report.figures.legends import key, legend_height, put_legend
from trialkit.report.lettering.text_width import wrap
from trialkit.report.numbers.numbers import number
from trialkit.report.tables.headlines import Headline, headlines
from trialkit.report.words.languages import short_name
from trialkit.results.lookup import ResultIndex
from trialkit.results.series import Mark, Series, SeriesKind, xs, ys

WIDTH, PLOT_HEIGHT = 7.4, 2.15


def draw_residuals(
    fitted: Series,
    quantiles: Series,
    *,
    axis: str,
    arms: Sequence[Arm],
    synthetic: str,
    name: str,
    title: str,
    description: str,
) -> str:
    """The figure as SVG; arms differ in colour and in shape."""
    top = room_for_label(synthetic, width=WIDTH)
    across = [
        "\n".join(wrap(fit_for_xml(each), size=8.5, width=190))
        for each in ("Quantile of the standard normal distribution", f"Fitted: {axis}")
    ]
    labels = [arm.label for arm in arms]
    foot = legend_height(labels, width=WIDTH) + 10
    below = 26 + 10.6 * max(each.count("\n") + 1 for each in across)
    whole = PLOT_HEIGHT + top + (foot + below + 26) / POINTS_PER_INCH
    steepness = quantiles.marked(Mark.SPREAD).y or 0.0
    scores = xs(quantiles.many)
    ends = [scores[0], scores[-1]]
    with drawing(width=WIDTH, height=whole) as canvas:
        box = (foot + below) / POINTS_PER_INCH / whole, PLOT_HEIGHT / whole
        normal = canvas.add_axes((0.1, box[0], 0.37, box[1]))
        spread = canvas.add_axes((0.6, box[0], 0.37, box[1]))
        spread.axhline(0, color=GREY, linewidth=1)
        normal.plot(ends, [end * steepness for end in ends], color=GREY, linewidth=1)
        for at, arm in enumerate(arms):
            for ax, series in ((normal, quantiles), (spread, fitted)):
                own = series.of(arm.code)
                draw_residuals_of(ax, xs(own), ys(own), look(at))
        for ax, head, words in (
            (normal, "Normal quantiles", across[0]),
            (spread, "Spread", across[1]),
        ):
            ax.set_axisbelow(True)
            ax.grid(color=LIGHT, linewidth=0.6)
            ax.set_title(head, loc="left")
            ax.set_xlabel(words, fontsize=8.5)
            ax.set_ylabel("Residual", fontsize=8.5)
            ticked(ax, which="x")
            ticked(ax, which="y")
        keys = [key(look(at), line=False) for at in range(len(arms))]
        put_legend(canvas, keys, labels, bottom=5)
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name=name, title=title, description=description)


def residual_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """What the model of each primary analysis leaves over, where it is a model of the mean."""
    found = (
        (
            each,
            index.series(SeriesKind.RESIDUALS, each.analysis.id, outcome=each.outcome.code),
            index.series(SeriesKind.QUANTILES, each.analysis.id, outcome=each.outcome.code),
        )
        for each in headlines(protocol, index)
    )
    return tuple(
        _residuals(headline, fitted, quantiles)
        for headline, fitted, quantiles in found
        if fitted is not None and quantiles is not None
    )


def _residuals(headline: Headline, fitted: Series, quantiles: Series) -> Figure:
    protocol, outcome = headline.protocol, headline.outcome
    label, method = outcome.label, short_name(headline.analysis.specification, protocol)
    title = f"{label}: residuals of the primary analysis"
    summary = fitted.marked(Mark.SPREAD)
    left = ys(fitted.many)
    description = (
        f"{summary.n} residuals with standard deviation "
        f"{number(summary.y, digits=outcome.digits + 1)}, from "
        f"{number(min(left), digits=outcome.digits)} to {number(max(left), digits=outcome.digits)}."
    )
    name = f"residuals_{outcome.code}"
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_residuals,
                fitted,
                quantiles,
                axis=label,
                arms=[protocol.arm(code) for code in protocol.arm_codes],
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=description,
        caption=(
            f"{label}: residuals of the primary analysis ({method}) against quantiles of the "
            "normal distribution and against fitted values. They chose nothing: the method "
            "is that of the plan."
        ),
        drawn_from=(fitted.result_id, quantiles.result_id),
    )
