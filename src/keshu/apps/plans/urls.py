"""Addresses of the plans app, grouped per noun."""

from django.urls import path

from keshu.apps.plans.views import (
    checkin_forms,
    checkin_signing,
    checkins,
    comparisons,
    exports,
    histories,
    imports,
    issue_moves,
    issues,
    library,
    matrix,
    meeting_lines,
    meetings,
    offices,
    proposal_pieces,
    proposals,
    review,
    review_moves,
    review_owners,
    review_rows,
    rhythms,
    round_excusing,
    rounds,
    sources,
    standings,
    supervision,
    supervision_moves,
    supervision_writing,
    targets,
    tasks,
)

app_name = "plans"

imports_urls = [
    path("import/", imports.page, name="import"),
    path("import/<int:pk>/revision/", imports.revise, name="import-revision"),
    path("import/<int:pk>/discard/", imports.discard, name="import-discard"),
]

review_urls = [
    path("<int:pk>/review/", review.page, name="review"),
    path("<int:pk>/review/text/<int:index>/", review.text, name="review-text"),
    path("<int:pk>/review/contents/", review.contents, name="review-contents"),
    path("<int:pk>/review/find/", review.find, name="review-find"),
    path("<int:pk>/review/grid/", review.grid, name="review-grid"),
    path("<int:pk>/review/presence/", review.presence, name="review-presence"),
    path("<int:pk>/review/accept/", review.accept, name="review-accept"),
    path("<int:pk>/review/accept-clear/", review.accept_clear, name="review-accept-clear"),
    path("<int:pk>/review/reject/", review.reject, name="review-reject"),
    path("<int:pk>/review/restore/", review.restore, name="review-restore"),
    path("<int:pk>/review/merge/", review.merge, name="review-merge"),
    path("<int:pk>/review/undo/", review.undo_last, name="review-undo"),
    path("<int:pk>/review/targets/add/", review_rows.target_add, name="review-target-add"),
    path("<int:pk>/review/targets/<int:target_id>/", review_rows.target_edit, name="review-target-edit"),
    path("<int:pk>/review/targets/<int:target_id>/split/", review_rows.target_split, name="review-target-split"),
    path("<int:pk>/review/nodes/add/", review_rows.node_add, name="review-node-add"),
    path("<int:pk>/review/nodes/<int:node_id>/", review_rows.node_edit, name="review-node-edit"),
    path("<int:pk>/review/owners/add/", review_owners.owner_add, name="review-owner-add"),
    path("<int:pk>/review/owners/<int:mention_id>/", review_owners.resolve, name="review-owner-resolve"),
    path("<int:pk>/review/owners/<int:mention_id>/name/", review_owners.mention_edit, name="review-owner-edit"),
    path("<int:pk>/review/details/", review_moves.save_details, name="review-details"),
    path("<int:pk>/review/move/<slug:name>/", review_moves.move, name="review-move"),
]

library_urls = [
    path("", library.plan_list, name="plan-list"),
    path("<int:pk>/", library.plan_detail, name="plan-detail"),
    path("<int:pk>/drawer/", library.plan_drawer, name="plan-drawer"),
    path("<int:pk>/revise/", library.plan_revise, name="plan-revise"),
    path("<int:pk>/document/", sources.document, name="document"),
    path("<int:pk>/export/", exports.export, name="export"),
    path("<int:pk>/papers/<slug:kind>/", exports.paper, name="plan-paper"),
    path("<int:pk>/file/", exports.plan_file, name="plan-file"),
    path("source/<slug:ref>/", sources.source, name="source"),
    path("history/<slug:ref>/", histories.lines, name="row-history"),
    path("history/<slug:ref>/<int:version>/restore/", histories.restore, name="row-restore"),
]

ledger_urls = [
    path("targets/", targets.target_list, name="target-list"),
    path("targets/<int:pk>/", targets.target_detail, name="target-detail"),
    path("targets/<int:pk>/drawer/", targets.target_drawer, name="target-drawer"),
    path("tasks/", tasks.task_tree, name="task-tree"),
    path("tasks/list/", tasks.task_list, name="task-list"),
    path("tasks/<int:pk>/", tasks.task_detail, name="task-detail"),
    path("tasks/<int:pk>/drawer/", tasks.task_drawer, name="task-drawer"),
    path("matrix/", matrix.matrix, name="matrix"),
    path("offices/", offices.office_list, name="office-list"),
    path("offices/own/", offices.office_own, name="office-own"),
    path("offices/<int:pk>/", offices.office_detail, name="office-detail"),
]

comparison_urls = [
    path("comparisons/", comparisons.targets, name="comparison-targets"),
    path("comparisons/tasks/", comparisons.tasks, name="comparison-tasks"),
    path("comparisons/results/", comparisons.results, name="comparison-results"),
]

issue_urls = [
    path("issues/", issues.issue_list, name="issue-list"),
    path("issues/create/", issues.issue_create, name="issue-create"),
    path("issues/tables/", issues.issue_tables, name="issue-tables"),
    path("issues/offers/", issues.issue_offers, name="issue-offers"),
    path("issues/about/<slug:ref>/", issues.issue_about, name="issue-about"),
    path("issues/<int:pk>/", issues.issue_detail, name="issue-detail"),
    path("issues/<int:pk>/drawer/", issues.issue_drawer, name="issue-drawer"),
    path("issues/<int:pk>/edit/", issues.issue_edit, name="issue-edit"),
    path("issues/<int:pk>/<slug:name>/", issue_moves.issue_move, name="issue-move"),
    path("issues/proofs/<int:pk>/<int:attachment>/", issues.proof_file, name="issue-proof"),
]

standing_urls = [
    path("targets/<int:pk>/outlook/", standings.target_outlook, name="target-outlook"),
    path("targets/<int:pk>/past-figures/add/", standings.past_figure_add, name="past-figure-add"),
    path("past-figures/<int:pk>/remove/", standings.past_figure_remove, name="past-figure-remove"),
    path("standings/<int:pk>/choose/", standings.choose, name="standing-choose"),
    path("standings/<int:pk>/drop/", standings.drop, name="standing-drop"),
]


checkin_urls = [
    path("checkins/own/", checkins.own, name="checkin-own"),
    path("checkins/own/file/", checkins.file_many, name="checkin-file-many"),
    path("checkins/waiting/", checkins.waiting, name="checkin-waiting"),
    path("checkins/sign-off/", checkin_signing.queue, name="checkin-sign-list"),
    path("checkins/<int:pk>/", checkin_forms.detail, name="checkin-detail"),
    path("checkins/<int:pk>/drawer/", checkin_forms.drawer, name="checkin-drawer"),
    path("checkins/<int:pk>/row/", checkins.row, name="checkin-row"),
    path("checkins/<int:pk>/save/", checkins.save, name="checkin-save"),
    path("checkins/<int:pk>/move/<slug:name>/", checkin_forms.move, name="checkin-move"),
    path("checkins/<int:pk>/evidence/add/", checkin_forms.evidence_add, name="checkin-evidence-add"),
    path("checkins/<int:pk>/evidence/<int:evidence_id>/", checkin_forms.evidence, name="checkin-evidence"),
    path(
        "checkins/<int:pk>/evidence/<int:evidence_id>/remove/",
        checkin_forms.evidence_remove,
        name="checkin-evidence-remove",
    ),
]

round_urls = [
    path("rounds/", rounds.listing, name="round-list"),
    path("rounds/forms/", rounds.forms, name="round-forms"),
    path("rounds/<int:pk>/", rounds.detail, name="round-detail"),
    path("rounds/<int:pk>/remind/", rounds.remind, name="round-remind"),
    path("rounds/<int:pk>/move/<slug:name>/", rounds.move, name="round-move"),
    path("rounds/<int:pk>/excuse/", round_excusing.excuse, name="round-excuse"),
    path("rounds/<int:pk>/paper/", rounds.paper, name="round-paper"),
    path("<int:pk>/rounds/current/", rounds.current, name="round-current"),
    path("<int:pk>/rhythm/", rhythms.rhythm, name="rhythm"),
    path("<int:pk>/rhythm/switch/", rhythms.switch, name="rhythm-switch"),
]

supervision_urls = [
    path("supervision/", supervision.notice_list, name="supervision-list"),
    path("supervision/new/", supervision_writing.create, name="supervision-create"),
    path("supervision/bulk/", supervision_writing.bulk, name="supervision-bulk"),
    path("supervision/issue/", supervision.issue_chosen, name="supervision-issue-chosen"),
    path("supervision/papers/", supervision.papers, name="supervision-papers"),
    path("supervision/summary/", supervision_writing.summary, name="supervision-summary"),
    path("supervision/<int:pk>/", supervision.notice_detail, name="supervision-detail"),
    path("supervision/<int:pk>/drawer/", supervision.notice_drawer, name="supervision-drawer"),
    path("supervision/<int:pk>/edit/", supervision_writing.edit, name="supervision-edit"),
    path("supervision/<int:pk>/reply/", supervision_moves.reply, name="supervision-reply"),
    path("supervision/<int:pk>/paper/", supervision.notice_paper, name="supervision-paper"),
    path("supervision/<int:pk>/files/<int:attachment_id>/", supervision.reply_file, name="supervision-file"),
    path("supervision/<int:pk>/move/<slug:name>/", supervision_moves.move, name="supervision-move"),
]

meeting_urls = [
    path("meetings/", meetings.meeting_list, name="meeting-list"),
    path("meetings/create/", meetings.meeting_create, name="meeting-create"),
    path("meetings/<int:pk>/", meetings.meeting_detail, name="meeting-detail"),
    path("meetings/<int:pk>/edit/", meetings.meeting_edit, name="meeting-edit"),
    path("meetings/<int:pk>/draw/", meetings.meeting_draw, name="meeting-draw"),
    path("meetings/<int:pk>/pack/", meetings.meeting_pack, name="meeting-pack"),
    path("meetings/<int:pk>/minutes/", meetings.meeting_minutes, name="meeting-minutes"),
    path("meetings/<int:pk>/move/<slug:name>/", meetings.meeting_move, name="meeting-move"),
    path("meetings/<int:pk>/items/create/", meeting_lines.item_create, name="meeting-item-create"),
    path("meetings/<int:pk>/decisions/create/", meeting_lines.decision_create, name="meeting-decision-create"),
    path("meetings/items/<int:pk>/edit/", meeting_lines.item_edit, name="meeting-item-edit"),
    path("meetings/items/<int:pk>/<slug:name>/", meeting_lines.item_act, name="meeting-item-act"),
    path("meetings/decisions/<int:pk>/edit/", meeting_lines.decision_edit, name="meeting-decision-edit"),
    path("meetings/decisions/<int:pk>/<slug:name>/", meeting_lines.decision_act, name="meeting-decision-act"),
]

proposal_urls = [
    path("proposals/", proposals.proposal_list, name="proposal-list"),
    path("proposals/create/", proposals.proposal_create, name="proposal-create"),
    path("proposals/<int:pk>/", proposals.proposal_detail, name="proposal-detail"),
    path("proposals/<int:pk>/check/", proposals.proposal_check, name="proposal-check"),
    path("proposals/<int:pk>/undo/", proposal_pieces.proposal_undo, name="proposal-undo"),
    path("proposals/<int:pk>/bulk/", proposal_pieces.piece_bulk, name="proposal-bulk"),
    path("proposals/<int:pk>/move/<slug:name>/", proposals.proposal_move, name="proposal-move"),
    path("proposals/<int:pk>/papers/<slug:name>/", proposals.proposal_paper, name="proposal-paper"),
    path("proposals/<int:pk>/pieces/<int:item>/choose/", proposal_pieces.piece_choose, name="proposal-choose"),
    path("proposals/<int:pk>/pieces/<int:item>/edit/", proposal_pieces.piece_edit, name="proposal-edit"),
    path("proposals/<int:pk>/pieces/<int:item>/add/<slug:name>/", proposal_pieces.piece_add, name="proposal-add"),
    path("proposals/<int:pk>/pieces/<int:item>/shift/<slug:name>/", proposal_pieces.piece_shift, name="proposal-shift"),
]

urlpatterns = [
    *imports_urls, *review_urls, *library_urls, *ledger_urls, *comparison_urls, *checkin_urls, *round_urls,
    *standing_urls, *supervision_urls, *issue_urls, *meeting_urls, *proposal_urls,
]  # fmt: skip
