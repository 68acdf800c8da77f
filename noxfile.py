"""Every check that a change must pass: ``nox`` runs them, ``nox -l`` lists them."""

from pathlib import Path

import nox

nox.needs_version = ">=2025.10.14"
nox.options.default_venv_backend = "virtualenv"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["lint", "tests", "example"]

PYTHONS = ["3.11", "3.12", "3.13"]
CONSTRAINTS = ("-c", "constraints.txt")


@nox.session
def lint(session: nox.Session) -> None:
    """Format, lint and type-check."""
    session.install(*CONSTRAINTS, "-e", ".[lint,postgres]")
    session.run("ruff", "format", "--check")
    session.run("ruff", "check")
    session.run("mypy")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the tests on the Pythons that are there."""
    session.install(*CONSTRAINTS, "-e", ".[test]")
    session.run("pytest", *session.posargs)


@nox.session(default=False)
def explore(session: nox.Session) -> None:
    """Look for new counterexamples: properties are tried on other data in each run."""
    session.install(*CONSTRAINTS, "-e", ".[test]")
    session.run("pytest", *session.posargs, env={"HYPOTHESIS_PROFILE": "explore"})


@nox.session(default=False)
def mutants(session: nox.Session) -> None:
    """Put random faults into the code and count those that no test notices."""
    session.install(*CONSTRAINTS, "-e", ".[test]", "cosmic-ray>=8.7", "pytest-cov>=7")
    session.run("python", "benchmarks/mutants.py", *session.posargs)


@nox.session(default=False)
def harmed(session: nox.Session) -> None:
    """Give trialkit some hundred thousand harmed files of every kind that it reads."""
    session.install(*CONSTRAINTS, "-e", ".[test]")
    session.run("python", "-m", "benchmarks.fuzzing", *session.posargs)


@nox.session
def example(session: nox.Session) -> None:
    """Run the example trial from protocol to report, from the built wheel."""
    session.install(*CONSTRAINTS, ".")
    session.run("trialkit", "run", "example_trial", "--out", session.create_tmp())


@nox.session(default=False)
def benchmarks(session: nox.Session) -> None:
    """Print how fast the statistics are, as ratios against their peers."""
    session.install(*CONSTRAINTS, "-e", ".[test,bench]")
    session.run("pytest", *map(str, sorted(Path("benchmarks").glob("*_benchmark.py"))))
    session.run("python", "benchmarks/mmrm_speed.py")


if __name__ == "__main__":
    nox.main()
