"""Everything that an admin must be told of, brought about from outside a running instance: how soon pages name it, and how soon no longer."""
