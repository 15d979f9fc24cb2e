"""Pages of the briefings app."""
