"""XLSForms, as pyxform reads them, become forms; what they hold beyond forms becomes a list."""
