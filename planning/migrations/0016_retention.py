"""History and audit: what retention may do, to the column and to the day (decision 5); what is
written there by the database itself (I03).

With SET LOCAL rdv.retention = 'on', and by the clock of the database: a line of history loses the
name of its author after a year, or that of a person who was anonymised, and what its change said of
people; an entry of the audit trail is deleted after three years. Nothing else, ever.
"""

from django.db import migrations

EXACT = """
CREATE FUNCTION planning_rdvevent_erase_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    expected planning_rdvevent;
BEGIN
    expected := OLD;
    IF TG_OP = 'UPDATE' AND current_setting('rdv.retention', true) = 'on' THEN
        IF NEW.author_name = '' THEN
            expected.author_name := '';
        END IF;
        IF NEW.changes = OLD.changes - ARRAY['context', 'usagers', 'participants'] THEN
            expected.changes := NEW.changes;
        END IF;
        IF NEW IS NOT DISTINCT FROM expected AND (
            OLD.at < now() - interval '1 year'
            OR EXISTS (
                SELECT FROM usagers_usager AS usager
                WHERE usager.anonymised_at IS NOT NULL AND (
                    usager.id = OLD.author_usager_id
                    OR EXISTS (
                        SELECT FROM planning_participation AS participation
                        WHERE participation.usager_id = usager.id
                        AND participation.rdv_id = OLD.rdv_id)))
        ) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'L’historique ne se modifie pas.'
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
DROP TRIGGER planning_rdvevent_append_only ON planning_rdvevent;
CREATE TRIGGER planning_rdvevent_append_only BEFORE UPDATE OR DELETE ON planning_rdvevent
    FOR EACH ROW EXECUTE FUNCTION planning_rdvevent_erase_only();

CREATE FUNCTION agents_auditentry_delete_old_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('rdv.retention', true) = 'on'
        AND OLD.at < now() - interval '3 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'L’historique ne se modifie pas.'
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
DROP TRIGGER agents_auditentry_append_only ON agents_auditentry;
CREATE TRIGGER agents_auditentry_append_only BEFORE UPDATE OR DELETE ON agents_auditentry
    FOR EACH ROW EXECUTE FUNCTION agents_auditentry_delete_old_only();
DROP FUNCTION rdv_append_only();
"""
# Each change of a RDV is in the audit trail whoever wrote its history. « rdv.superadmin »: who acts
# in the name of an agent, said by the middleware for the time of a request.
WRITTEN = """
CREATE FUNCTION agents_auditentry_superadmin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.superadmin_id := COALESCE(
        NEW.superadmin_id, NULLIF(current_setting('rdv.superadmin', true), '')::bigint);
    RETURN NEW;
END $$;
CREATE TRIGGER agents_auditentry_superadmin BEFORE INSERT ON agents_auditentry
    FOR EACH ROW EXECUTE FUNCTION agents_auditentry_superadmin();

CREATE FUNCTION planning_rdvevent_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO agents_auditentry
        (at, agent_id, organisation_id, action, object_kind, object_uuid, detail)
    SELECT NEW.at, NEW.author_agent_id, rdv.organisation_id, 'rdv_' || NEW.action, 'rdv',
        rdv.uuid, jsonb_build_object('author', NEW.author_kind)
    FROM planning_rdv AS rdv WHERE rdv.id = NEW.rdv_id;
    RETURN NULL;
END $$;
CREATE TRIGGER planning_rdvevent_audit AFTER INSERT ON planning_rdvevent
    FOR EACH ROW WHEN (NEW.action NOT IN ('reminded', 'deleted'))
    EXECUTE FUNCTION planning_rdvevent_audit();
"""
WRITTEN_UNDO = """
DROP TRIGGER planning_rdvevent_audit ON planning_rdvevent;
DROP FUNCTION planning_rdvevent_audit();
DROP TRIGGER agents_auditentry_superadmin ON agents_auditentry;
DROP FUNCTION agents_auditentry_superadmin();
"""
UNDO = """
CREATE FUNCTION rdv_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('rdv.retention', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'L’historique ne se modifie pas.'
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
DROP TRIGGER planning_rdvevent_append_only ON planning_rdvevent;
CREATE TRIGGER planning_rdvevent_append_only BEFORE UPDATE OR DELETE ON planning_rdvevent
    FOR EACH ROW EXECUTE FUNCTION rdv_append_only();
DROP TRIGGER agents_auditentry_append_only ON agents_auditentry;
CREATE TRIGGER agents_auditentry_append_only BEFORE UPDATE OR DELETE ON agents_auditentry
    FOR EACH ROW EXECUTE FUNCTION rdv_append_only();
DROP FUNCTION planning_rdvevent_erase_only();
DROP FUNCTION agents_auditentry_delete_old_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0015_lieu_address"),
        ("usagers", "0006_franceconnect"),
        ("agents", "0010_retention"),
    ]

    operations = [migrations.RunSQL(EXACT, UNDO), migrations.RunSQL(WRITTEN, WRITTEN_UNDO)]
