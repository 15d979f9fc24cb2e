"""What the pages of check-ins do besides the plain moves: remind at once, write the round as an official document."""
