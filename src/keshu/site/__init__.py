"""The site: settings, addresses, shell, base templates."""
