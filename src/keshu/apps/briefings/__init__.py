"""Briefings: what the bureau's leaders read, composed from every area. First the cockpit (驾驶舱)."""
