from django import template

from people import labels

register = template.Library()
register.simple_tag(labels.role_name)
register.filter("deed", labels.deed)
register.filter("thing", labels.thing)
register.filter("in_words", labels.in_words)
