"""Supervision notices as pages and papers need them."""
