"""A lieu whose address changed: its RDVs are told it by the workers (G13). Undo: forgets who was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0007_administration"),
        ("motifs", "0005_motif_bulk_edit"),
        ("planning", "0014_statistics"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="rdvbulkline",
            name="rdv_bulk_line_act_known",
        ),
        migrations.RemoveConstraint(
            model_name="rdvbulkline",
            name="rdv_bulk_line_target_matches_act",
        ),
        migrations.AddField(
            model_name="rdvbulk",
            name="former_lieu_address",
            field=models.CharField(blank=True, max_length=250, verbose_name="ancienne adresse"),
        ),
        migrations.AddField(
            model_name="rdvbulk",
            name="former_lieu_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="ancien nom du lieu"),
        ),
        migrations.AlterField(
            model_name="rdvbulkline",
            name="act",
            field=models.CharField(
                choices=[
                    ("cancel", "annuler"),
                    ("agent", "confier à un autre agent"),
                    ("lieu", "déplacer dans un autre lieu"),
                    ("day", "reporter à un autre jour"),
                    ("address", "dire la nouvelle adresse du lieu"),
                ],
                max_length=10,
                verbose_name="action",
            ),
        ),
        migrations.AddConstraint(
            model_name="rdvbulkline",
            constraint=models.CheckConstraint(
                condition=models.Q(("act__in", ("cancel", "agent", "lieu", "day", "address"))),
                name="rdv_bulk_line_act_known",
                violation_error_message="Cette valeur n’est pas prévue.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rdvbulkline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("act", "cancel"),
                        ("from_agent__isnull", True),
                        ("to_agent__isnull", True),
                        ("to_day__isnull", True),
                        ("to_lieu__isnull", True),
                    ),
                    models.Q(
                        ("act", "agent"),
                        ("from_agent__isnull", False),
                        ("to_agent__isnull", False),
                        ("to_day__isnull", True),
                        ("to_lieu__isnull", True),
                    ),
                    models.Q(
                        ("act", "lieu"),
                        ("from_agent__isnull", True),
                        ("to_agent__isnull", True),
                        ("to_day__isnull", True),
                        ("to_lieu__isnull", False),
                    ),
                    models.Q(
                        ("act", "address"),
                        ("from_agent__isnull", True),
                        ("to_agent__isnull", True),
                        ("to_day__isnull", True),
                        ("to_lieu__isnull", False),
                    ),
                    models.Q(
                        ("act", "day"),
                        ("from_agent__isnull", True),
                        ("to_agent__isnull", True),
                        ("to_day__isnull", False),
                        ("to_lieu__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="rdv_bulk_line_target_matches_act",
                violation_error_message="L’action dit vers quoi le RDV est déplacé.",
            ),
        ),
    ]
