"""The words of the report: methods, margins, dates, lists."""
