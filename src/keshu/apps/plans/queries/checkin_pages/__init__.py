"""Pages of check-ins (月调度): my forms, the head's queue, rounds office by office, a subject's history, what waits at home."""
