"""Pure Python engines: each usable from a notebook, none knows Django or another engine."""
