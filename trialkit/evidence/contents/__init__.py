"""What a store holds at a moment, for whoever reads, exports or compares it."""
