"""What keeps a backup or a restore from being made; the exit codes by which scripts tell them apart."""

FAILED = 1  # disk, programs, keys; or the database is restored, and files could not be taken to the bucket: the sentence says so
RUNNING = 3  # an instance works on the place
NOT_EMPTY = 4  # the place holds data, and nobody said that it may be replaced
UNFIT = 5  # the archive is damaged, or of a newer version


class BackupError(Exception):
    """The text is a sentence with its remedy; `code` is the exit code."""

    def __init__(self, sentence: str, code: int = FAILED) -> None:
        super().__init__(sentence)
        self.code = code
