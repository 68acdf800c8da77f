"""The database that keeps a store: its tables, what it refuses by itself, and how it is opened."""
