"""Files of statistical programs, SAS transport, SPSS and Stata, as tables and as forms."""
