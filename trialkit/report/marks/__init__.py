"""The small Markdown of the author's words: which marks there are, and what they become."""
