"""The secret that somebody signs with, and what they sign."""
