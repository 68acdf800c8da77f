import pytest

from trialkit.errors import ReportError
from trialkit.limits import LONGEST_WORK_FIELD
from trialkit.report.citing import bibtex
from trialkit.report.citing.bibtex import BibEntry, read_bibtex


def read(text: str) -> tuple[BibEntry, ...]:
    return read_bibtex(text, "references.bib")


def test_entries_have_their_fields_and_lines() -> None:
    text = """Words before, and me@example.org.
@comment{ignored, @article{not, title={x}} }
@preamble{"\\newcommand{\\x}{y}"}
@STRING{bmj = "BMJ"}
@string(long = {The } # bmj)

@Article{a-1:b, Title = {A {Nested} title}, journal = bmj # " Open", year = 2025, month = apr,
}
@book(c,
  title = "A {"}quoted{"} title",
)"""
    first, second = read(text)
    assert first == BibEntry(
        kind="article",
        key="a-1:b",
        fields={
            "title": "A {Nested} title",
            "journal": "BMJ Open",
            "year": "2025",
            "month": "4",
        },
        line=7,
    )
    assert (second.kind, second.key, second.line) == ("book", "c", 9)
    assert second.fields == {"title": 'A {"}quoted{"} title'}


def test_no_entry_is_no_fault() -> None:
    assert read("") == ()
    assert read("just words @ nobody") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n@article{a, title={x}", r"line 2: @article 'a': the file ends"),
        ("@article{a,\n title={x\n}", r"line 1: @article 'a'.*a closing brace is missing|the file"),
        ("@article{a,\n title={x {y}", r"line 1: @article 'a' does not end: a closing brace"),
        ('@article{a, title="x', r"line 1: @article 'a' does not end: a closing quotation mark"),
        ("@article{a, title}\n", r"line 1: @article 'a': found 'title}'; expected 'field = {text}"),
        ("@article{a, title={x}\n, year=\n}", r"line 3: @article 'a': a field has no value"),
        ("\n\n@article{title={x}}", r"line 3: @article has no key; expected @article{key,"),
        ("@article{a b, title={x}}", r"line 1: @article has no key"),
        ("@article{a, title={x} year=2}", None),
    ],
)
def test_a_fault_names_its_line(text: str, said: str | None) -> None:
    if said is None:
        assert read(text)[0].fields == {"title": "x", "year": "2"}
        return
    with pytest.raises(ReportError, match=rf"^references\.bib, {said}"):
        read(text)


def test_texts_that_grow_are_stopped() -> None:
    """Each text of @string is twice the one before: 2 to the 40 letters, if nobody looked."""
    lines = ['@string{a0 = "0123456789"}']
    lines += [f"@string{{a{n + 1} = a{n} # a{n}}}" for n in range(40)]
    with pytest.raises(ReportError, match=r"line 14: @string: 'a13' has more than 50,000"):
        read("\n".join(lines))


def test_many_texts_put_in_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bibtex, "LARGEST_REFERENCES", 1000)
    text = '@string{a = "' + "x" * 400 + '"}\n@misc{k, b = a, c = a, d = a}'
    with pytest.raises(ReportError, match="line 2: @misc 'k': the texts of @string"):
        read(text)


def test_long_fields_and_many_works_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ReportError, match="'note' has more than 50,000 characters"):
        read("@misc{k, note = {" + "x" * (LONGEST_WORK_FIELD + 1) + "}}")
    monkeypatch.setattr(bibtex, "MOST_WORKS", 2)
    with pytest.raises(ReportError, match="line 3: there are more than 2 entries"):
        read("@misc{a,}\n@misc{b,}\n@misc{c,}")


@pytest.mark.parametrize("text", ["@" * 20000, "{" * 20000, "@a" * 10000, "@comment(" * 2000])
def test_many_signs_that_begin_nothing_are_no_entries(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize("text", ["@a{" * 3000, "@string{" * 3000, "@a{b," + "c={" * 3000])
def test_many_that_do_not_end_are_refused(text: str) -> None:
    with pytest.raises(ReportError, match="line 1"):
        read(text)
