"""Background jobs: run, told about, stopped, and taken up again when a worker dies."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import AT, make

from keshu.apps.bureau.models import Job, JobState
from keshu.apps.bureau.services import Refused, Unacceptable, jobs
from keshu.apps.bureau.signals import job_ended

pytestmark = pytest.mark.django_db

seen: list[Any] = []


@jobs.register("tests.count")
def count(job: jobs.JobHandle) -> dict[str, Any]:
    """Counts to `to` and raises what `raise` says."""
    seen.append((job.params, job.by.pk))
    for number in range(job.params.get("to", 1)):
        job.progress(number, job.params.get("to", 1), f"第 {number + 1} 份")
    problem = job.params.get("raise")
    if problem == "refused":
        raise Refused("您不能导入。")
    if problem == "unacceptable":
        raise Unacceptable("文件没有文字层。", field="file")
    if problem == "surprise":
        raise KeyError("张三的身份证号")
    return {"url": "/plans/1/", "count": job.params.get("to", 1)}


@jobs.register("tests.cancelled-meanwhile")
def cancelled_meanwhile(job: jobs.JobHandle) -> dict[str, Any]:
    job.progress(0, 2, "开始")
    jobs.cancel_job(Job.objects.get(pk=job.id), by=job.by, at=AT)
    job.progress(2, 2, "不该到这里")
    raise AssertionError("went on after being cancelled")


@jobs.register("tests.long-step")
def long_step(job: jobs.JobHandle) -> dict[str, Any]:
    """Tells of a step just after another, and what stands in the row then."""
    job.progress(0, 100, "读取文件")
    job.progress(0, 100, "正在识别扫描件，第 1 页，共 1 页", at_once=job.params["at_once"])
    seen.append(Job.objects.get(pk=job.id).message)
    return {}


def start(**params: Any) -> Job:
    return jobs.start_job(kind="tests.count", title="清点", params=params, by=make.person("planner"), at=AT)


def test_a_job_runs_to_its_result() -> None:
    job = start(to=3)
    assert (job.state, jobs.run_pending()) == (JobState.QUEUED, 1)
    job.refresh_from_db()
    assert (job.state, job.result, job.result_url) == (JobState.DONE, {"url": "/plans/1/", "count": 3}, "/plans/1/")
    assert (job.done, job.total, job.percent, job.attempts) == (3, 3, 100, 1)
    assert seen[-1] == ({"to": 3}, job.created_by_id)
    assert job.started_at is not None
    assert job.finished_at is not None
    assert jobs.run_pending() == 0


@pytest.mark.parametrize(("problem", "said"), [("refused", "您不能导入。"), ("unacceptable", "文件没有文字层。")])
def test_an_expected_refusal_is_told_in_its_own_words(problem: str, said: str) -> None:
    job = start(**{"raise": problem})
    jobs.run_pending()
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, said)


def test_a_surprise_is_told_by_number_and_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    job = start(**{"raise": "surprise"})
    with caplog.at_level(logging.ERROR, logger="keshu.jobs"):
        jobs.run_pending()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert f"任务编号 {job.pk}" in job.error
    (record,) = [record for record in caplog.records if record.name == "keshu.jobs"]
    assert "KeyError" in record.getMessage()
    assert "身份证" not in caplog.text + job.error


def test_a_queued_job_is_cancelled_at_once_and_never_runs() -> None:
    job = start(to=1)
    before = len(seen)
    jobs.cancel_job(job, by=job.created_by, at=AT)
    assert (job.state, job.finished_at) == (JobState.CANCELLED, AT)
    jobs.run_pending()
    assert len(seen) == before


def test_a_running_job_stops_at_its_next_report() -> None:
    by = make.person("planner")
    job = jobs.start_job(kind="tests.cancelled-meanwhile", title="清点", params={}, by=by, at=AT)
    jobs.run_pending()
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.CANCELLED, 0)


def test_progress_is_written_at_most_twice_a_second(django_assert_max_num_queries: Any) -> None:
    job = make.job(state=JobState.RUNNING)
    handle = jobs.JobHandle(job, clock=lambda: AT)
    with django_assert_max_num_queries(2):
        for number in range(1, 1001):
            handle.progress(number, 1000, "逐份读取")
    job.refresh_from_db()
    assert (job.done, job.total, job.message, job.heartbeat_at) == (1000, 1000, "逐份读取", AT)


def test_a_job_that_lost_its_worker_is_tried_once_more_then_given_up() -> None:
    old = AT - timedelta(minutes=5)
    first = make.job(kind="tests.count", state=JobState.RUNNING, attempts=1, heartbeat_at=old)
    second = make.job(kind="tests.count", state=JobState.RUNNING, attempts=2, heartbeat_at=old)
    stopped = make.job(kind="tests.count", state=JobState.RUNNING, attempts=1, heartbeat_at=old, cancel_requested=True)
    alive = make.job(kind="tests.count", state=JobState.RUNNING, attempts=1, heartbeat_at=AT - timedelta(seconds=5))
    assert jobs.recover_stale_jobs(at=AT) == 3
    for job in (first, second, stopped, alive):
        job.refresh_from_db()
    assert [job.state for job in (first, second, stopped, alive)] == ["queued", "failed", "cancelled", "running"]
    assert "两次中断" in second.error
    jobs.run_pending()
    first.refresh_from_db()
    assert (first.state, first.attempts) == (JobState.DONE, 2)


def test_a_job_already_taken_is_not_run_twice() -> None:
    job = make.job(kind="tests.count", state=JobState.RUNNING)
    before = len(seen)
    jobs.execute_job(job.pk, clock=lambda: AT)
    assert len(seen) == before


def test_a_worker_thought_dead_stops_when_another_has_its_job() -> None:
    job = make.job(kind="tests.count", state=JobState.RUNNING, attempts=1)
    handle = jobs.JobHandle(job, clock=lambda: AT)
    handle.progress(1, 9, "第一步")
    Job.objects.filter(pk=job.pk).update(attempts=2)
    with pytest.raises(jobs.JobCancelled):
        handle.progress(9, 9, "完")


def test_an_unknown_kind_is_refused_and_names_the_known() -> None:
    with pytest.raises(ValueError, match=r"tests\.count"):
        jobs.start_job(kind="tests.nothing", title="无", params={}, by=make.person("planner"), at=AT)


def test_two_runners_for_one_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="two runners"):
        jobs.register("tests.count")(lambda job: {})


def test_only_the_starter_and_the_operator_cancel() -> None:
    job = make.job()
    with pytest.raises(Refused, match="发起人"):
        jobs.cancel_job(job, by=make.person("leader"), at=AT)
    jobs.cancel_job(job, by=make.person("operator"), at=AT)
    assert job.state == JobState.CANCELLED


def test_the_worker_runs_what_is_queued_and_returns_when_told_once() -> None:
    job = start(to=2)
    jobs.run_worker(once=True)
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_the_panel_asks_again_only_while_the_job_lives(client: Client) -> None:
    job = start(to=2)
    client.force_login(job.created_by)
    address = reverse("bureau:job-panel", args=[job.pk])
    assert f'hx-get="{address}"' in client.get(address).content.decode()
    jobs.run_pending()
    page = client.get(address).content.decode()
    assert "hx-get" not in page
    assert 'href="/plans/1/"' in page


def test_a_person_sees_their_own_jobs(client: Client) -> None:
    job, other = make.job(title="我的任务"), make.job(title="别人的任务")
    client.force_login(job.created_by)
    page = client.get(reverse("bureau:job-list")).content.decode()
    assert "我的任务" in page
    assert "别人的任务" not in page
    assert client.get(reverse("bureau:job-detail", args=[other.pk])).status_code == 404
    assert client.get(reverse("bureau:job-detail", args=[job.pk])).status_code == 200


def test_cancelling_from_the_page(client: Client) -> None:
    job = start(to=2)
    client.force_login(job.created_by)
    address = reverse("bureau:job-cancel", args=[job.pk])
    assert client.get(address).status_code == 405
    response = client.post(address, headers={"HX-Request": "true"})
    assert "已取消" in response.content.decode()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


@pytest.mark.parametrize(("at_once", "told"), [(True, "正在识别扫描件，第 1 页，共 1 页"), (False, "读取文件")])
def test_a_long_step_is_told_at_once_others_twice_a_second(at_once: bool, told: str) -> None:
    jobs.start_job(kind="tests.long-step", title="识别", params={"at_once": at_once}, by=make.person("planner"), at=AT)
    jobs.run_pending()
    assert seen[-1] == told


def test_the_end_of_a_job_is_told_whatever_it_is() -> None:
    ended: list[tuple[str, dict[str, Any]]] = []

    def listen(*, kind: str, params: dict[str, Any], **_: Any) -> None:
        ended.append((kind, params))

    job_ended.connect(listen)
    try:
        start(to=1)
        start(**{"raise": "surprise"})
        jobs.run_pending()
        assert [params for _, params in ended] == [{"to": 1}, {"raise": "surprise"}]
        job = start(to=3)
        jobs.cancel_job(job, by=job.created_by, at=AT)
        assert ended[2:] == [("tests.count", {"to": 3})]
        lost = start(to=4)
        old = AT - timedelta(hours=1)
        Job.objects.filter(pk=lost.pk).update(state=JobState.RUNNING, heartbeat_at=old, attempts=1)
        jobs.recover_stale_jobs(at=AT)
        assert len(ended) == 3  # queued again: not its end
        Job.objects.filter(pk=lost.pk).update(state=JobState.RUNNING, heartbeat_at=old, attempts=2)
        jobs.recover_stale_jobs(at=AT)
        assert ended[3:] == [("tests.count", {"to": 4})]
    finally:
        job_ended.disconnect(listen)
