"""Whether a form was filed late is kept with it, and an index that rounds are counted from."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import F


def decide_for_landed(apps: Any, schema_editor: Any) -> None:
    """Forms that were filed before: late when filed on a later day than due."""
    forms = apps.get_model("plans", "CheckIn").objects.using(schema_editor.connection.alias)
    forms.filter(filed_at__date__gt=F("due_on")).update(filed_late=True)


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_the_year")]

    operations = [
        migrations.AddField("checkin", "filed_late", models.BooleanField(default=False, verbose_name="逾期后报送")),
        migrations.RunPython(decide_for_landed, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            "checkin",
            models.Index(
                fields=["round", "organisation", "state", "due_on", "filed_late", "signed_at"], name="checkin_counted"
            ),
        ),
    ]
