"""People who click through every page while an import is being sent: one machine, real processes, real requests."""
