"""The pause after a RDV (E15): when an agent is free again is kept beside the hours of the RDV.

Undo: the former trigger function comes back, the column goes; it can be computed again.
"""

from datetime import timedelta

from django.db import migrations, models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.lookups import GreaterThanOrEqual

COPY = """
CREATE OR REPLACE FUNCTION planning_agentrdv_copy_rdv() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- FOR SHARE: a concurrent move of the RDV is waited for, never half seen.
    SELECT r.starts_at, r.ends_at, r.ends_at + m.pause_minutes * interval '1 minute',
           r.hidden_at IS NULL AND r.status IN ('unknown', 'seen', 'noshow')
      INTO NEW.starts_at, NEW.ends_at, NEW.free_at, NEW.holds_time
      FROM planning_rdv r JOIN motifs_motif m ON m.id = r.motif_id
     WHERE r.id = NEW.rdv_id FOR SHARE OF r;
    RETURN NEW;
END $$;
"""
COPY_BEFORE = """
CREATE OR REPLACE FUNCTION planning_agentrdv_copy_rdv() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- FOR SHARE: a concurrent move of the RDV is waited for, never half seen.
    SELECT r.starts_at, r.ends_at,
           r.hidden_at IS NULL AND r.status IN ('unknown', 'seen', 'noshow')
      INTO NEW.starts_at, NEW.ends_at, NEW.holds_time
      FROM planning_rdv r WHERE r.id = NEW.rdv_id FOR SHARE;
    RETURN NEW;
END $$;
"""
# Pauses are of the same migration: no RDV has one yet. The triggers would only copy again.
FILL = """
ALTER TABLE planning_agentrdv DISABLE TRIGGER USER;
UPDATE planning_agentrdv SET free_at = ends_at;
ALTER TABLE planning_agentrdv ENABLE TRIGGER USER;
"""
IS_LONG = Q(
    GreaterThanOrEqual(
        ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=models.DurationField()),
        timedelta(days=1),
    )
)


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0006_rdv_draft_and_daily_maximum"),
        ("motifs", "0002_pause_minutes"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="agentrdv", name="agent_rdv_busy"),
        migrations.RemoveIndex(model_name="agentrdv", name="agent_rdv_long"),
        migrations.AddField(
            model_name="agentrdv",
            name="free_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="libre à"),
        ),
        migrations.RunSQL(COPY, COPY_BEFORE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="agentrdv",
            name="free_at",
            field=models.DateTimeField(editable=False, verbose_name="libre à"),
        ),
        migrations.AddIndex(
            model_name="agentrdv",
            index=models.Index(
                condition=Q(holds_time=True),
                fields=["agent", "starts_at", "free_at"],
                name="agent_rdv_busy",
            ),
        ),
        migrations.AddIndex(
            model_name="agentrdv",
            index=models.Index(
                condition=Q(holds_time=True) & IS_LONG,
                fields=["agent", "starts_at", "free_at"],
                name="agent_rdv_long",
            ),
        ),
    ]
