"""The request of somebody who has signed in."""

from django.http import HttpRequest

from people.models import User


class SignedInRequest(HttpRequest):
    """What `people.roles.needs` hands to a view: the middleware lets nobody in who has not signed in."""

    user: User
