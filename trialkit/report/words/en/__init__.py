"""The report in English: pieces of sentences, dates, margins."""
