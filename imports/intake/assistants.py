"""Which assistant a campaign uses: WhatTalk does not say, so a person is asked, or a file's headers tell."""

from collections.abc import Collection

from campaigns.models import Assistant, Campaign
from imports.pipeline.columns.fields import lead_fields
from imports.pipeline.columns.suggest import suggest_mapping
from imports.pipeline.readers.table import Preview
from ui.folding import fold

SHORTEST_STEM, LONGEST_ENDING = 4, 3  # letters
UNFILLED = 0.1  # what a variable without a column costs: of two that fit, the one that asks for less


def guess_assistant(campaign: Campaign, preview: Preview, named: Collection[str] = ()) -> None:
    """Suggest the assistant that has the campaign's name, else the one whose variables fit the file best, unless it is known already.

    `named` are variables that a person named. Where nothing fits, nothing is suggested. A suggestion is marked as one (a guess) and
    may change with the next file, until somebody says which assistant it is; the only assistant of an account is no guess.
    """
    if is_assistant_known(campaign):
        return
    assistants = list(campaign.account.assistants.order_by("pk"))
    configured = [assistant for assistant in assistants if assistant.remote_id == str(campaign.settings.get("assistant_id"))]
    certain = configured or (assistants if len(assistants) == 1 else [])
    if certain:
        set_assistant(campaign, certain[0], guessed=False)
        return
    namesakes = [assistant for assistant in assistants if _is_namesake(campaign.name, assistant.name)]
    if len(namesakes) == 1:
        set_assistant(campaign, namesakes[0], guessed=True)
        return
    scores = {assistant: _fit(assistant, preview, named) for assistant in assistants}
    best = max(scores, key=lambda assistant: scores[assistant], default=None)
    if best is not None and scores[best] > 0:
        set_assistant(campaign, best, guessed=True)


def is_assistant_known(campaign: Campaign) -> bool:
    """Whether WhatTalk or a person has said which assistant the campaign uses; a suggestion is only a guess."""
    return bool(campaign.assistant_id) and not campaign.assistant_guessed


def set_assistant(campaign: Campaign, assistant: Assistant, guessed: bool) -> None:
    if (campaign.assistant_id, campaign.assistant_guessed) != (assistant.pk, guessed):
        campaign.assistant, campaign.assistant_guessed = assistant, guessed
        campaign.save(update_fields=["assistant", "assistant_guessed"])


def _is_namesake(campaign: str, assistant: str) -> bool:
    """Whether two names are the same but for the endings of their words: `Appointment reminders`, `appointment reminder`."""
    one, other = (fold(name).split() for name in (campaign, assistant))
    return len(one) == len(other) > 0 and all(map(_is_same_word, one, other))


def _is_same_word(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or len(short) >= SHORTEST_STEM and long.startswith(short) and len(long) - len(short) <= LONGEST_ENDING


def _fit(assistant: Assistant, preview: Preview, named: Collection[str]) -> float:
    variables = list(assistant.variables)
    suggestion = suggest_mapping(preview.headers, [row.cells for row in preview.sample], lead_fields(variables))
    scores = {key: choice.confidence for key, choice in suggestion.choices.items() if key in variables}
    scores |= {name: 1.0 for name in named if name in variables}
    return sum(scores.values()) - UNFILLED * (len(variables) - len(scores)) if scores else 0.0
