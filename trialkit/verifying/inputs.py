"""What a report was made from and with, as its manifest says, against what is here now."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from trialkit.disk.reading import read_file
from trialkit.outputs.names import MANIFEST
from trialkit.report.content.manifest import HashedFile, Manifest, sha256
from trialkit.steps.kept_definitions import names_in
from trialkit.verifying.differences import Difference, DifferenceKind
from trialkit.verifying.recorded import Recorded, shown


def different_inputs(recorded: Recorded, manifest: Manifest) -> Iterator[Difference]:
    """The inputs that were changed, that are gone, and that are there now."""
    now = _inputs_of(manifest)
    for name in dict.fromkeys((*recorded.inputs, *now)):
        _, _, file = name.partition(": ")
        if name not in now:
            text = "was among the inputs of the report, and is gone"
        elif name not in recorded.inputs:
            text = "was not among the inputs of the report, and is there now"
        elif now[name] != recorded.inputs[name]:
            text = "is not the file that the report was made from: its SHA-256 has changed"
        else:
            continue
        yield Difference(kind=DifferenceKind.INPUT, file=shown(file), text=text)


def changed_definitions(trial: Path, recorded: Recorded) -> frozenset[str]:
    """Of protocol and forms those that a trial's folder has otherwise than the report had, or lacks."""
    groups = ("protocol: ", "forms: ")
    then = {
        name.partition(": ")[2]: sha
        for name, sha in recorded.inputs.items()
        if name.startswith(groups)
    }
    now = {
        name: sha256(read_file(trial / name))
        for name in names_in(trial)
        if (trial / name).is_file()
    }
    return frozenset(name for name in {*then, *now} if then.get(name) != now.get(name))


def different_log(recorded: Recorded, manifest: Manifest) -> Iterator[Difference]:
    """Whether the store has another event where the data were taken from: another log, or a new one."""
    now = None if manifest.log is None else (manifest.log.seq, manifest.log.hash)
    if recorded.log is not None and now is not None and now != recorded.log:
        yield Difference(
            kind=DifferenceKind.INPUT,
            file=MANIFEST,
            text=f"event {recorded.log[0]} of the evidence store has another hash than when the report was "
            "made: it is another store, or its log was written anew",
        )


def different_software(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    """The programs and libraries, by name, whose version is not what it was."""
    for name in dict.fromkeys((*then, *now)):
        before, here = then.get(name), now.get(name)
        if before != here:
            was = "without it" if before is None else f"with {shown(before)}"
            yield Difference(
                kind=DifferenceKind.SOFTWARE,
                file=MANIFEST,
                text=f"{shown(name)}: the report was made {was}; here is {here or 'none'}",
            )


def _inputs_of(manifest: Manifest) -> dict[str, str]:
    groups: dict[str, tuple[HashedFile, ...]] = {
        "protocol": (manifest.protocol,),
        "forms": manifest.forms,
        "data": manifest.data,
        "locks": manifest.locks,
        "external": manifest.external,
        "statements": manifest.statements,
        "templates": manifest.templates,
        "looks": manifest.looks,
    }
    return {
        f"{group}: {each.file}": each.sha256 for group, hashed in groups.items() for each in hashed
    }
