"""Sending an import: claim rows, send them, record what became of them (`sender`), and take them back (`undo`)."""
