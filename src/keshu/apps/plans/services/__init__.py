"""What people do with plans. One module for each noun; every write checks permission, is recorded, and is whole or nothing."""
