"""The sectors of an address, kept with the booking under way in place of the address (G15)."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("usagers", "0007_retention"),
    ]

    operations = [
        migrations.AddField(
            model_name="bookingdraft",
            name="sector_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                blank=True,
                default=list,
                size=None,
                verbose_name="secteurs",
            ),
        ),
    ]
