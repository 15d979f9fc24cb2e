"""Work plans (工作要点): from document to reviewed ledger of targets, tasks and owners."""
