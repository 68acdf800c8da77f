"""Content set as HTML, Word, PDF, RTF and Markdown."""
