"""What a label beside a phone says it is."""

NOT_FOR_VOICE = frozenset({"fax", "pager"})


def phone_label(text: str) -> str:
    return ""


def rank(label: str) -> int:
    return 0
