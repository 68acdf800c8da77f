"""Whether the numbers of a Word document, as it came back from its authors, are still true."""
