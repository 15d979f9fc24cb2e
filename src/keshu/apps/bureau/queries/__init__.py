"""What others may read of the house: organisations by the names documents use, people, jobs, the trail, ledgers."""
