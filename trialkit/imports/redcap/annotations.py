"""Action tags, the words with an ``@`` in a field's annotation."""

import re
from dataclasses import dataclass

_TAG = re.compile(r"@[A-Z][A-Z0-9-]*(?:_[A-Z0-9]+)*")
_QUOTED = re.compile(r"""\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'(@]+))""")

SHOWN = frozenset(
    {
        "@HIDDEN", "@HIDDEN-FORM", "@HIDDEN-SURVEY", "@HIDDEN-APP", "@HIDDEN-PDF", "@READONLY",
        "@READONLY-FORM", "@READONLY-SURVEY", "@READONLY-APP", "@HIDEBUTTON", "@PLACEHOLDER",
        "@PASSWORDMASK", "@RICHTEXT", "@WORDLIMIT", "@CHARLIMIT", "@RANDOMORDER", "@INLINE",
        "@INLINE-PREVIEW", "@BARCODE-APP", "@LANGUAGE-FORCE", "@HIDECHOICE",
        "@SHOWCHOICE", "@LATITUDE", "@LONGITUDE", "@APPUSERNAME-APP", "@SYNC-APP", "@DOWNLOAD-COUNT",
        "@IMAGEMAP", "@NOMISSING", "@MAXCHOICE-SURVEY-COMPLETE", "@CONSENT-VERSION", "@FHIR-ON-FHIR",
        "@DEFAULT", "@PREFILL", "@SETVALUE", "@TODAY", "@NOW", "@TODAY-SERVER", "@NOW-SERVER",
        "@TODAY-UTC", "@NOW-UTC", "@USERNAME",
    }
)  # fmt: skip
"""Tags about how a field is shown or filled while typing: they say nothing of which data are right."""


CALCULATING = frozenset({"@CALCTEXT", "@CALCDATE"})
"""Tags that compute what a text field holds."""
CONDITIONAL = "@IF"
"""The tag that chooses between others: ``@IF(condition, tags, other tags)``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTag:
    """A tag and what it was given, without quotation marks; empty where it was given nothing."""

    name: str
    value: str = ""


def action_tags(annotation: str) -> tuple[ActionTag, ...]:
    """The tags of an annotation, in order; what stands in the brackets of another tag is part of it."""
    tags, position = [], 0
    while match := _TAG.search(annotation, position):
        value, position = _value(annotation, match.end())
        tags.append(ActionTag(name=match.group(), value=value))
    return tuple(tags)


def _value(annotation: str, start: int) -> tuple[str, int]:
    """What a tag is given, and where it ends."""
    if match := _QUOTED.match(annotation, start):
        return next(each for each in match.groups() if each is not None), match.end()
    begin = start + len(annotation[start:]) - len(annotation[start:].lstrip())
    if not annotation.startswith("(", begin):
        return "", start
    depth = 0
    for place in range(begin, len(annotation)):
        depth += (annotation[place] == "(") - (annotation[place] == ")")
        if not depth:
            return annotation[begin + 1 : place].strip(), place + 1
    return annotation[begin + 1 :].strip(), len(annotation)


def says_nothing_of_data(tag: ActionTag) -> bool:
    """Whether a tag is about how a field is shown; ``@IF`` is if the tags are that it chooses between."""
    if tag.name != CONDITIONAL:
        return tag.name.replace("_", "-") in SHOWN
    _, *branches = _parts(tag.value)
    tags = [each for part in branches for each in action_tags(part)]
    return bool(tags) and all(map(says_nothing_of_data, tags))


def hidden_when(annotation: str) -> str:
    """The condition under which a field is hidden everywhere; ``true`` for always, empty for never."""
    for tag in action_tags(annotation):
        if tag.name == "@HIDDEN":
            return "true"
        if tag.name == CONDITIONAL:
            condition, *branches = _parts(tag.value)
            hides = ["@HIDDEN" in {e.name for e in action_tags(part)} for part in branches[:2]]
            if hides == [True, True]:
                return "true"
            if any(hides):
                return condition if hides[0] else f"if({condition}, false, true)"
    return ""


def _parts(value: str) -> list[str]:
    """What stands between the commas of a tag's brackets, outside further brackets and quotations."""
    parts, depth, quote = [""], 0, ""
    for each in value:
        if quote:
            quote = "" if each == quote else quote
        elif each in "'\"":
            quote = each
        else:
            depth += (each in "([") - (each in ")]")
        if each == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += each
    return [part.strip() for part in parts]
