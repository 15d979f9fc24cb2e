"""Addresses of the briefings app."""

from django.urls import path

from keshu.apps.briefings.views import cockpit

app_name = "briefings"

urlpatterns = [
    path("cockpit/", cockpit.page, name="cockpit"),
    path("cockpit/refresh/", cockpit.refresh, name="cockpit-refresh"),
]
