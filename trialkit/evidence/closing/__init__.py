"""The lock of the database, and what has to be done before."""
