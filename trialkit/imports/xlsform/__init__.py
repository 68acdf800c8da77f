"""XLSForms: the survey and choices sheets of a workbook become forms, as far as they are simple."""
