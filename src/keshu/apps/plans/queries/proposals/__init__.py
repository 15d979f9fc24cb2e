"""Next year's plan in draft, for pages and papers."""
