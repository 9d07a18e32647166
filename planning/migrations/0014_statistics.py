"""Counts of the statistics, and the triggers that say which days are to be recounted.

Triggers, and not services: a day is recounted whatever wrote the row, a merge, a bulk act, a purge
or a hand in psql. Each adds one narrow row and reads nothing. Existing organisations are marked
whole: the first sweeps count them while the service runs.

Undo: the reverse SQL drops triggers and functions; the counts are derived, nothing is lost.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

MARK = """
CREATE FUNCTION planning_stat_mark_rdv() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO planning_statchange (kind, organisation_key, instant)
        VALUES ('rdv', OLD.organisation_id, OLD.starts_at);
    END IF;
    IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE'
       AND (OLD.organisation_id, OLD.starts_at) IS DISTINCT FROM (NEW.organisation_id, NEW.starts_at)
    THEN
        INSERT INTO planning_statchange (kind, organisation_key, instant)
        VALUES ('rdv', NEW.organisation_id, NEW.starts_at);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER planning_rdv_stat_rows AFTER INSERT OR DELETE ON planning_rdv
    FOR EACH ROW EXECUTE FUNCTION planning_stat_mark_rdv();
CREATE TRIGGER planning_rdv_stat_change AFTER UPDATE ON planning_rdv FOR EACH ROW
    WHEN ((OLD.organisation_id, OLD.motif_id, OLD.lieu_id, OLD.status, OLD.starts_at,
           OLD.hidden_at IS NULL, OLD.created_at)
          IS DISTINCT FROM
          (NEW.organisation_id, NEW.motif_id, NEW.lieu_id, NEW.status, NEW.starts_at,
           NEW.hidden_at IS NULL, NEW.created_at))
    EXECUTE FUNCTION planning_stat_mark_rdv();

CREATE FUNCTION planning_stat_mark_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.rdv_id IS NOT NULL THEN
        INSERT INTO planning_statchange (kind, rdv_key) VALUES ('rdv', OLD.rdv_id);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.rdv_id IS NOT NULL
       AND (TG_OP = 'INSERT' OR OLD.rdv_id IS DISTINCT FROM NEW.rdv_id)
    THEN
        INSERT INTO planning_statchange (kind, rdv_key) VALUES ('rdv', NEW.rdv_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER planning_agentrdv_stat_rows AFTER INSERT OR DELETE ON planning_agentrdv
    FOR EACH ROW EXECUTE FUNCTION planning_stat_mark_part();
CREATE TRIGGER planning_agentrdv_stat_change AFTER UPDATE ON planning_agentrdv FOR EACH ROW
    WHEN ((OLD.rdv_id, OLD.agent_id) IS DISTINCT FROM (NEW.rdv_id, NEW.agent_id))
    EXECUTE FUNCTION planning_stat_mark_part();
CREATE TRIGGER planning_participation_stat_rows AFTER INSERT OR DELETE ON planning_participation
    FOR EACH ROW EXECUTE FUNCTION planning_stat_mark_part();
CREATE TRIGGER planning_participation_stat_change AFTER UPDATE ON planning_participation
    FOR EACH ROW
    WHEN ((OLD.rdv_id, OLD.status, OLD.created_by_agent_id, OLD.created_by_usager_id,
           OLD.prescripteur_id)
          IS DISTINCT FROM
          (NEW.rdv_id, NEW.status, NEW.created_by_agent_id, NEW.created_by_usager_id,
           NEW.prescripteur_id))
    EXECUTE FUNCTION planning_stat_mark_part();
CREATE TRIGGER planning_offer_stat_rows AFTER INSERT OR DELETE ON planning_waitinglistoffer
    FOR EACH ROW EXECUTE FUNCTION planning_stat_mark_part();
CREATE TRIGGER planning_offer_stat_change AFTER UPDATE ON planning_waitinglistoffer FOR EACH ROW
    WHEN ((OLD.rdv_id, OLD.outcome) IS DISTINCT FROM (NEW.rdv_id, NEW.outcome))
    EXECUTE FUNCTION planning_stat_mark_part();

CREATE FUNCTION planning_stat_mark_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.organisation_id IS NOT NULL THEN
        INSERT INTO planning_statchange (kind, organisation_key, instant)
        VALUES ('message', OLD.organisation_id, OLD.created_at);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.organisation_id IS NOT NULL
       AND (TG_OP = 'INSERT' OR (OLD.organisation_id, OLD.created_at)
            IS DISTINCT FROM (NEW.organisation_id, NEW.created_at))
    THEN
        INSERT INTO planning_statchange (kind, organisation_key, instant)
        VALUES ('message', NEW.organisation_id, NEW.created_at);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER notifications_outbox_stat_rows AFTER INSERT OR DELETE ON notifications_outboxmessage
    FOR EACH ROW EXECUTE FUNCTION planning_stat_mark_message();
-- Queued and sending are one and the same for the statistics.
CREATE TRIGGER notifications_outbox_stat_change AFTER UPDATE ON notifications_outboxmessage
    FOR EACH ROW
    WHEN ((OLD.organisation_id, replace(OLD.state, 'sending', 'queued'), OLD.grouped_in_id,
           OLD.channel, OLD.created_at)
          IS DISTINCT FROM
          (NEW.organisation_id, replace(NEW.state, 'sending', 'queued'), NEW.grouped_in_id,
           NEW.channel, NEW.created_at))
    EXECUTE FUNCTION planning_stat_mark_message();

-- Another clock, other days.
CREATE FUNCTION planning_stat_mark_territoire() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO planning_statchange (kind, organisation_key)
    SELECT k.kind, o.id FROM agents_organisation o, (VALUES ('rdv'), ('message')) AS k(kind)
     WHERE o.territoire_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER agents_territoire_stat_zone AFTER UPDATE ON agents_territoire FOR EACH ROW
    WHEN (OLD.timezone IS DISTINCT FROM NEW.timezone)
    EXECUTE FUNCTION planning_stat_mark_territoire();
"""
MARK_UNDO = """
DROP TRIGGER agents_territoire_stat_zone ON agents_territoire;
DROP TRIGGER notifications_outbox_stat_change ON notifications_outboxmessage;
DROP TRIGGER notifications_outbox_stat_rows ON notifications_outboxmessage;
DROP TRIGGER planning_offer_stat_change ON planning_waitinglistoffer;
DROP TRIGGER planning_offer_stat_rows ON planning_waitinglistoffer;
DROP TRIGGER planning_participation_stat_change ON planning_participation;
DROP TRIGGER planning_participation_stat_rows ON planning_participation;
DROP TRIGGER planning_agentrdv_stat_change ON planning_agentrdv;
DROP TRIGGER planning_agentrdv_stat_rows ON planning_agentrdv;
DROP TRIGGER planning_rdv_stat_change ON planning_rdv;
DROP TRIGGER planning_rdv_stat_rows ON planning_rdv;
DROP FUNCTION planning_stat_mark_territoire();
DROP FUNCTION planning_stat_mark_message();
DROP FUNCTION planning_stat_mark_part();
DROP FUNCTION planning_stat_mark_rdv();
"""
COUNT_ALL = """
INSERT INTO planning_statchange (kind, organisation_key)
SELECT k.kind, o.id FROM agents_organisation o, (VALUES ('rdv'), ('message')) AS k(kind)
 ORDER BY o.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0007_administration"),
        ("motifs", "0004_administration"),
        ("notifications", "0005_providers_and_blocked_addresses"),
        ("planning", "0013_export"),
    ]

    operations = [
        migrations.CreateModel(
            name="StatChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("rdv", "RDV"), ("message", "message")],
                        default="rdv",
                        max_length=10,
                        verbose_name="genre",
                    ),
                ),
                ("rdv_key", models.BigIntegerField(blank=True, null=True, verbose_name="RDV")),
                (
                    "organisation_key",
                    models.BigIntegerField(blank=True, null=True, verbose_name="organisation"),
                ),
                ("instant", models.DateTimeField(blank=True, null=True, verbose_name="instant")),
            ],
            options={
                "verbose_name": "jour à recompter",
                "verbose_name_plural": "jours à recompter",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("rdv", "message"))),
                        name="stat_change_kind_known",
                        violation_error_message="Cette valeur n’est pas prévue.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "rdv"),
                                ("organisation_key__isnull", True),
                                ("rdv_key__isnull", False),
                            ),
                            models.Q(
                                ("organisation_key__isnull", False), ("rdv_key__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="stat_change_names_one_thing",
                        violation_error_message="On recompte un RDV, ou une organisation.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatRefresh",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("done_at", models.DateTimeField(verbose_name="compté à")),
            ],
            options={
                "verbose_name": "mise à jour des chiffres",
                "verbose_name_plural": "mises à jour des chiffres",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)),
                        name="stat_refresh_is_one_row",
                        violation_error_message="Les chiffres ont une seule date.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_month", models.BooleanField(default=False, verbose_name="mois entier")),
                ("day", models.DateField(verbose_name="jour")),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("sms", "SMS")],
                        max_length=10,
                        verbose_name="canal",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("sent", "Envoyés"),
                            ("pending", "En attente d’envoi"),
                            ("failed", "En échec"),
                            ("abandoned", "Abandonnés, devenus inutiles"),
                        ],
                        max_length=10,
                        verbose_name="résultat",
                    ),
                ),
                ("messages", models.PositiveIntegerField(default=0, verbose_name="messages")),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="agents.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "compte de messages",
                "verbose_name_plural": "comptes de messages",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "is_month", "day", "channel", "result"),
                        name="stat_message_once",
                        violation_error_message="Ces messages sont déjà comptés.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ("email", "sms"))),
                        name="stat_message_channel_known",
                        violation_error_message="Cette valeur n’est pas prévue.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result__in", ("sent", "pending", "failed", "abandoned"))
                        ),
                        name="stat_message_result_known",
                        violation_error_message="Cette valeur n’est pas prévue.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_month", False), ("day__day", 1), _connector="OR"),
                        name="stat_message_month_is_its_first_day",
                        violation_error_message="Un mois est compté à son premier jour.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatRdv",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_month", models.BooleanField(default=False, verbose_name="mois entier")),
                ("day", models.DateField(verbose_name="jour")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("agent", "Par un agent"),
                            ("internet", "En ligne par l’usager"),
                            ("prescripteur", "Par un prescripteur"),
                            ("waiting_list", "Par la liste d’attente"),
                        ],
                        max_length=12,
                        verbose_name="origine",
                    ),
                ),
                (
                    "unknown",
                    models.PositiveIntegerField(default=0, verbose_name="à venir ou à renseigner"),
                ),
                ("seen", models.PositiveIntegerField(default=0, verbose_name="honorés")),
                ("noshow", models.PositiveIntegerField(default=0, verbose_name="absences")),
                (
                    "excused",
                    models.PositiveIntegerField(default=0, verbose_name="annulés par l’usager"),
                ),
                (
                    "revoked",
                    models.PositiveIntegerField(default=0, verbose_name="annulés par le service"),
                ),
                ("persons", models.PositiveIntegerField(default=0, verbose_name="participations")),
                (
                    "persons_seen",
                    models.PositiveIntegerField(default=0, verbose_name="participations honorées"),
                ),
                (
                    "persons_noshow",
                    models.PositiveIntegerField(default=0, verbose_name="participations absentes"),
                ),
                (
                    "delays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="délais",
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="agents.agent",
                    ),
                ),
                (
                    "lieu",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="motifs.lieu",
                    ),
                ),
                (
                    "motif",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="motifs.motif",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="agents.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "compte de RDV",
                "verbose_name_plural": "comptes de RDV",
                "indexes": [
                    models.Index(
                        condition=models.Q(("agent__isnull", False)),
                        fields=["agent", "is_month", "day"],
                        name="stat_rdv_agent",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "organisation",
                            "agent",
                            "is_month",
                            "day",
                            "motif",
                            "lieu",
                            "origin",
                        ),
                        name="stat_rdv_once",
                        nulls_distinct=False,
                        violation_error_message="Ces RDV sont déjà comptés.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("origin__in", ("agent", "internet", "prescripteur", "waiting_list"))
                        ),
                        name="stat_rdv_origin_known",
                        violation_error_message="Cette valeur n’est pas prévue.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_month", False), ("day__day", 1), _connector="OR"),
                        name="stat_rdv_month_is_its_first_day",
                        violation_error_message="Un mois est compté à son premier jour.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(MARK, MARK_UNDO),
        migrations.RunSQL(COUNT_ALL, migrations.RunSQL.noop),
    ]
