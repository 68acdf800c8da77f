"""Tables of TOML read into frozen nouns, every fault said with its place."""
