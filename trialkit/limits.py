"""How much of a file is read, and what a file may say, before it is refused: every limit, once.

Each is far above what a trial needs, such as 26,000 participants with 50 items at ten visits, and low enough that no file of a megabyte keeps a command busy for more than
seconds. docs/limits.md says what each is for.
"""

LARGEST_DEFINITION = 2_000_000
"""Bytes of a protocol, a form, a mapping or another TOML file."""
DEEPEST_DEFINITION = 20
"""How deep lists and tables are nested in it."""
LONGEST_LIST = 10_000
"""Entries of any list of tables in it: outcomes, choices, rules."""
MOST_VISITS = 1_000
"""Visits of a protocol: every participant is expected at each."""
MOST_ITEMS = 5_000
"""Items of a form."""
MOST_FORMS = 1_000
"""Forms of a trial, or of a data dictionary."""
MOST_CHOICES = 50_000
"""Choices of an XLSForm, a list counted for each question that offers it."""
MOST_ROWS = 50_000
"""Rows of a sheet of an XLSForm."""
LONGEST_WORDS = 200_000
"""Characters of a text that a definition states: a label, an objective, a condition."""
LARGEST_WHOLE = 10**15 - 1
"""Any whole number that a definition states."""
LONGEST_PATTERN = 500
"""Characters of a pattern that texts are compared with."""
WIDEST_PATTERN = 1_000
"""Characters of a pattern whose counted repeats are written out, as they are when it is run."""
LONGEST_MATCHED = 1_000
"""Characters of a text that a pattern is compared with; a longer one is like no pattern."""
MOST_COMPLAINTS = 200
"""Complaints about a definition that are printed; the others are counted."""

LONGEST_NAME = 1_000
"""Characters of the name of an author or of an affiliation, which is one line of the title page."""
LARGEST_STATEMENT = 200_000
"""Bytes of an author's statement."""
MOST_RETURNED_BLOCKS = 2_000
"""Paragraphs, lists and tables of a statement that a Word file brings back."""
DEEPEST_AUTHOR_LIST = 6
"""How deep lists of an author stand in each other."""
WIDEST_AUTHOR_TABLE = 20
"""Columns of an author's table."""
LARGEST_REFERENCES = 20_000_000
"""Bytes of a file of references."""
MOST_WORKS = 20_000
"""Works of such a file."""
LONGEST_WORK_FIELD = 50_000
"""Characters of one field of a work: a title, a list of authors."""

LARGEST_EXTERNAL = 5_000_000
"""Bytes of results that another program made, and of the script that made them."""
LONGEST_EXTERNAL_NOTE = 500
"""Characters of a note in such results."""

LARGEST_CSV = 2 * 10**9
"""Bytes of a CSV file that is held in memory whole; larger ones are streamed."""
LONGEST_ROW = 1_000_000
"""Bytes of a row of a CSV file."""

LARGEST_WORKBOOK = 50_000_000
"""Bytes of a workbook, of a Word file, of a table that a site sends back, of a statistical file."""
LARGEST_CONTENT = 100_000_000
"""Bytes of what is unpacked of such a file, a part that is read twice counted twice."""
MOST_PARTS = 2_000
"""Parts of such a file."""
MOST_SHEETS = 1_000
"""Sheets of a workbook."""
MOST_ELEMENTS = 6_000_000
"""XML elements of a workbook."""
MOST_TOGETHER = 1_000_000
"""XML elements of a row, and of a part outside its rows or texts: they are held at once."""
LARGEST_TOGETHER = 20_000_000
"""Bytes of the same."""
MOST_CELLS = 1_500_000
"""Cells of a workbook, or of a table that a site sends back, that hold something."""
MOST_PLACES = 10_000_000
"""Rows by columns of a sheet or a statistical file that is taken in, blank cells counted."""
LONGEST_TEXT = 32_767
"""Characters of a cell, as spreadsheets have it."""
LONGEST_FORMAT = 255
"""Characters of a number format that are looked at, as spreadsheets have it."""
MOST_CHARACTERS = 100_000_000
"""Characters of all cells of a workbook, a text that many cells share counted for each."""

MOST_COMPARED = 20_000_000
"""Pairs of rows that a rule compares, of which a query keeps what was read."""

MOST_DELTAS = 101
"""Amounts that a tipping point analysis adds to the imputed values of an arm."""
MOST_DELTA_POINTS = 441
"""Pairs of such amounts in two arms, of which each is a difference of its own."""

MOST_SIMULATED = 100_000
"""Participants of a rehearsal and of a simulated trial."""
MOST_FOR_EACH = 100
"""People screened, adverse events and other treatments for each of them."""

LARGEST_SECRET = 200_000_000
"""Bytes of a file of the vault: a sealed list of a million slots has about 120 MB."""

LARGEST_TIME_STAMP = 100_000
"""Bytes of the answer of a time-stamp authority: with the certificates that it brings some 7,000."""

MOST_PRINTED_EVENTS = 20_000
"""Events of a log that one PDF holds, on some 400 pages."""
LONGEST_PRINTED_LOG = 10_000_000
"""Characters of their texts."""
