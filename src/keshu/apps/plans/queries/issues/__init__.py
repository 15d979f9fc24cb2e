"""Reading issues: the three lists as ledgers, one issue with all that was said to it, problems that wait to be made issues."""
