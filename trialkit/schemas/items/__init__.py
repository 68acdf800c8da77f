"""What is true of each type of item: one module a type, and the enum that registers them."""
