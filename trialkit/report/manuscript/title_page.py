"""The title page: who wrote the article and did what, whom to write to, and how long it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from trialkit.protocol.authorship import FILE, Author, Authorship, Contribution
from trialkit.report.content.content import Section
from trialkit.report.content.text import Definition, Definitions, Run
from trialkit.report.manuscript.gaps import to_write
from trialkit.report.words.en.wording import sentence

CREDIT_ROLES = {
    Contribution.ORIGINAL_DRAFT: "Writing \N{EN DASH} original draft",
    Contribution.REVIEW_AND_EDITING: "Writing \N{EN DASH} review & editing",
}
"""How CRediT prints a role, where that is not its name with a capital."""
_ADVICE = f"Write {FILE} in the trial's folder; docs/report.md shows one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How long an article is."""

    abstract_words: int
    text_words: int
    tables: int
    figures: int


def title_page(authorship: Authorship | None, extent: Extent) -> Section:
    """Authors, affiliations, correspondence, contributions and word counts, gaps where they lack."""
    entries = (*_people(authorship), Definition(term="Word counts", runs=(_counts(extent),)))
    return Section(anchor="title-page", title="Title page", blocks=(Definitions(entries=entries),))


def _people(authorship: Authorship | None) -> Iterator[Definition]:
    wanted = {
        "Authors": _authors(authorship),
        "Affiliations": _affiliations(authorship),
        "Corresponding author": _corresponding(authorship),
        "ORCID iDs": _orcids(authorship),
        "Contributions": _contributions(authorship),
    }
    for term, text in wanted.items():
        run: Run = text or to_write(f"{term} to be named", advice=_ADVICE)
        yield Definition(term=term, runs=(run,))


def _authors(authorship: Authorship | None) -> str:
    """The names in order, each with the numbers of the affiliations."""
    if authorship is None:
        return ""
    return "; ".join(_named(each, authorship) for each in authorship.authors)


def _named(author: Author, authorship: Authorship) -> str:
    name = ", ".join(filter(None, (author.name, author.degrees)))
    numbers = ", ".join(str(authorship.number(each)) for each in author.affiliations)
    return f"{name} ({numbers})" if numbers else name


def _affiliations(authorship: Authorship | None) -> str:
    if authorship is None:
        return ""
    places = enumerate(authorship.numbered_affiliations, start=1)
    return "; ".join(f"{number} {each.name}" for number, each in places)


def _corresponding(authorship: Authorship | None) -> str:
    author = None if authorship is None else authorship.corresponding
    return "" if author is None else f"{author.name}, {author.email}"


def _orcids(authorship: Authorship | None) -> str:
    if authorship is None:
        return ""
    return "; ".join(f"{each.name} {each.orcid}" for each in authorship.authors if each.orcid)


def _contributions(authorship: Authorship | None) -> str:
    """Each role of CRediT with those who had it."""
    if authorship is None:
        return ""
    return " ".join(
        sentence(f"{_role(role)}: {', '.join(each.name for each in authors)}")
        for role, authors in authorship.by_contribution.items()
    )


def _role(role: Contribution) -> str:
    return CREDIT_ROLES.get(role, role.value.capitalize())


def _counts(extent: Extent) -> str:
    return (
        f"Abstract {extent.abstract_words:,}, main text {extent.text_words:,}; tables "
        f"{extent.tables}, figures {extent.figures}. Heads, tables, figures and what is still to be "
        "written are not counted."
    )
