"""Queries of the briefings app."""
