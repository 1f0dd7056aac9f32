"""Choices and questions as proposals make them."""
from imports.pipeline.column_source import columns_of
from imports.pipeline.columns import Field
from imports.pipeline.consent import is_inverted
from imports.pipeline.proposal import Proposal, propose
from imports.pipeline.rows import CheckSettings
from imports.pipeline.sheets import Preview


def choose(found: Preview, fields: list[Field], home: str) -> tuple[CheckSettings, dict[str, str], set[str]]:
    """Settings of the check, what is asked with the value preselected, and codes of what is said."""
    proposal = propose(found, fields, home)
    used = [field for field in fields if field.required or field.key in proposal.mapping]
    settings = CheckSettings(proposal.mapping, used, proposal.phone_format, _is_consent_inverted(found, fields, proposal))
    asked = {question.what: question.chosen for question in proposal.questions}
    return settings, asked, {note.code for note in proposal.notes}


def _is_consent_inverted(found: Preview, fields: list[Field], proposal: Proposal) -> bool:
    """As `imports.fields` has it: a "yes" under `Do Not Call` means no to calls."""
    sources = [proposal.mapping[field.key] for field in fields if field.kind == "consent" and field.key in proposal.mapping]
    return any(is_inverted(found.headers[column]) for source in sources for column in columns_of(source))
