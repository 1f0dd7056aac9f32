"""Every address of the dashboard."""

from django.urls import include, path

from imports.views import health
from imports.views.home import home
from imports.views.metrics import metrics

urlpatterns = [
    path("", home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("", include("people.urls")),
    path("", include("campaigns.urls")),
    path("", include("imports.urls")),
]
handler400 = "config.errors.unusable"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.broken"
