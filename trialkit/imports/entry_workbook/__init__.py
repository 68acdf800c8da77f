"""The workbook that a site types into: written, checked while typing, read back."""
