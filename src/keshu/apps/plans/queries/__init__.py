"""What pages and other areas read of plans. One module for each noun."""
