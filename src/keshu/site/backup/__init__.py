"""The whole site in one archive: every row of every table and every stored file, for either database."""

from keshu.site.backup.archive import NotABackup
from keshu.site.backup.restoring import Restored, restore
from keshu.site.backup.saving import Saved, save

__all__ = ["NotABackup", "Restored", "Saved", "restore", "save"]
