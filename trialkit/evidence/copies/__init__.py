"""A store somewhere else or of another version: backups, servers, newer forms and newer tables."""
