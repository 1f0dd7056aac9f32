"""What the pages show: models and results of the pipeline as a template prints them. Reads the database, never writes it."""
