"""The one way into a store, and what people do by it."""
