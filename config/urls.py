"""Every address of the dashboard."""
from django.urls import include, path

urlpatterns = [
    path("", include("people.urls")),
    path("", include("campaigns.urls")),
    path("", include("imports.urls")),
]
