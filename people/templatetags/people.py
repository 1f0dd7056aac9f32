from django import template

from people import labels

register = template.Library()
register.simple_tag(labels.role_name)
register.filter(labels.action_label)
register.filter(labels.target_label)
register.filter(labels.facts_text)
