"""Reading for meetings: what the ledger puts on the agenda, the list of meetings, one meeting with all its lines."""
