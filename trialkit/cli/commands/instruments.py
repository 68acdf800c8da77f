"""``trialkit instruments``: which are known, what is known of one, and its form for a trial."""

from argparse import Namespace
from pathlib import Path

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.disk.temporary import temporary_folder
from trialkit.errors import DataFileError, ProtocolError, TrialStep, refuse
from trialkit.files.whole_files import write_together
from trialkit.protocol.loading import FILE, load_protocol
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.empty_table import empty_table
from trialkit.schemas.forms.forms import Form
from trialkit.schemas.instruments import (
    INSTRUMENTS,
    Instrument,
    form_text,
    instrument,
    outcome_text,
)
from trialkit.schemas.reading.loading import FOLDER, read_forms


def run(arguments: Namespace) -> ExitCode:
    """Carry out one of the actions."""
    screen = Screen()
    match arguments.action:
        case "list":
            _list(screen)
        case "show":
            screen.say("\n".join(_card(instrument(arguments.instrument))))
        case "add":
            _add(arguments, screen)
    return ExitCode.FINE


def _list(screen: Screen) -> None:
    width = max(map(len, INSTRUMENTS))
    for id_, each in INSTRUMENTS.items():
        screen.say(f"{id_:<{width}}  {each.name}: {each.measures}")


def _add(arguments: Namespace, screen: Screen) -> None:
    """Write the form and its empty table, if its name is free and its visits are there."""
    what, trial = instrument(arguments.instrument), arguments.trial
    protocol = load_protocol(trial, step=TrialStep.VALIDATE)
    visits = _visits(arguments.visits, [visit.code for visit in protocol.visits])
    if not visits and not what.repeating:
        known = ", ".join(visit.code for visit in protocol.visits) or "none yet: write [[visits]]"
        raise ProtocolError(f"{what.id} is asked at visits; give --visits, of {known}")
    file: Path = trial / FOLDER / f"{what.id}.toml"
    if file.exists():
        raise DataFileError(f"{file}: is there already; nothing was written")
    text = form_text(what, visits=visits)
    form = _tried(trial, protocol, what.id, text)
    data: Path = trial / "data" / f"{what.id}.csv"
    files = {file: text.encode("utf-8")}
    if not data.exists():
        files[data] = empty_table(form, protocol.data).encode(protocol.data.encoding)
    write_together(files)
    screen.say(f"{file} and {data} were written; the form is yours to edit.")
    for score in what.scores:
        screen.say(f"\nTo make {score.label} an outcome, put into {FILE}:\n")
        screen.say_as_it_is(outcome_text(what, score))
    screen.advise("Next:  ", f"trialkit forms check {trial}")


def _tried(trial: Path, protocol: Protocol, form_id: str, text: str) -> Form:
    """The form among the trial's own, before anything is written to the trial.

    What is wrong with others, or with a plan whose forms are not all there yet, is not its fault.
    """
    with temporary_folder() as temporary:
        for file in (trial / FOLDER).glob("*.toml"):
            temporary.copy(file, f"{FOLDER}/{file.name}")
        temporary.write(f"{FOLDER}/{form_id}.toml", text)
        read = read_forms(temporary.path, protocol, plan_is_read=False)
    own = f"{FOLDER}/{form_id}.toml"
    refuse(tuple(each for each in read.complaints if each.file == own), TrialStep.VALIDATE)
    return read.schemas.form(form_id)


def _visits(text: str, known: list[str]) -> tuple[str, ...]:
    visits = tuple(part.strip() for part in text.split(",") if part.strip())
    for visit in visits:
        if visit not in known:
            raise ProtocolError(
                f"--visits: {visit!r} is no visit of the protocol, which has {', '.join(known)}"
                + suggestion(visit, known)
            )
    return visits


def _card(what: Instrument) -> list[str]:
    """What is known of an instrument, as lines."""
    lines = [what.name, f"measures   {what.measures}", f"reference  {what.reference}"]
    lines.append(f"words      {what.rights}")
    lines += [f"note       {note}" for note in what.notes]
    lines += [f"unconfirmed: {each}" for each in what.unconfirmed]
    for score in what.scores:
        ends = (
            "" if score.low is None or score.high is None else f", {score.low:g} to {score.high:g}"
        )
        unit = f" ({score.unit})" if score.unit else ""
        lines.append(
            f"\n{score.id}: {score.label}{unit}{ends}, {score.direction.replace('_', ' ')}"
        )
        lines.append(f"  missing   {score.missing_rule}")
        if not score.thresholds:
            lines.append("  change    no threshold was found")
        for each in score.thresholds:
            amounts = [f"{each.value:g}"] if each.value is not None else []
            amounts += [f"{each.percent:g} % of baseline"] if each.percent is not None else []
            seen = "" if each.confirmed else "; source not seen"
            lines.append(
                f"  {each.kind.replace('_', ' ')}: {' or '.join(amounts)} "
                f"({each.population}; {each.source}{seen})"
            )
        lines.append(f"  reckoned  {score.formula.expression}")
    return lines
