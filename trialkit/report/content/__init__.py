"""What a report says, before any format: blocks, tables, findings of the lint, manifest."""
