"""Every command and its options, declared without importing what carries it out."""

import re
from argparse import (
    Action,
    ArgumentParser,
    ArgumentTypeError,
    _SubParsersAction,
)
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeAlias

from trialkit import __version__
from trialkit.cli.data_door_options import add_data_door
from trialkit.cli.data_file_options import add_data_file_options
from trialkit.cli.due_options import add_due_options
from trialkit.cli.forms_options import add_forms_actions
from trialkit.cli.help_pages import add_help_pages
from trialkit.cli.identifier_option import add_show_identifiers
from trialkit.cli.import_options import add_import_sources
from trialkit.cli.instruments_options import add_instruments_actions
from trialkit.cli.plan_options import add_plan_actions
from trialkit.cli.queries_options import add_queries_actions
from trialkit.cli.randomise_options import add_randomise_actions
from trialkit.cli.simulate_options import add_simulate_options
from trialkit.cli.statements_options import add_statements_actions
from trialkit.cli.store_options import add_store_actions
from trialkit.cli.strict_option import Strictly
from trialkit.cli.text_arguments import TextArgumentParser
from trialkit.errors import AnalysisError
from trialkit.protocol.sizing.design import SampleSizeMethod
from trialkit.protocol.tables.choices import choose
from trialkit.protocol.trial.reporting import ReportFormat, ReportStyle

Subparsers: TypeAlias = "_SubParsersAction[ArgumentParser]"


@cache
def build_parser() -> ArgumentParser:
    """The parser of ``trialkit`` and all its commands, built when a process first asks."""
    parser = TextArgumentParser(
        prog="trialkit",
        description="A clinical trial, written down once as a protocol: its checks, its analyses\n"
        "and its CONSORT 2025 report.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"trialkit {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    new = _command(commands, "new", "write a small working trial to start from")
    new.add_argument("folder", metavar="DIR", type=_folder, help="a folder that does not exist yet")
    new.add_argument(
        "--empty",
        action="store_true",
        help="nothing but what data can be entered into: a baseline visit, the screening form",
    )
    validate = _command(commands, "validate", "check the data: findings on the screen and as files")
    _trial_options(validate)
    _strict_option(validate, action=Strictly)
    validate.add_argument("--no-queries", action="store_true", help="leave TRIAL/queries as it is")
    add_show_identifiers(validate, where="in the listing of findings")
    add_data_file_options(validate)
    _analysis_options(
        _command(commands, "analyse", "carry out the plan: results.csv and results.json")
    )
    report = _command(
        commands, "report", "write the CONSORT 2025 report, its figures and checklist"
    )
    _report_options(report)
    report.add_argument(
        "--package",
        metavar="DIR",
        type=_folder,
        help="write what a journal takes there, and no report: manuscript, supplement, checklists, "
        "tables, figures; in the heads and the spelling of the style",
    )
    _report_options(_command(commands, "run", "validate, analyse and report in one go"))
    add_import_sources(
        _command(commands, "import", "take data and forms from elsewhere: REDCap and others")
    )
    add_forms_actions(
        _command(commands, "forms", "read the forms and try their rules on their own tests")
    )
    add_instruments_actions(
        _command(commands, "instruments", "questionnaires and tests: what is known of them, forms")
    )
    add_plan_actions(
        _command(
            commands, "plan", "what a trial still lacks; lock the plan, and see what changed since"
        ),
        folder=_folder,
    )
    _protocol_options(
        _command(commands, "protocol", "write the protocol and analysis plan, before any data")
    )
    _datasets_options(
        _command(commands, "datasets", "the analysis datasets as files, for R, SAS or Stata")
    )
    _trace_options(_command(commands, "trace", "follow a result to the cells that it rests on"))
    add_statements_actions(
        _command(commands, "statements", "take the authors' words back from a Word report"),
        folder=_folder,
    )
    _verify_options(
        _command(commands, "verify", "whether a report still says what the trial's folder says")
    )
    _power_options(_command(commands, "power", "how many participants a trial needs, and why"))
    add_simulate_options(
        _command(commands, "simulate", "rehearse on simulated data, and try the planned analysis")
    )
    add_randomise_actions(
        _command(commands, "randomise", "plan, commit to, allocate, verify and unblind a list")
    )
    add_queries_actions(
        _command(commands, "queries", "list what the sites were asked, record what they answered"),
        folder=_folder,
        day=_date,
    )
    add_store_actions(
        _command(commands, "store", "the evidence store: who entered what, when and why"),
        folder=_folder,
        day=_date,
    )
    add_due_options(
        _command(commands, "due", "which visits may take place, in which days, what they lack"),
        folder=_folder,
        day=_date,
    )
    deviations = _command(
        commands, "deviations", "deviations from the protocol that the data propose, to decide on"
    )
    deviations.add_argument("trial", metavar="TRIAL", type=_folder, help="the trial's folder")
    add_data_door(deviations, day=_date)
    codebook = _command(commands, "codebook", "what is asked: codebook, and blank forms to print")
    codebook.add_argument("trial", metavar="TRIAL", type=_folder, help="the trial's folder")
    codebook.add_argument(
        "--out", metavar="DIR", type=_folder, help="where to write (default: TRIAL/output)"
    )
    workbook = _command(commands, "workbook", "an entry workbook: one sheet a form, to type into")
    workbook.add_argument("trial", metavar="TRIAL", type=_folder, help="the trial's folder")
    workbook.add_argument("out", metavar="OUT.xlsx", type=Path, help="the file to write")
    workbook.add_argument("--site", metavar="CODE", help="the participants of one site only")
    add_show_identifiers(workbook, where="in the rows that are there")
    add_help_pages(parser)
    return parser


def _command(commands: Subparsers, name: str, does: str) -> ArgumentParser:
    return commands.add_parser(
        name,
        help=does,
        description=f"{does[0].upper()}{does[1:]}.",
        allow_abbrev=False,
    )


def _trial_options(
    parser: ArgumentParser,
    *,
    out: str = "where to write, a folder of its own (default: TRIAL/output)",
) -> None:
    parser.add_argument(
        "trial", metavar="TRIAL", type=_folder, help="the trial's folder, with protocol.toml in it"
    )
    parser.add_argument(
        "--cut",
        metavar="DATE",
        type=_date,
        help="data up to this day, as 2025-03-31 (default: the protocol's [data] cut, else today)",
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=_folder,
        help=out,
    )
    add_data_door(parser, day=_date)


def _analysis_options(parser: ArgumentParser) -> None:
    _trial_options(parser)
    parser.add_argument(
        "--allow-hard",
        action="store_true",
        help="analyse in spite of hard findings; the report says so",
    )
    parser.add_argument(
        "--only",
        metavar="ID",
        action="append",
        default=[],
        help="carry out this analysis of the plan alone, may be given again; the report is a draft",
    )
    parser.add_argument(
        "--pooled",
        action="store_true",
        help="all participants as one arm, for those who stay blind: nothing is compared, the report "
        "is a draft, and it goes to TRIAL/pooled",
    )
    parser.add_argument(
        "--verbose",
        action="store_true",
        help="say all of it: each finding, gap and warning of the lint, and each file written",
    )


def _datasets_options(parser: ArgumentParser) -> None:
    _trial_options(parser, out="where to write, a folder of its own (default: TRIAL/datasets)")
    parser.add_argument(
        "--allow-hard", action="store_true", help="derive them in spite of hard findings"
    )


def _trace_options(parser: ArgumentParser) -> None:
    _trial_options(parser, out="write every cell there, as trail.csv (default: show the first)")
    parser.add_argument(
        "result_id",
        metavar="RESULT_ID",
        help="as in results.csv, or behind a number of report.html",
    )
    add_show_identifiers(parser, where="among what was entered")


def _report_options(parser: ArgumentParser) -> None:
    _analysis_options(parser)
    _strict_option(parser)
    parser.add_argument(
        "--draft", action="store_true", help="mark every page of the report as a draft"
    )
    every = ",".join(each.value for each in ReportFormat)
    parser.add_argument(
        "--formats",
        metavar="LIST",
        type=_formats,
        default=tuple(ReportFormat),
        help=f"which files to make of the report, as html,docx (default: {every})",
    )
    parser.add_argument(
        "--style",
        choices=[each.value for each in ReportStyle],
        help="whose way of printing numbers to follow (default: the protocol's, else plain)",
    )
    parser.add_argument(
        "--reference",
        metavar="FILE",
        type=Path,
        help="a Word file whose styles, paper, heads and feet report.docx takes",
    )
    parser.add_argument(
        "--png", action="store_true", help="write each figure also as a picture of 300 dots an inch"
    )


def _strict_option(parser: ArgumentParser, *, action: str | type[Action] = "store_true") -> None:
    parser.add_argument(
        "--strict",
        action=action,
        default=False,
        help="exit with 1 when a statement is missing or the lint finds an error",
    )


def _protocol_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "trial", metavar="TRIAL", type=_folder, help="the trial's folder, with protocol.toml in it"
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=_folder,
        help="where to write, a folder of its own (default: TRIAL/plan)",
    )
    usual = (ReportFormat.HTML, ReportFormat.WORD, ReportFormat.MARKDOWN)
    parser.add_argument(
        "--formats",
        metavar="LIST",
        type=_formats,
        default=usual,
        help=f"which files to make, as html,pdf (default: {','.join(usual)})",
    )
    parser.add_argument("--draft", action="store_true", help="mark every page as a draft")


def _verify_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "output",
        metavar="OUTPUT|DOCUMENT",
        type=_folder,
        help="the folder that 'trialkit run' wrote, or a Word report (.docx) as it came back",
    )
    parser.add_argument(
        "--trial",
        metavar="TRIAL",
        type=_folder,
        help="the trial's folder (default: the one that OUTPUT or DOCUMENT lies in)",
    )
    parser.add_argument(
        "--cut",
        metavar="DATE",
        type=_date,
        help="of a Word document: compare with the data up to this day (default: its own cut)",
    )
    parser.add_argument(
        "--anchor",
        metavar="HASH",
        help="the hash that 'trialkit run' said at its end, or the manifest code of the printed "
        "report, kept where nobody could change it",
    )
    parser.add_argument(
        "--reference", metavar="FILE", type=Path, help="the Word file that the run was given"
    )
    parser.add_argument(
        "--store",
        metavar="URL|FILE",
        default="",
        help="the evidence store that the run was given (default: the protocol's, else the trial's own)",
    )


def _power_options(parser: ArgumentParser) -> None:
    methods = ", ".join(method.value for method in SampleSizeMethod)
    parser.add_argument(
        "what",
        metavar="METHOD|TRIAL",
        help="a trial's folder, whose [sample_size] is recomputed, or one of " + methods,
    )
    parser.add_argument(
        "assumptions",
        metavar="NAME=VALUE",
        nargs="*",
        help="the method's assumptions, such as difference=10 sd=24; a wrong one lists the known",
    )
    parser.add_argument(
        "--power", type=float, default=0.8, metavar="P", help="the power wanted (default: 0.8)"
    )
    parser.add_argument(
        "--n", metavar="N", help="tell the power of N analysed, in all or arm by arm as 28,35"
    )
    parser.add_argument(
        "--detect", action="store_true", help="with --n: the effect that has the power"
    )
    parser.add_argument(
        "--dropout",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="the share of the randomised who will not be analysed, as 0.1",
    )
    parser.add_argument(
        "--looks", metavar="K", help="a group-sequential design with K looks, or at 0.3,0.6,1"
    )
    parser.add_argument(
        "--boundary",
        default="obrien-fleming-spending",
        metavar="NAME",
        help="obrien-fleming-spending (default), pocock-spending, hwang-shih-decani:GAMMA, "
        "kim-demets:RHO, obrien-fleming, pocock or wang-tsiatis:DELTA",
    )
    parser.add_argument(
        "--futility",
        metavar="RULE",
        help="a spending function of the type II error, or z at each look but the last, as 0,0.5",
    )
    parser.add_argument(
        "--binding", action="store_true", help="the futility rule will be obeyed whatever happens"
    )
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="write the tables and the power curve there"
    )


def _date(text: str) -> date:
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ArgumentTypeError(f"{text!r} is no date; write it as 2025-03-31")


def _formats(text: str) -> tuple[ReportFormat, ...]:
    """Formats as they are listed, each once; an unknown one names the known."""
    try:
        found = [
            choose(ReportFormat, each.strip(), parameter="--formats") for each in text.split(",")
        ]
    except AnalysisError as error:
        raise ArgumentTypeError(str(error)) from None
    return tuple(dict.fromkeys(found))


def _folder(text: str) -> Path:
    """An empty text would be the current folder: more likely a variable that was never set."""
    if not text.strip():
        raise ArgumentTypeError("the name of the folder is empty; write . for the current folder")
    return Path(text)
