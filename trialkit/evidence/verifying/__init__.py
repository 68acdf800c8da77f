"""Whether a store is what was written: chain, guards, anchors and time stamps."""
