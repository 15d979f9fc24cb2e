"""Shapes of what the briefings pages ask for."""
