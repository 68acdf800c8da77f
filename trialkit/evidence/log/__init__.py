"""The log: what an event says, and how events are chained, read and carried out."""
