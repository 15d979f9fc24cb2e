"""The trail becomes a chain; entries recorded before are sealed in the order in which they were written."""

from django.conf import settings
from django.db import migrations, models

from keshu.apps.bureau.models.trail import HEAD, signed
from keshu.kernel import chain

BATCH = 1000


def seal(apps, schema_editor):
    entries = apps.get_model("bureau", "AuditEntry").objects
    heads = apps.get_model("bureau", "TrailHead").objects
    number, previous, algorithm, batch = 0, chain.ROOT, settings.AUDIT_HASH, []
    for entry in entries.order_by("pk").iterator(chunk_size=BATCH):
        number += 1
        entry.number, entry.previous, entry.algorithm = number, previous, algorithm
        previous = entry.digest = chain.digest(_record(entry), algorithm=algorithm)
        batch.append(entry)
        if len(batch) == BATCH:
            entries.bulk_update(batch, ["number", "previous", "algorithm", "digest"], batch_size=BATCH // 10)
            batch = []
    entries.bulk_update(batch, ["number", "previous", "algorithm", "digest"], batch_size=BATCH // 10)
    signature = signed("head", number, algorithm, previous, 0)
    heads.create(pk=HEAD, number=number, algorithm=algorithm, digest=previous, unsigned_until=0, signature=signature)


def _record(entry):
    return {
        "number": entry.number,
        "at": f"{entry.at:%Y-%m-%dT%H:%M:%S.%fZ}",  # the database gives UTC
        "by": entry.by_id,
        "action": entry.action,
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
        "subject_name": entry.subject_name,
        "organisation": entry.organisation_id,
        "before": entry.before,
        "after": entry.after,
        "why": entry.why,
        "algorithm": entry.algorithm,
        "previous": entry.previous,
    }


def unseal(apps, schema_editor):
    """The entries stay as they are; only the chain goes."""


ACTIONS = [
    ("create", "新增"), ("update", "修改"), ("delete", "删除"), ("transition", "办理"), ("export", "导出"), ("sign_in", "登录"),
    ("sign_out", "退出"), ("sign_in_refused", "登录失败"), ("download", "下载"),
]
KEY = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("bureau", "0003_import_run")]
    operations = [
        migrations.CreateModel(
            name="TrailHead",
            fields=[
                ("id", KEY.clone()),
                ("number", models.PositiveBigIntegerField(default=0, verbose_name="序号")),
                ("algorithm", models.CharField(max_length=10, verbose_name="算法")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                ("unsigned_until", models.PositiveBigIntegerField(default=0, verbose_name="签名中断处")),
                ("signature", models.CharField(max_length=64, verbose_name="签名")),
            ],
            options={
                "verbose_name": "记录链头",
                "constraints": [models.CheckConstraint(condition=models.Q(pk=HEAD), name="one_trail_head")],
            },
        ),
        migrations.CreateModel(
            name="TrailAnchor",
            fields=[
                ("id", KEY.clone()),
                ("on", models.DateField(verbose_name="日期")),
                ("at", models.DateTimeField(verbose_name="留存时间")),
                ("number", models.PositiveBigIntegerField(unique=True, verbose_name="记录条数")),
                ("algorithm", models.CharField(max_length=10, verbose_name="算法")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                ("signature", models.CharField(max_length=64, verbose_name="签名")),
            ],
            options={"verbose_name": "记录锚点", "ordering": ["-number"]},
        ),
        migrations.AlterField("auditentry", "action", models.CharField(choices=ACTIONS, max_length=20, verbose_name="动作")),
        migrations.AddField("auditentry", "number", models.PositiveBigIntegerField(null=True, verbose_name="序号")),
        migrations.AddField(
            "auditentry", "algorithm", models.CharField(default="", max_length=10, verbose_name="摘要算法"), preserve_default=False
        ),
        migrations.AddField(
            "auditentry", "previous", models.CharField(default="", max_length=64, verbose_name="上一条的摘要"), preserve_default=False
        ),
        migrations.AddField(
            "auditentry", "digest", models.CharField(default="", max_length=64, verbose_name="摘要"), preserve_default=False
        ),
        migrations.RunPython(seal, unseal),
        migrations.AlterField("auditentry", "number", models.PositiveBigIntegerField(unique=True, verbose_name="序号")),
        migrations.AlterModelOptions("auditentry", options={"ordering": ["-number"], "verbose_name": "办理记录"}),
    ]
