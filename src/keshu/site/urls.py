"""Addresses: one prefix per app."""

from django.urls import include, path

from keshu.site import views

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("search/live/", views.search_live, name="search-live"),
    path("help/", views.help_page, name="help"),
    path("help/images/<str:name>", views.help_picture, name="help-picture"),
    path("help/<slug:chapter>/", views.help_page, name="help-chapter"),
    path("year/", views.choose_year, name="year-choose"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("healthz/", views.health, name="health"),
    path("", include("keshu.apps.bureau.urls")),
    path("plans/", include("keshu.apps.plans.urls")),
    path("", include("keshu.apps.briefings.urls")),
]
