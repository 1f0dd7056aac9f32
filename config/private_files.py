"""What this instance writes is for its own user alone: folders 0700, files 0600."""

import os
import stat
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_private(var: Path) -> None:
    """Make the folder `var` if it is missing. From now on this process, and those that it starts, write for their user alone.

    A folder that others can open, as versions before made it, is mended with all that is in it.
    """
    os.umask(OTHERS)
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = var.stat()
    if found.st_mode & OTHERS and found.st_uid == os.getuid():
        make_private(var)


def make_private(var: Path) -> None:
    """Take the rights of others from everything in `var`; what belongs to somebody else stays as it is (`check` names it)."""
    for folder, folders, files in os.walk(var):
        for name in (*folders, *files):
            _take_rights(os.path.join(folder, name))
    _take_rights(var)  # the last: one that was cut short is begun anew


def _take_rights(path: str | Path) -> None:
    try:
        mode = os.lstat(path).st_mode
        if mode & OTHERS and not stat.S_ISLNK(mode):
            os.chmod(path, stat.S_IMODE(mode) & ~OTHERS)
    except OSError:  # gone meanwhile, or somebody else's
        pass
