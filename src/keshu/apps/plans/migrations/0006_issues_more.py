from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("plans", "0005_supervision_more")]

    operations = [
        migrations.AddField("meeting", "host", models.CharField("主持人", max_length=60, blank=True, default="")),
        migrations.AddField("meeting", "attendees", models.TextField("出席人员", blank=True, default="")),
    ]
