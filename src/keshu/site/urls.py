"""Addresses: one prefix per app."""

from django.urls import include, path

from keshu.site import api, api_reference, api_schema, views

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("search/live/", views.search_live, name="search-live"),
    path("help/", views.help_page, name="help"),
    path("help/images/<str:name>", views.help_picture, name="help-picture"),
    path("help/<slug:chapter>/", views.help_page, name="help-chapter"),
    path("year/", views.choose_year, name="year-choose"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("api/", api_reference.page, name="api-reference"),
    path("api/v1/openapi.json", api_schema.openapi, name="api-schema"),
    path("api/v1/", api.urls),
    path("api/v1/<path:rest>", api_schema.nothing_here, name="api-nothing"),
    path("healthz/", views.health, name="health"),
    path("", include("keshu.apps.bureau.urls")),
    path("plans/", include("keshu.apps.plans.urls")),
    path("", include("keshu.apps.briefings.urls")),
]
