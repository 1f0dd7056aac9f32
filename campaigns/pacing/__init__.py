"""How fast an account may be used: what its answers teach (pure) and the one budget that all its requests share."""
