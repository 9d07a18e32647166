from datetime import timedelta

from django.db import migrations, models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.lookups import GreaterThanOrEqual


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0002_preset_services"),
        ("planning", "0003_database_guards"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="agentrdv",
            index=models.Index(
                fields=["agent", "starts_at", "ends_at"],
                name="agent_rdv_long",
                condition=Q(holds_time=True)
                & Q(
                    GreaterThanOrEqual(
                        ExpressionWrapper(
                            F("ends_at") - F("starts_at"), output_field=models.DurationField()
                        ),
                        timedelta(days=1),
                    )
                ),
            ),
        ),
    ]
