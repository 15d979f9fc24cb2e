"""Keshu 科枢: the working system of a Chinese science-and-technology bureau (科技局)."""

__version__ = "0.1.0"
