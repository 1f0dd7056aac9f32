"""What the pages show: models and pure rooms turned into what a template prints. Reads the database, never writes it."""
