"""Sectors, their zones and who receives their people (G15).

Undo: the reverse drops the key, the triggers and the three tables.
"""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

GUARDS = """
ALTER TABLE agents_attribution
    ADD CONSTRAINT attribution_agent_of_organisation FOREIGN KEY (agent_id, organisation_id)
        REFERENCES agents_roleorganisation (agent_id, organisation_id) ON DELETE CASCADE
        DEFERRABLE INITIALLY IMMEDIATE;

CREATE FUNCTION agents_attribution_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT s.territoire_id FROM agents_sector s WHERE s.id = NEW.sector_id)
       IS DISTINCT FROM (SELECT o.territoire_id FROM agents_organisation o
                          WHERE o.id = NEW.organisation_id)
    THEN
        RAISE EXCEPTION 'Le secteur et l’organisation sont de deux territoires.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'attribution_of_territoire';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agents_attribution_check BEFORE INSERT OR UPDATE ON agents_attribution
    FOR EACH ROW EXECUTE FUNCTION agents_attribution_check();

CREATE FUNCTION agents_sectorzone_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (SELECT t.kind <> 'departement'
                   OR left(NEW.city_code, length(t.departement_number)) = t.departement_number
              FROM agents_sector s JOIN agents_territoire t ON t.id = s.territoire_id
             WHERE s.id = NEW.sector_id)
    THEN
        RAISE EXCEPTION 'La commune n’est pas du département.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sector_zone_of_departement';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agents_sectorzone_check BEFORE INSERT OR UPDATE ON agents_sectorzone
    FOR EACH ROW EXECUTE FUNCTION agents_sectorzone_check();

CREATE FUNCTION agents_sector_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Un secteur ne change pas de territoire.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'sector_stays_in_territoire';
END $$;
CREATE TRIGGER agents_sector_check BEFORE UPDATE OF territoire_id ON agents_sector
    FOR EACH ROW WHEN (OLD.territoire_id IS DISTINCT FROM NEW.territoire_id)
    EXECUTE FUNCTION agents_sector_check();
"""
GUARDS_UNDO = """
DROP TRIGGER agents_sector_check ON agents_sector;
DROP FUNCTION agents_sector_check();
DROP TRIGGER agents_sectorzone_check ON agents_sectorzone;
DROP FUNCTION agents_sectorzone_check();
DROP TRIGGER agents_attribution_check ON agents_attribution;
DROP FUNCTION agents_attribution_check();
ALTER TABLE agents_attribution DROP CONSTRAINT attribution_agent_of_organisation;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0010_retention"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sector",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="nom du secteur")),
                ("human_id", models.CharField(max_length=60, verbose_name="identifiant")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                (
                    "territoire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sectors",
                        to="agents.territoire",
                    ),
                ),
            ],
            options={
                "verbose_name": "secteur",
                "verbose_name_plural": "secteurs",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Attribution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attributions",
                        to="agents.agent",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attributions",
                        to="agents.organisation",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attributions",
                        to="agents.sector",
                    ),
                ),
            ],
            options={
                "verbose_name": "attribution d’un secteur",
                "verbose_name_plural": "attributions des secteurs",
            },
        ),
        migrations.CreateModel(
            name="SectorZone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "level",
                    models.CharField(
                        choices=[("city", "commune"), ("street", "rue")],
                        default="city",
                        max_length=6,
                        verbose_name="genre",
                    ),
                ),
                (
                    "city_code",
                    models.CharField(max_length=5, verbose_name="code INSEE de la commune"),
                ),
                ("city_name", models.CharField(max_length=120, verbose_name="commune")),
                (
                    "street_code",
                    models.CharField(
                        blank=True, max_length=30, verbose_name="identifiant de la rue"
                    ),
                ),
                ("street_name", models.CharField(blank=True, max_length=200, verbose_name="rue")),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="zones",
                        to="agents.sector",
                    ),
                ),
            ],
            options={
                "verbose_name": "zone d’un secteur",
                "verbose_name_plural": "zones des secteurs",
                "ordering": ["city_name", "street_name", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="sector",
            constraint=models.UniqueConstraint(
                models.F("territoire"),
                models.F("human_id"),
                name="sector_human_id_unique_in_territoire",
                violation_error_message="Un secteur du territoire a déjà cet identifiant.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sector",
            constraint=models.CheckConstraint(
                condition=models.Q(("human_id__regex", "^[a-z0-9]+([_-][a-z0-9]+)*$")),
                name="sector_human_id_readable",
                violation_error_message="L’identifiant est fait de lettres minuscules sans accent, de chiffres et de tirets.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sector",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="sector_name_not_blank",
                violation_error_message="Un secteur a un nom.",
            ),
        ),
        migrations.AddConstraint(
            model_name="attribution",
            constraint=models.UniqueConstraint(
                fields=("sector", "organisation", "agent"),
                name="attribution_once",
                nulls_distinct=False,
                violation_error_message="Cette attribution existe déjà.",
            ),
        ),
        migrations.AddIndex(
            model_name="sectorzone",
            index=models.Index(fields=["city_code"], name="sector_zone_city"),
        ),
        migrations.AddIndex(
            model_name="sectorzone",
            index=models.Index(fields=["street_code"], name="sector_zone_street"),
        ),
        migrations.AddConstraint(
            model_name="sectorzone",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ("city", "street"))),
                name="sector_zone_level_known",
                violation_error_message="Cette valeur n’est pas prévue.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectorzone",
            constraint=models.CheckConstraint(
                condition=models.Q(("city_code__regex", "^(\\d{2}|2[AB])\\d{3}$")),
                name="sector_zone_city_code_of_insee",
                violation_error_message="Un code INSEE de commune compte 5 signes, comme 62041.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectorzone",
            constraint=models.CheckConstraint(
                condition=models.Q(("city_name", ""), _negated=True),
                name="sector_zone_city_name_not_blank",
                violation_error_message="Une zone nomme sa commune.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectorzone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", "city"), ("street_code", ""), ("street_name", "")),
                    models.Q(
                        ("level", "street"),
                        models.Q(("street_code", ""), _negated=True),
                        models.Q(("street_name", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="sector_zone_street_when_level_says",
                violation_error_message="Une rue a un nom et un identifiant, une commune aucun.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectorzone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("street_code", ""),
                    models.Q(
                        ("street_code__regex", "^(\\d{2}|2[AB])\\d{3}_[0-9a-z]{1,20}$"),
                        (
                            "street_code__startswith",
                            django.db.models.functions.text.Concat(
                                models.F("city_code"), models.Value("_")
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="sector_zone_street_of_its_city",
                violation_error_message="L’identifiant d’une rue commence par le code INSEE de sa commune : 62041_0270.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectorzone",
            constraint=models.UniqueConstraint(
                condition=models.Q(("level", "city")),
                fields=("sector", "city_code"),
                name="sector_zone_city_once",
                violation_error_message="Cette commune est déjà dans le secteur.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectorzone",
            constraint=models.UniqueConstraint(
                condition=models.Q(("level", "street")),
                fields=("sector", "street_code"),
                name="sector_zone_street_once",
                violation_error_message="Cette rue est déjà dans le secteur.",
            ),
        ),
        migrations.RunSQL(GUARDS, GUARDS_UNDO),
    ]
