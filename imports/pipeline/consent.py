"""What a cell says of being called: yes, no, or neither."""


def is_inverted(header: str) -> bool:
    return False


def consent_of(text: str, inverted: bool) -> bool | None:
    return None


def says_nothing_of_calls(text: str) -> bool:
    return not text
