"""Values everyone shares. No input or output, no Django."""
