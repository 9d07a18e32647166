"""A plage that takes the place of one date of a recurring plage, with other motifs or place (E02).

Undo: the triggers and the column go; such a plage stays as an exceptional one, its date left out.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# A date that is replaced must not open by itself too, nor in the agenda of somebody else.
CHECK = """
CREATE FUNCTION planning_plage_replaces_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM planning_plageexception e JOIN planning_plageouverture s ON s.id = e.plage_id
         WHERE e.id = NEW.replaces_id AND e.new_day IS NULL
           AND s.agent_id = NEW.agent_id AND s.organisation_id = NEW.organisation_id)
    THEN
        PERFORM planning_refuse(
            'La plage ne remplace pas une date de ce calendrier.', 'plage_replaces_a_free_date');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER planning_plage_replaces_check
    BEFORE INSERT OR UPDATE OF replaces_id, agent_id, organisation_id ON planning_plageouverture
    FOR EACH ROW EXECUTE FUNCTION planning_plage_replaces_check();

CREATE FUNCTION planning_plageexception_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.new_day IS NOT NULL AND EXISTS (
        SELECT FROM planning_plageouverture p WHERE p.replaces_id = NEW.id)
    THEN
        PERFORM planning_refuse(
            'Cette date est déjà remplacée par une plage.', 'plage_exception_replaced_once');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER planning_plageexception_check
    BEFORE UPDATE OF new_day ON planning_plageexception
    FOR EACH ROW EXECUTE FUNCTION planning_plageexception_check();
"""
UNDO = """
DROP TRIGGER planning_plageexception_check ON planning_plageexception;
DROP FUNCTION planning_plageexception_check();
DROP TRIGGER planning_plage_replaces_check ON planning_plageouverture;
DROP FUNCTION planning_plage_replaces_check();
"""


class Migration(migrations.Migration):
    dependencies = [("planning", "0008_rdv_bulk")]

    operations = [
        migrations.AddField(
            model_name="plageouverture",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="replacement",
                to="planning.plageexception",
                verbose_name="date remplacée",
            ),
        ),
        migrations.AddConstraint(
            model_name="plageouverture",
            constraint=models.CheckConstraint(
                condition=Q(("replaces__isnull", True), ("frequency", "none"), _connector="OR"),
                name="plage_replaces_one_date",
                violation_error_message="Une date modifiée d’une plage ne se répète pas.",
            ),
        ),
        migrations.RunSQL(CHECK, UNDO),
    ]
