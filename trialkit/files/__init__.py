"""Files of tables, read and written whole: CSV, workbooks, archives."""
