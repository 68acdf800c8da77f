"""Letters on drawings: fonts, widths, line breaks, SVG."""
