"""Rules that only the database can hold: copies kept by triggers, walls between organisations.

Undo: the reverse SQL drops the triggers, functions and keys; no data is touched.
"""

from django.db import migrations

COPY_TO_AGENDA = """
CREATE FUNCTION planning_agentrdv_copy_rdv() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- FOR SHARE: a concurrent move of the RDV is waited for, never half seen.
    SELECT r.starts_at, r.ends_at,
           r.hidden_at IS NULL AND r.status IN ('unknown', 'seen', 'noshow')
      INTO NEW.starts_at, NEW.ends_at, NEW.holds_time
      FROM planning_rdv r WHERE r.id = NEW.rdv_id FOR SHARE;
    RETURN NEW;
END $$;
CREATE TRIGGER planning_agentrdv_copy_rdv
    BEFORE INSERT OR UPDATE ON planning_agentrdv
    FOR EACH ROW EXECUTE FUNCTION planning_agentrdv_copy_rdv();

CREATE FUNCTION planning_rdv_push_to_agenda() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE planning_agentrdv SET starts_at = NEW.starts_at WHERE rdv_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER planning_rdv_push_to_agenda
    AFTER UPDATE OF starts_at, ends_at, status, hidden_at ON planning_rdv
    FOR EACH ROW
    WHEN ((OLD.starts_at, OLD.ends_at, OLD.status, OLD.hidden_at)
          IS DISTINCT FROM (NEW.starts_at, NEW.ends_at, NEW.status, NEW.hidden_at))
    EXECUTE FUNCTION planning_rdv_push_to_agenda();
"""
COPY_TO_AGENDA_UNDO = """
DROP TRIGGER planning_rdv_push_to_agenda ON planning_rdv;
DROP FUNCTION planning_rdv_push_to_agenda();
DROP TRIGGER planning_agentrdv_copy_rdv ON planning_agentrdv;
DROP FUNCTION planning_agentrdv_copy_rdv();
"""

ONE_ORGANISATION = """
ALTER TABLE planning_rdv
    ADD CONSTRAINT rdv_motif_of_organisation FOREIGN KEY (motif_id, organisation_id)
        REFERENCES motifs_motif (id, organisation_id) DEFERRABLE INITIALLY IMMEDIATE,
    ADD CONSTRAINT rdv_lieu_of_organisation FOREIGN KEY (lieu_id, organisation_id)
        REFERENCES motifs_lieu (id, organisation_id) DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE planning_plageouverture
    ADD CONSTRAINT plage_lieu_of_organisation FOREIGN KEY (lieu_id, organisation_id)
        REFERENCES motifs_lieu (id, organisation_id) DEFERRABLE INITIALLY IMMEDIATE;

CREATE FUNCTION planning_refuse(what text, how text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', what USING ERRCODE = 'check_violation', CONSTRAINT = how;
END $$;

CREATE FUNCTION planning_plagemotif_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT p.organisation_id FROM planning_plageouverture p WHERE p.id = NEW.plage_id)
       IS DISTINCT FROM (SELECT m.organisation_id FROM motifs_motif m WHERE m.id = NEW.motif_id)
    THEN
        PERFORM planning_refuse(
            'La plage et le motif sont de deux organisations.', 'plage_motif_of_organisation');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER planning_plagemotif_check BEFORE INSERT OR UPDATE ON planning_plagemotif
    FOR EACH ROW EXECUTE FUNCTION planning_plagemotif_check();

CREATE FUNCTION planning_participation_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT u.territoire_id FROM usagers_usager u WHERE u.id = NEW.usager_id)
       IS DISTINCT FROM (SELECT o.territoire_id FROM planning_rdv r
                           JOIN agents_organisation o ON o.id = r.organisation_id
                          WHERE r.id = NEW.rdv_id)
    THEN
        PERFORM planning_refuse(
            'L’usager et le RDV sont de deux territoires.', 'participation_of_territoire');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER planning_participation_check
    BEFORE INSERT OR UPDATE OF usager_id, rdv_id ON planning_participation
    FOR EACH ROW EXECUTE FUNCTION planning_participation_check();

CREATE FUNCTION usagers_rattachement_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT u.territoire_id FROM usagers_usager u WHERE u.id = NEW.usager_id)
       IS DISTINCT FROM (SELECT o.territoire_id FROM agents_organisation o
                          WHERE o.id = NEW.organisation_id)
    THEN
        PERFORM planning_refuse(
            'L’usager et l’organisation sont de deux territoires.', 'rattachement_of_territoire');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER usagers_rattachement_check BEFORE INSERT OR UPDATE ON usagers_rattachement
    FOR EACH ROW EXECUTE FUNCTION usagers_rattachement_check();
"""
ONE_ORGANISATION_UNDO = """
DROP TRIGGER usagers_rattachement_check ON usagers_rattachement;
DROP FUNCTION usagers_rattachement_check();
DROP TRIGGER planning_participation_check ON planning_participation;
DROP FUNCTION planning_participation_check();
DROP TRIGGER planning_plagemotif_check ON planning_plagemotif;
DROP FUNCTION planning_plagemotif_check();
DROP FUNCTION planning_refuse(text, text);
ALTER TABLE planning_plageouverture DROP CONSTRAINT plage_lieu_of_organisation;
ALTER TABLE planning_rdv
    DROP CONSTRAINT rdv_lieu_of_organisation, DROP CONSTRAINT rdv_motif_of_organisation;
"""

# History and audit are append-only. The retention job alone, which says so for its transaction
# with SET LOCAL rdv.retention = 'on', may erase names and rows (decision 5).
APPEND_ONLY = """
CREATE FUNCTION rdv_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('rdv.retention', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'L’historique ne se modifie pas.'
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER planning_rdvevent_append_only BEFORE UPDATE OR DELETE ON planning_rdvevent
    FOR EACH ROW EXECUTE FUNCTION rdv_append_only();
CREATE TRIGGER agents_auditentry_append_only BEFORE UPDATE OR DELETE ON agents_auditentry
    FOR EACH ROW EXECUTE FUNCTION rdv_append_only();
"""
APPEND_ONLY_UNDO = """
DROP TRIGGER agents_auditentry_append_only ON agents_auditentry;
DROP TRIGGER planning_rdvevent_append_only ON planning_rdvevent;
DROP FUNCTION rdv_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0002_initial"),
        ("agents", "0001_initial"),
        ("motifs", "0001_initial"),
        ("usagers", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(COPY_TO_AGENDA, COPY_TO_AGENDA_UNDO),
        migrations.RunSQL(ONE_ORGANISATION, ONE_ORGANISATION_UNDO),
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_UNDO),
    ]
