"""Addresses of the briefings app."""

from django.urls import include, path

from keshu.apps.briefings.views import bulletin_writing, bulletins, cockpit

app_name = "briefings"

bulletin_urls = [
    path("", bulletins.bulletin_list, name="bulletin-list"),
    path("new/", bulletins.bulletin_create, name="bulletin-create"),
    path("<int:pk>/", bulletins.bulletin_detail, name="bulletin-detail"),
    path("<int:pk>/paper/", bulletins.bulletin_document, name="bulletin-paper"),
    path("<int:pk>/poster/", bulletins.bulletin_poster, name="bulletin-poster"),
    path("<int:pk>/poster/<slug:form>/", bulletins.bulletin_poster_file, name="bulletin-poster-file"),
    path("<int:pk>/anew/", bulletins.bulletin_anew, name="bulletin-anew"),
    path("<int:pk>/correct/", bulletins.bulletin_correct, name="bulletin-correct"),
    path("<int:pk>/move/<slug:name>/", bulletins.bulletin_move, name="bulletin-move"),
    path("<int:pk>/title/", bulletin_writing.title, name="bulletin-title"),
    path("<int:pk>/paragraphs/<str:place>/", bulletin_writing.paragraph, name="bulletin-paragraph"),
    path("<int:pk>/sections/add/", bulletin_writing.section_add, name="bulletin-section-add"),
    path("<int:pk>/sections/<slug:section_id>/", bulletin_writing.section, name="bulletin-section"),
    path("<int:pk>/sections/<slug:section_id>/<slug:name>/", bulletin_writing.section_act, name="bulletin-section-act"),
    path("<int:pk>/template/", bulletin_writing.template, name="bulletin-template"),
]

urlpatterns = [
    path("cockpit/", cockpit.page, name="cockpit"),
    path("cockpit/refresh/", cockpit.refresh, name="cockpit-refresh"),
    path("bulletins/", include(bulletin_urls)),
]
