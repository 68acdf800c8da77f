"""Every version that the tables of a store have had, as scripts of Alembic: each stays as it was written."""
