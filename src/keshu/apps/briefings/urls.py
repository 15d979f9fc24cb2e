"""Addresses of the briefings app."""

from django.urls import include, path

from keshu.apps.briefings.views import bulletin_writing, bulletins, cockpit, fact_checks

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

fact_check_urls = [
    path("", fact_checks.fact_check_list, name="fact-check-list"),
    path("new/", fact_checks.fact_check_create, name="fact-check-create"),
    path("<int:pk>/", fact_checks.fact_check_detail, name="fact-check-detail"),
    path("<int:pk>/progress/", fact_checks.fact_check_progress, name="fact-check-progress"),
    path("<int:pk>/findings/<int:number>/", fact_checks.fact_check_judge, name="fact-check-judge"),
    path("<int:pk>/again/", fact_checks.fact_check_again, name="fact-check-again"),
    path("<int:pk>/remove/", fact_checks.fact_check_remove, name="fact-check-remove"),
    path("<int:pk>/paper/", fact_checks.fact_check_paper, name="fact-check-paper"),
    path("<int:pk>/workbook/", fact_checks.fact_check_workbook, name="fact-check-workbook"),
]

urlpatterns = [
    path("cockpit/", cockpit.page, name="cockpit"),
    path("cockpit/refresh/", cockpit.refresh, name="cockpit-refresh"),
    path("bulletins/", include(bulletin_urls)),
    path("fact-checks/", include(fact_check_urls)),
]
