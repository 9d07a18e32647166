"""A motif that a RDV holds keeps its type (planning spec §2.1): told by a trigger.

The service waits for whoever books at the same moment (it takes the strong lock of the row, and a
new RDV takes the shared one). Undo: drops the trigger; no data is touched.
"""

from django.db import migrations

FREEZE = """
CREATE FUNCTION motifs_motif_kind_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM planning_rdv r WHERE r.motif_id = NEW.id) THEN
        PERFORM planning_refuse(
            'Des RDV ont été pris : le type du motif ne change plus.', 'motif_kind_frozen');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER motifs_motif_kind_frozen
    BEFORE UPDATE OF location_type, is_collective ON motifs_motif
    FOR EACH ROW
    WHEN ((OLD.location_type, OLD.is_collective)
          IS DISTINCT FROM (NEW.location_type, NEW.is_collective))
    EXECUTE FUNCTION motifs_motif_kind_frozen();
"""
FREEZE_UNDO = """
DROP TRIGGER motifs_motif_kind_frozen ON motifs_motif;
DROP FUNCTION motifs_motif_kind_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0004_long_rdv_index"),
        ("motifs", "0001_initial"),
    ]

    operations = [migrations.RunSQL(FREEZE, FREEZE_UNDO)]
