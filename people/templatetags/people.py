from django import template

from people import audit_details, labels
from people.models import AuditEntry

register = template.Library()
register.simple_tag(labels.role_name)
register.filter(labels.action_label)
register.filter(labels.target_label)


@register.filter
def entry_details(entry: AuditEntry) -> str:
    """What changed by an entry's action, as one line."""
    return audit_details.details(entry.before, entry.after)
