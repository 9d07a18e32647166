"""Who acts in the name of an agent is a column of what they write, not a word to the connection.

A setting of the session would stay on a connection that a pooler gives to somebody else.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WRITTEN = """
DROP TRIGGER agents_auditentry_superadmin ON agents_auditentry;
DROP FUNCTION agents_auditentry_superadmin();
CREATE OR REPLACE FUNCTION planning_rdvevent_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO agents_auditentry
        (at, agent_id, superadmin_id, organisation_id, action, object_kind, object_uuid, detail)
    SELECT NEW.at, NEW.author_agent_id, NEW.superadmin_id, rdv.organisation_id,
        'rdv_' || NEW.action, 'rdv', rdv.uuid, jsonb_build_object('author', NEW.author_kind)
    FROM planning_rdv AS rdv WHERE rdv.id = NEW.rdv_id;
    RETURN NULL;
END $$;
"""
WRITTEN_UNDO = """
CREATE FUNCTION agents_auditentry_superadmin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.superadmin_id := COALESCE(
        NEW.superadmin_id, NULLIF(current_setting('rdv.superadmin', true), '')::bigint);
    RETURN NEW;
END $$;
CREATE TRIGGER agents_auditentry_superadmin BEFORE INSERT ON agents_auditentry
    FOR EACH ROW EXECUTE FUNCTION agents_auditentry_superadmin();
CREATE OR REPLACE FUNCTION planning_rdvevent_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO agents_auditentry
        (at, agent_id, organisation_id, action, object_kind, object_uuid, detail)
    SELECT NEW.at, NEW.author_agent_id, rdv.organisation_id, 'rdv_' || NEW.action, 'rdv',
        rdv.uuid, jsonb_build_object('author', NEW.author_kind)
    FROM planning_rdv AS rdv WHERE rdv.id = NEW.rdv_id;
    RETURN NULL;
END $$;
"""


def _superadmin() -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0016_retention"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("rdvevent", "superadmin", _superadmin()),
        migrations.AddField("rdvbulk", "superadmin", _superadmin()),
        migrations.RunSQL(WRITTEN, WRITTEN_UNDO),
    ]
