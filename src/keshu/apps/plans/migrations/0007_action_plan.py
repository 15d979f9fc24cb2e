"""Action plans (行动方案、规划): an organisation may have several in force in one year."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="workplan",
            name="kind",
            field=models.CharField(
                "类型",
                max_length=20,
                choices=[
                    ("plan", "工作要点"),
                    ("summary", "工作总结"),
                    ("summary_and_plan", "总结与打算"),
                    ("action_plan", "行动方案、规划"),
                ],
            ),
        ),
        migrations.RemoveConstraint(model_name="workplan", name="one_published_plan_per_year_and_kind"),
        migrations.AddConstraint(
            model_name="workplan",
            constraint=models.UniqueConstraint(
                fields=["organisation", "year", "kind"],
                condition=Q(state="published") & ~Q(kind="action_plan"),
                name="one_published_plan_per_year_and_kind",
            ),
        ),
    ]
