"""Addresses of the house: sign-in, jobs, files, organisations, people, names, the trail, saved views."""

from django.urls import path

from keshu.apps.bureau.views import (
    aliases,
    attachments,
    audit,
    delegations,
    jobs,
    organisations,
    people,
    reorganisation,
    saved_views,
    sign_in,
)

app_name = "bureau"
urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", sign_in.SignOut.as_view(), name="sign-out"),
    path("password/", sign_in.password, name="password"),
    path("jobs/", jobs.index, name="job-list"),
    path("jobs/<int:pk>/", jobs.detail, name="job-detail"),
    path("jobs/<int:pk>/panel/", jobs.panel, name="job-panel"),
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="job-cancel"),
    path("files/<int:pk>/", attachments.download, name="attachment-download"),
    path("organisations/", organisations.index, name="organisation-list"),
    path("organisations/new/", organisations.create, name="organisation-create"),
    path("organisations/<int:pk>/", organisations.detail, name="organisation-detail"),
    path("organisations/<int:pk>/edit/", organisations.edit, name="organisation-edit"),
    path("organisations/<int:pk>/close/", organisations.close, name="organisation-close"),
    path("organisations/<int:pk>/reorganise/", reorganisation.reorganise, name="organisation-reorganise"),
    path("people/", people.index, name="person-list"),
    path("people/new/", people.create, name="person-create"),
    path("people/<int:pk>/", people.detail, name="person-detail"),
    path("people/<int:pk>/edit/", people.edit, name="person-edit"),
    path("people/<int:pk>/password/", people.reset_password, name="person-password"),
    path("people/<int:pk>/switch/", people.switch, name="person-switch"),
    path("people/<int:pk>/roles/new/", people.grant, name="role-create"),
    path("roles/<int:pk>/end/", people.end, name="role-end"),
    path("delegations/", delegations.index, name="delegation-list"),
    path("delegations/new/", delegations.create, name="delegation-create"),
    path("delegations/<int:pk>/withdraw/", delegations.withdraw, name="delegation-withdraw"),
    path("aliases/", aliases.index, name="alias-list"),
    path("aliases/new/", aliases.create, name="alias-create"),
    path("aliases/<int:pk>/edit/", aliases.edit, name="alias-edit"),
    path("aliases/<int:pk>/delete/", aliases.delete, name="alias-delete"),
    path("audit/", audit.index, name="audit-list"),
    path("audit/<int:pk>/", audit.detail, name="audit-detail"),
    path("views/new/", saved_views.create, name="saved-view-create"),
    path("views/<int:pk>/edit/", saved_views.edit, name="saved-view-edit"),
    path("views/<int:pk>/delete/", saved_views.delete, name="saved-view-delete"),
]
