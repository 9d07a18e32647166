from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0007_administration"),
        ("notifications", "0005_providers_and_blocked_addresses"),
        ("planning", "0014_statistics"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                fields=["organisation", "created_at"], name="outbox_organisation_created"
            ),
        ),
    ]
