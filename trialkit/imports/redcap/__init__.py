"""REDCap: its data dictionary becomes forms, its exports become one table for each form."""
