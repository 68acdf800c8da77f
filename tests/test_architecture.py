"""The laws of the house, kept by a test: which room may use which, and what a command loads."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from tests.conftest import few_at_once

PACKAGE = Path(__file__).parents[1] / "trialkit"
LAYERS = (
    "grammar", "printable", "limits", "errors", "disk", "decimals", "results", "drawing", "protocol", "schemas", "files", "store", "checks", "imports", "evidence", "datasets",
    "analysis", "planned", "trails", "design", "report", "pages", "newtrial", "steps",
    "outputs", "halfway", "pipeline", "verifying", "cli", "web",
)  # fmt: skip
"""A room may use those named before it."""
NOT_BELOW = {
    "files": {"schemas"},
    "analysis": {"schemas", "files", "store", "checks", "imports", "datasets"},
    "planned": {"schemas", "files", "store", "checks", "imports"},
    "report": {
        "schemas",
        "files",
        "store",
        "checks",
        "imports",
        "datasets",
        "analysis",
        "planned",
        "trails",
        "design",
    },
    "newtrial": {"report", "analysis", "datasets", "checks", "schemas", "protocol"},
}
ONLY_IN = {
    "pingouin": ("analysis/engines",),
    "statsmodels": ("analysis/engines",),
    "jinja2": ("report", "pages"),
    "matplotlib": ("drawing", "report", "pages", "results/tabular"),
    "docx": ("report",),
    "PIL": ("report/writers/artwork",),
    "typst": ("report", "pages"),
    "pandera": ("schemas",),
    "rich": ("cli",),
    "sqlalchemy": ("evidence",),
    "alembic": ("evidence/database/running_revisions", "evidence/database/revisions/"),
    "psycopg": ("evidence",),
    "duckdb": ("store/one_file/key_uniqueness",),
    "rfc3161_client": ("evidence/verifying/time_stamps",),
}
MAY_IMPORT_LATE = {"__init__.py", "cli/main.py"}
MAY_KNOW_A_METHOD = (
    "trialkit.protocol.methods.specifications",
    "trialkit.planned.methods.",
    "trialkit.report.words.",
)
SPECIFIED_BY = {
    "Specification",
    "RiskComparison",
    "RiskModel",
    "RepeatedEventModel",
    "RateModel",
    "RepeatedMeasuresModel",
    "ImputingMethod",
    "AtATime",
    "RecurrentModel",
}
"""What the classes of specifications are made of; they know no method."""
MAY_NAME_AN_ITEM_TYPE = (
    "schemas/items/",
    "schemas/instruments/disability.py",
    "schemas/instruments/form_file.py",
    "schemas/instruments/instrument.py",
    "schemas/instruments/performance.py",
    "schemas/instruments/trials_of_a_test.py",
    "schemas/forms/not_done.py",
    "imports/redcap/finding.py",
    "imports/redcap/items.py",
    "imports/xlsform/questions.py",
    "imports/xlsform/settling.py",
    "imports/xlsform/survey_reading.py",
    "imports/statistical/drafting.py",
)
"""Where items are built, and where a foreign type is mapped to one of ours."""
BANNED_NAMES = {"utils", "util", "helpers", "common", "base", "manager", "service", "handler"}


@cache
def trees() -> dict[Path, ast.Module]:
    """The syntax tree of every module, read by the first test that asks and not by every worker."""
    return {
        path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))
    }


def place(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def module(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Every node of a syntax tree, gathered once for all tests."""
    return tuple(ast.walk(tree))


@cache
def modules() -> dict[str, Path]:
    return {module(path): path for path in trees()}


def folder(name: str) -> str:
    """The folder of a module; a module at the top is a room of its own."""
    path = modules()[name]
    return name if path.name == "__init__.py" or path.parent == PACKAGE else name.rpartition(".")[0]


def imported(tree: ast.AST) -> Iterator[str]:
    """The libraries' and our own modules that a syntax tree imports, wherever it does so."""
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            ours = {f"{node.module}.{alias.name}" for alias in node.names} & modules().keys()
            yield from ours or {node.module or ""}


@cache
def uses() -> dict[str, set[str]]:
    """The modules of ours that each module imports."""
    return {
        name: {each for each in imported(trees()[path]) if each in modules()}
        for name, path in modules().items()
        if name != "trialkit"
    }


def circle(graph: Mapping[str, set[str]]) -> str:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " → ".join(reversed(error.args[1]))
    return ""


def test_no_module_and_no_folder_uses_one_that_uses_it() -> None:
    assert circle({name: used - {name, "trialkit"} for name, used in uses().items()}) == ""
    folders: dict[str, set[str]] = {}
    for name, used in uses().items():
        home = folder(name)
        folders.setdefault(home, set()).update({folder(each) for each in used} - {home, "trialkit"})
    assert circle(folders) == ""


def test_rooms_use_only_the_rooms_before_them() -> None:
    wrong = []
    for name, used in uses().items():
        home = name.split(".")[1]
        allowed = set(LAYERS[: LAYERS.index(home) + 1]) - NOT_BELOW.get(home, set())
        rooms = {each.split(".")[1] for each in used - {"trialkit"}}
        wrong += [f"{name} uses {room}" for room in sorted(rooms - allowed)]
    assert wrong == []


def test_libraries_stay_where_they_belong() -> None:
    wrong = []
    for path, tree in trees().items():
        for library in {each.partition(".")[0] for each in imported(tree)} & ONLY_IN.keys():
            home = place(path)
            wrong += [] if home.startswith(ONLY_IN[library]) else [f"{home} imports {library}"]
    assert wrong == []


def test_what_is_true_of_a_method_is_asked_of_its_specification_card_or_words() -> None:
    """Who imports the class of a specification could ask which method it is, and would."""
    specifications = {
        name
        for name, path in modules().items()
        if name.startswith("trialkit.protocol.methods.")
        and any(
            isinstance(node, ast.ClassDef)
            and node.name not in SPECIFIED_BY
            and any(isinstance(each, ast.Name) and each.id in SPECIFIED_BY for each in node.bases)
            for node in trees()[path].body
        )
    }
    assert len(specifications) >= 12
    found = {
        name
        for name, used in uses().items()
        if used & specifications and not name.startswith(MAY_KNOW_A_METHOD)
    }
    assert found == set()


MAY_WRITE = ("disk/", "store/one_file/key_uniqueness.py", "store/one_file/by_participant.py")
"""Where files are written. Of a file too large for memory, keys and what rules ask of other rows go to
a temporary folder."""
MAY_ADD_TO_A_FILE = (
    "cli/speaking.py",
    "design/randomisation/lock.py",
    "design/randomisation/trail_file.py",
)
"""The audit trail of a randomisation, which grows by a line, its lock, and the screen."""
WRITES_A_FILE = {
    "write_text", "write_bytes", "sink_parquet", "sink_csv", "sink_ipc", "write_parquet", "mkdtemp",
    "mkstemp", "NamedTemporaryFile", "TemporaryFile", "TemporaryDirectory", "copyfile", "copy2",
    "copytree", "rmtree", "makedirs", "symlink_to", "hardlink_to", "truncate", "fdopen",
    "to_excel", "to_parquet", "to_pickle",
}  # fmt: skip
"""What writes files wherever it is called."""
INTO_MEMORY = {"to_csv", "write_csv", "savefig", "save", "to_json"}
"""What writes a file where it is given a name of one, and otherwise gives or fills something."""


def writes(node: ast.AST) -> bool:
    """Whether a call writes to the disk, as far as it can be seen."""
    if not isinstance(node, ast.Call):
        return False
    match node.func:
        case ast.Attribute(attr="open", value=ast.Name(id="os")):
            return True
        case ast.Attribute(attr="open") | ast.Name(id="open"):
            texts = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
            return any(isinstance(each, str) and set(each) & set("wax+") for each in texts
                       if isinstance(each, str) and set(each) <= set("rwaxbt+"))  # fmt: skip
        case ast.Attribute(attr="write" | "ftruncate", value=ast.Name(id="os")):
            return True
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name in WRITES_A_FILE
    return False


@pytest.mark.parametrize(
    ("call", "is_one"),
    [
        ('p.write_text("x")', True),
        ('open("x", mode="a")', True),
        ('p.open("wb")', True),
        ("os.write(1, b'')", True),
        ("shutil.copy2(a, b)", True),
        ("frame.sink_parquet(p)", True),
        ('p.open("rb")', False),
        ('p.open(encoding="utf-8")', False),
        ("archive.open(part)", False),
    ],
)
def test_a_call_that_writes_is_told_from_one_that_reads(call: str, is_one: bool) -> None:
    assert any(map(writes, ast.walk(ast.parse(call)))) is is_one


def test_every_file_is_written_by_the_one_writer_that_writes_whole() -> None:
    allowed = (*MAY_WRITE, "files/whole_folders.py", *MAY_ADD_TO_A_FILE)
    found = {
        f"{place(path)}:{node.lineno}"
        for path, tree in trees().items()
        for node in nodes(tree)
        if writes(node) and not place(path).startswith(allowed)
    }
    assert found == set()


OF_THE_PACKAGE = (
    "evidence/database/table_listing.py",
    "report/guidelines/checklist.py",
    "report/lettering/font_files.py",
    "schemas/instruments/stated_instruments.py",
)
"""Who reads files that are installed with trialkit."""
READS_A_FILE = {"read_bytes", "read_text", "open"}


def unguarded(tree: ast.AST, *, guarded: bool = False) -> Iterator[ast.Call]:
    """Calls that read a file where nobody adds its name to what the system refuses."""
    match tree:
        case ast.With(items=items):
            named = {
                name.id for item in items for name in ast.walk(item) if isinstance(name, ast.Name)
            }
            guarded |= "reading" in named
        case ast.Try(handlers=handlers):
            caught = (each.type for each in handlers if each.type is not None)
            guarded |= any("OSError" in ast.unparse(each) for each in caught)
        case ast.Call(func=ast.Attribute(attr=name)) if name in READS_A_FILE and not guarded:
            yield tree
    for child in ast.iter_child_nodes(tree):
        yield from unguarded(child, guarded=guarded)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("path.read_bytes()", 1),
        ("with open_(x):\n    path.read_text()", 1),
        ("try:\n    path.read_bytes()\nexcept ValueError:\n    pass", 1),
        ("with reading(path):\n    path.read_text()", 0),
        ("with reading(path), path.open() as x:\n    pass", 0),
        ("try:\n    path.read_bytes()\nexcept (OSError, ValueError):\n    pass", 0),
    ],
)
def test_a_call_that_reads_without_a_name_is_told(code: str, found: int) -> None:
    assert len(list(unguarded(ast.parse(code)))) == found


def test_every_file_is_read_where_a_refusal_is_told_with_its_name() -> None:
    """A disk that fails in the middle of a file does not say which file that is."""
    found = {
        f"{place(path)}: {ast.unparse(call)}"
        for path, tree in trees().items()
        for call in unguarded(tree)
        if not place(path).startswith((*OF_THE_PACKAGE, *MAY_WRITE, *MAY_ADD_TO_A_FILE))
    }
    assert found == set()


def test_which_characters_are_seen_or_fit_in_xml_is_decided_in_one_place() -> None:
    found = {
        f"{place(path)}:{node.lineno}"
        for path, tree in trees().items()
        for node in nodes(tree)
        if place(path) != "printable.py" and decides_on_a_character(node)
    }
    assert found == set()


def decides_on_a_character(node: ast.AST) -> bool:
    match node:
        case (
            ast.Attribute(attr="isprintable")
            | ast.Attribute(attr="category", value=ast.Name(id="unicodedata"))
        ):
            return True
        case ast.ImportFrom(module="unicodedata", names=names):
            return any(each.name == "category" for each in names)
        case ast.Constant(value=str(text)):
            return "\ud7ff" in text or "\u202a" in text
    return False


def test_what_could_write_a_file_is_given_memory() -> None:
    found = {
        f"{place(path)}: {ast.unparse(node)}"
        for path, tree in trees().items()
        for node in nodes(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in INTO_MEMORY
        and node.args
    }
    assert found == {
        "report/figures/figures.py: canvas.savefig(target, format='svg', metadata=nothing)",
        "report/writers/artwork.py: flat.save(made, kind, dpi=(DOTS_PER_INCH, DOTS_PER_INCH), **options)",
    }


def members_named(tree: ast.AST, enum: str) -> set[str]:
    """The members of an enum that a syntax tree names, such as ``ItemType.DATE``."""
    return {
        node.attr
        for node in nodes(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == enum
        and node.attr.isupper()
    }


def test_what_is_true_of_an_item_type_is_asked_of_its_card() -> None:
    """Elsewhere nobody asks which type an item has: its ``kind`` says what it is like."""
    found = {place(path) for path, tree in trees().items() if members_named(tree, "ItemType")}
    assert {each for each in found if not each.startswith(MAY_NAME_AN_ITEM_TYPE)} == set()
    idle = {each for each in MAY_NAME_AN_ITEM_TYPE[1:] if each not in found}
    assert idle == set()


def test_what_is_true_of_a_kind_of_outcome_is_asked_of_its_card() -> None:
    found = {place(path) for path, tree in trees().items() if members_named(tree, "OutcomeType")}
    assert found == {"protocol/methods/outcome_kinds.py"}


def test_imports_are_absolute_stand_at_the_top_and_name_modules() -> None:
    wrong = []
    for path, tree in trees().items():
        for node in nodes(tree):
            if isinstance(node, ast.ImportFrom) and node.level:
                wrong.append(f"{place(path)}:{node.lineno} is relative")
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                and list(imported(node))
                and place(path) not in MAY_IMPORT_LATE
            ):
                wrong.append(f"{place(path)}: {node.name} imports inside its body")
        if path.name != "__init__.py" and folder(module(path)) in uses().get(module(path), ()):
            wrong.append(f"{place(path)} imports its own package")
    assert wrong == []


def test_modules_are_named_for_a_concept_and_say_what_they_are() -> None:
    wrong = [place(path) for path in trees() if path.stem in BANNED_NAMES]
    wrong += [place(path) for path, tree in trees().items() if not ast.get_docstring(tree)]
    wrong += [
        place(path) for path, tree in trees().items() if "TODO" in (ast.get_docstring(tree) or "")
    ]
    assert wrong == []


STATISTICS = {
    "scipy.stats",
    "statsmodels",
    "pingouin",
    "trialkit.analysis.frames",
    "trialkit.planned",
}
DRAWING = {"matplotlib", "seaborn"}
UNPLANNED = {
    "pingouin",
    "scipy.optimize",
    "scipy.stats",
    "trialkit.analysis.imputation",
    "trialkit.analysis.mixed",
    "trialkit.analysis.repeated",
    "trialkit.planned.methods.cox",
}
"""What a plan loads that asks for it, by the cards of its methods."""
WRITING = {"docx", "icalendar", "typst", "trialkit.report.sections", "trialkit.report.figures"}
EXAMPLE = Path(__file__).parents[1] / "trialkit" / "newtrial"


def command(*words: str) -> str:
    called = f"main({[*words]!r})"
    return f"from trialkit.cli.main import main; assert {called} in (0, 1)"


@pytest.mark.parametrize(
    ("statement", "never", "most"), few_at_once([
        (
            "import trialkit.cli.main",
            {"pandas", "numpy", "scipy", "polars", "matplotlib", "jinja2", "statsmodels", "rich"},
            400,
        ),
        (
            "import trialkit; dir(trialkit)",
            {"pandas", "numpy", "argparse", "json", "trialkit.errors", "trialkit.analysis.frames"},
            100,
        ),
        (
            "from trialkit import kaplan_meier",
            {
                "polars", "pandera", "pingouin", "statsmodels", "scipy.stats", "trialkit.datasets",
                "trialkit.schemas", "trialkit.analysis.linear", "trialkit.pipeline", *DRAWING,
            },
            950,
        ),
        (
            "from trialkit.analysis import ancova",
            {
                "polars", "pandera", "pingouin", "statsmodels", "scipy.stats", "trialkit.datasets",
                "trialkit.store", "trialkit.schemas", "trialkit.planned", "trialkit.analysis.repeated",
                *DRAWING,
            },
            1230,
        ),
        (command("validate", "TRIAL", "--out", "OUT"), STATISTICS | DRAWING | WRITING, 1900),
        (command("queries", "list", "TRIAL"), STATISTICS | DRAWING | WRITING, 1900),
        (
            command("forms", "check", "TRIAL"),
            STATISTICS | DRAWING | WRITING | {"jinja2", "openpyxl"},
            1580,
        ),
        (
            command("workbook", "TRIAL", "OUT/entry.xlsx"),
            STATISTICS | DRAWING | WRITING | {"jinja2", "pandera"},
            1480,
        ),
        (
            "import trialkit.cli.commands.codebook",
            STATISTICS | DRAWING | {"docx", "openpyxl", "pandera"},
            1270,
        ),
        (
            "import trialkit.cli.commands.analyse",
            UNPLANNED | {"docx", "typst", "trialkit.report.writers.word", "trialkit.report.writers.pdf"},
            2500,
        ),
        (
            "import trialkit.cli.commands.run",
            UNPLANNED | {"docx", "typst", "trialkit.report.writers.word", "trialkit.report.writers.pdf"},
            2560,
        ),
    ], 4),
    ids=["help", "top", "kaplan_meier", "ancova", "validate", "queries", "forms", "workbook", "codebook", "analyse", "run"],
)  # fmt: skip
def test_nothing_is_loaded_that_is_not_used(
    statement: str, never: set[str], most: int, tmp_path: Path
) -> None:
    """Each statement in a process of its own; ``never`` are libraries or rooms of trialkit."""
    trial, out = tmp_path / "trial", tmp_path / "out"
    copytree(EXAMPLE, trial, ignore=ignore_patterns("output", "*.py", "__pycache__"))
    done = statement.replace("TRIAL", str(trial)).replace("OUT", str(out))
    code = f"import sys; {done}; print(); print('loaded:', *sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.rpartition("loaded:")[2].split())
    assert {each for each in loaded if each in never} == set()
    assert len(loaded) <= most


def test_the_clock_is_asked_at_the_door_alone() -> None:
    """Whatever a run gives depends on what it is told: the day is an argument of the pipeline."""
    asking = {
        place(path)
        for path, tree in trees().items()
        for node in nodes(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "today", "utcnow"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date"}
    }
    assert {each for each in asking if not each.startswith("cli/")} == set()
    assert "cli/main.py" in asking


def test_the_day_of_the_run_is_read_in_one_place() -> None:
    """A command that is called without a day has none, and is not to fall over it."""
    reading = {
        place(path)
        for path, tree in trees().items()
        for node in nodes(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "today"
        and isinstance(node.value, ast.Name)
        and node.value.id == "arguments"
    }
    assert reading == {"cli/main.py"}  # which states it


def test_modules_are_imported_late_in_few_places_alone() -> None:
    """By a command, by a writer, by the packages whose names come when they are asked for, by what is
    drawn, by the cards that a plan names, and eight libraries that load much else for few trials."""
    late = {
        place(path)
        for path, tree in trees().items()
        for node in nodes(tree)
        if isinstance(node, ast.Name | ast.Attribute)
        and (node.id if isinstance(node, ast.Name) else node.attr)
        in {"import_module", "__import__"}
    }
    named = {
        "cli/main.py",
        "evidence/verifying/time_stamps.py",
        "report/writers/documents.py",
        "__init__.py",
        "analysis/__init__.py",
        "analysis/engines/linear_programme.py",
        "analysis/engines/pingouin.py",
        "analysis/engines/sobol.py",
        "analysis/frames/any_frame.py",
        "evidence/copies/migrating_tables.py",
        "design/sample_size/seldom_distributions.py",
        "imports/xlsform/odk_reading.py",
        "planned/methods/methods.py",
        "results/tabular.py",
        "steps/data_door.py",
        "steps/kept_queries.py",
        "store/one_file/key_uniqueness.py",
    }
    assert late == named


TWO_THINGS_OF_ONE_NAME = {
    "Ancova", "AncovaF", "ChiSquare", "ClusterMeans", "ClusterProportions", "ClusterRates", "Correlation", "EquivalenceMeans",
    "EquivalenceProportions", "LinearModelF", "LogRank", "MannWhitney", "MarginComparison", "MixedAnova", "Mmrm",
    "NegativeBinomialRates",
    "NonInferiorityMeans", "NonInferiorityProportions", "OneWayAnova", "OrdinalOdds", "PairedT", "SignedRank",
    "StratifiedProportions", "TwoByTwo", "TwoPeriodMeans", "TwoProportions", "TwoSampleT",
}  # fmt: skip
"""Methods: what a plan or a sample size asks for, and what answers, stand in rooms of their own."""


def test_one_name_is_one_thing() -> None:
    homes: dict[str, list[str]] = {}
    for path, tree in trees().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(place(path))
    twice = {name: found for name, found in homes.items() if len(found) > 1}
    assert {name: twice[name] for name in twice.keys() - TWO_THINGS_OF_ONE_NAME} == {}


LONG = 60
"""Lines beyond which a module has a test that asks it, and not only what runs by way of it."""


IMPORT = re.compile(r"^[ ]*((?:from \S+ )?import (?:\([^)]*\)|[^(\n]+))$", re.MULTILINE)
"""A statement that imports, alone: a thousand files of tests need not be read to the end."""


def test_every_module_of_some_length_is_imported_by_a_test() -> None:
    """Who only runs a module by way of others sees that it answers, not that it answers right."""
    named = {
        name
        for path in Path(__file__).parent.rglob("*.py")
        for name in imported(ast.parse("\n".join(IMPORT.findall(path.read_text("utf-8")))))
    }
    wanting = {
        name
        for name, path in modules().items()
        if path.name != "__init__.py"
        and len(path.read_text(encoding="utf-8").splitlines()) > LONG
        and name not in named
    }
    assert wanting == set()
