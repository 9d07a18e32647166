import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0011_reminder_retry"),
    ]

    operations = [
        migrations.AddField(
            model_name="waitinglistentry",
            name="known_starts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.DateTimeField(),
                blank=True,
                default=list,
                verbose_name="dates déjà libres",
            ),
        ),
    ]
