"""Addresses of the briefings app."""

from django.urls import include, path

from keshu.apps.briefings.views import (
    appraisal_writing,
    appraisals,
    bulletin_writing,
    bulletins,
    cockpit,
    fact_checks,
)

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

appraisal_urls = [
    path("", appraisals.appraisal_list, name="appraisal-list"),
    path("new/", appraisals.appraisal_create, name="appraisal-create"),
    path("<int:pk>/", appraisals.appraisal_detail, name="appraisal-detail"),
    path("<int:pk>/reckon/", appraisals.appraisal_reckon, name="appraisal-reckon"),
    path("<int:pk>/move/<slug:name>/", appraisals.appraisal_move, name="appraisal-move"),
    path("<int:pk>/paper/", appraisals.appraisal_paper, name="appraisal-paper"),
    path("<int:pk>/workbook/", appraisals.appraisal_workbook, name="appraisal-workbook"),
    path("<int:pk>/scheme/", appraisal_writing.scheme, name="appraisal-scheme"),
    path("<int:pk>/marks/", appraisal_writing.marks, name="appraisal-marks"),
    path("<int:pk>/marks/<int:mark_pk>/withdraw/", appraisal_writing.mark_withdraw, name="appraisal-mark-withdraw"),
    path("<int:pk>/objections/", appraisal_writing.objections, name="appraisal-objections"),
    path(
        "<int:pk>/objections/<int:objection_pk>/", appraisal_writing.objection_answer, name="appraisal-objection-answer"
    ),
    path("<int:pk>/sheets/<int:organisation_id>/", appraisals.appraisal_sheet, name="appraisal-sheet"),
    path(
        "<int:pk>/sheets/<int:organisation_id>/paper/", appraisals.appraisal_sheet_paper, name="appraisal-sheet-paper"
    ),
    path(
        "<int:pk>/sheets/<int:organisation_id>/object/",
        appraisal_writing.objection_create,
        name="appraisal-objection-create",
    ),
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
    path("appraisals/", include(appraisal_urls)),
    path("fact-checks/", include(fact_check_urls)),
]
