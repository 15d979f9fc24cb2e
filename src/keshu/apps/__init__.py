"""One Django app per area of the bureau's work."""
