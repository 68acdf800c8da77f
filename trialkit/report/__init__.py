"""From results to a published report: content, checklist, drawings, one page, and its manifest."""
