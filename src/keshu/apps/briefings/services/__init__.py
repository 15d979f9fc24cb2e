"""Services of the briefings app."""
