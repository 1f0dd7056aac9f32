"""All checks of the doctor, in the order in which they are told."""

from config.doctor import configuration, connections, storage
from config.doctor.finding import Check, Finding, error

CHECKS: tuple[Check, ...] = (
    configuration.system_checks,
    configuration.debug,
    configuration.secrets,
    configuration.files,
    configuration.site_address,
    configuration.time_zones,
    configuration.collected_files,
    storage.database,
    storage.migrations,
    storage.clock,
    storage.room,
    connections.broker,
    connections.workers,
    connections.mail_server,
    connections.whattalk,
)


def findings(checks: tuple[Check, ...] = CHECKS) -> list[Finding]:
    """What all of them find; a check that breaks is a finding too, and keeps none of the others from being made."""
    return [finding for check in checks for finding in _made(check)]


def _made(check: Check) -> list[Finding]:
    try:
        return list(check())
    except Exception as problem:  # whatever is wrong with the instance is what is looked for
        name = check.__name__.replace("_", " ")
        return [
            error(name, f"This could not be looked at ({type(problem).__name__}: {problem}).", "Mend what is named above first.")
        ]
