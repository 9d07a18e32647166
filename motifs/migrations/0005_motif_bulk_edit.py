"""Edits of several motifs, that can be undone; a category is of the territoire of its motif.

Undo: drops the tables and the triggers; motifs keep what the edits wrote.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models

CATEGORY = """
CREATE FUNCTION motifs_motif_category_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM motifs_motifcategory c
                     JOIN agents_organisation o ON o.territoire_id = c.territoire_id
                    WHERE c.id = NEW.category_id AND o.id = NEW.organisation_id) THEN
        RAISE EXCEPTION 'La catégorie est d’un autre territoire que le motif.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'motif_category_of_territoire';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER motifs_motif_category_check
    BEFORE INSERT OR UPDATE OF category_id, organisation_id ON motifs_motif
    FOR EACH ROW WHEN (NEW.category_id IS NOT NULL)
    EXECUTE FUNCTION motifs_motif_category_check();

CREATE FUNCTION motifs_motifcategory_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM motifs_motif m WHERE m.category_id = NEW.id) THEN
        RAISE EXCEPTION 'Une catégorie qui a des motifs ne change pas de territoire.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'motif_category_stays_in_territoire';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER motifs_motifcategory_stays
    BEFORE UPDATE OF territoire_id ON motifs_motifcategory
    FOR EACH ROW WHEN (OLD.territoire_id IS DISTINCT FROM NEW.territoire_id)
    EXECUTE FUNCTION motifs_motifcategory_stays();
"""
CATEGORY_UNDO = """
DROP TRIGGER motifs_motifcategory_stays ON motifs_motifcategory;
DROP FUNCTION motifs_motifcategory_stays();
DROP TRIGGER motifs_motif_category_check ON motifs_motif;
DROP FUNCTION motifs_motif_category_check();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0007_administration"),
        ("motifs", "0004_administration"),
    ]

    operations = [
        migrations.CreateModel(
            name="MotifBulkEdit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="faite le")),
                (
                    "undone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="annulée le"),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="motif_bulk_edits",
                        to="agents.agent",
                    ),
                ),
                (
                    "territoire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="motif_bulk_edits",
                        to="agents.territoire",
                    ),
                ),
            ],
            options={
                "verbose_name": "modification de plusieurs motifs",
                "verbose_name_plural": "modifications de plusieurs motifs",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="MotifBulkLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.JSONField(verbose_name="avant")),
                ("after", models.JSONField(verbose_name="après")),
                (
                    "bulk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="motifs.motifbulkedit",
                    ),
                ),
                (
                    "motif",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bulk_lines",
                        to="motifs.motif",
                    ),
                ),
            ],
            options={
                "verbose_name": "motif d’une modification",
                "verbose_name_plural": "motifs d’une modification",
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="motifbulkedit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("undone_at__isnull", True),
                    ("undone_at__gte", models.F("created_at")),
                    _connector="OR",
                ),
                name="motif_bulk_edit_undone_afterwards",
                violation_error_message="Une modification s’annule après avoir été faite.",
            ),
        ),
        migrations.AddConstraint(
            model_name="motifbulkline",
            constraint=models.UniqueConstraint(
                models.F("bulk"),
                models.F("motif"),
                name="motif_bulk_line_once",
                violation_error_message="Ce motif est déjà dans la modification.",
            ),
        ),
        migrations.AddConstraint(
            model_name="motifbulkline",
            constraint=models.CheckConstraint(
                condition=models.Q(("before", models.F("after")), _negated=True),
                name="motif_bulk_line_changes_something",
                violation_error_message="La modification change quelque chose au motif.",
            ),
        ),
        migrations.RunSQL(CATEGORY, CATEGORY_UNDO),
    ]
