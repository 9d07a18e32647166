"""Invitations, and what always holds of roles: an admin everywhere, no account for intervenants.

Undo: the reverse SQL drops triggers and functions; the tables of invitations go with their rows.
"""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

# Checked at the end of the transaction: the row of the organisation (the territoire) is held
# first, so that of two admins who leave at the same time, the second sees that the first is gone.
KEEPS_AN_ADMIN = """
CREATE FUNCTION agents_refuse(what text, how text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', what USING ERRCODE = 'check_violation', CONSTRAINT = how;
END $$;

CREATE FUNCTION agents_organisation_keeps_admin(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM agents_organisation o
      WHERE o.id = wanted AND o.archived_at IS NULL FOR NO KEY UPDATE;
    IF FOUND AND NOT EXISTS (
        SELECT FROM agents_roleorganisation r JOIN agents_agent a ON a.id = r.agent_id
         WHERE r.organisation_id = wanted AND r.level = 'admin' AND a.deactivated_at IS NULL)
    THEN
        PERFORM agents_refuse(
            'Une organisation garde au moins un administrateur.', 'organisation_keeps_an_admin');
    END IF;
END $$;

CREATE FUNCTION agents_territoire_keeps_admin(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM agents_territoire t WHERE t.id = wanted FOR NO KEY UPDATE;
    IF FOUND AND NOT EXISTS (
        SELECT FROM agents_droitterritoire d JOIN agents_agent a ON a.id = d.agent_id
         WHERE d.territoire_id = wanted AND d.is_admin AND a.deactivated_at IS NULL)
    THEN
        PERFORM agents_refuse(
            'Un territoire garde au moins un administrateur.', 'territoire_keeps_an_admin');
    END IF;
END $$;

CREATE FUNCTION agents_role_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM agents_organisation_keeps_admin(OLD.organisation_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER agents_role_leaves
    AFTER DELETE OR UPDATE OF level, organisation_id, agent_id ON agents_roleorganisation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.level = 'admin')
    EXECUTE FUNCTION agents_role_leaves();

CREATE FUNCTION agents_droit_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM agents_territoire_keeps_admin(OLD.territoire_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER agents_droit_leaves
    AFTER DELETE OR UPDATE OF is_admin, territoire_id, agent_id ON agents_droitterritoire
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.is_admin)
    EXECUTE FUNCTION agents_droit_leaves();

CREATE FUNCTION agents_agent_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM agents_organisation_keeps_admin(r.organisation_id)
       FROM agents_roleorganisation r WHERE r.agent_id = NEW.id AND r.level = 'admin';
    PERFORM agents_territoire_keeps_admin(d.territoire_id)
       FROM agents_droitterritoire d WHERE d.agent_id = NEW.id AND d.is_admin;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER agents_agent_leaves
    AFTER UPDATE OF deactivated_at ON agents_agent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.deactivated_at IS NULL AND NEW.deactivated_at IS NOT NULL)
    EXECUTE FUNCTION agents_agent_leaves();
"""
KEEPS_AN_ADMIN_UNDO = """
DROP TRIGGER agents_agent_leaves ON agents_agent;
DROP TRIGGER agents_droit_leaves ON agents_droitterritoire;
DROP TRIGGER agents_role_leaves ON agents_roleorganisation;
DROP FUNCTION agents_agent_leaves();
DROP FUNCTION agents_droit_leaves();
DROP FUNCTION agents_role_leaves();
DROP FUNCTION agents_territoire_keeps_admin(bigint);
DROP FUNCTION agents_organisation_keeps_admin(bigint);
DROP FUNCTION agents_refuse(text, text);
"""

# At the end of the transaction too: a conversion changes both rows.
INTERVENANTS = """
CREATE FUNCTION agents_intervenant_check(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM agents_roleorganisation r JOIN agents_agent a ON a.id = r.agent_id
         WHERE a.id = wanted AND (r.level = 'intervenant') <> (a.account_id IS NULL))
    THEN
        PERFORM agents_refuse(
            'Un intervenant n’a pas de compte ; les autres agents en ont un.',
            'role_intervenant_without_account');
    END IF;
END $$;

CREATE FUNCTION agents_role_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM agents_intervenant_check(NEW.agent_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER agents_role_check
    AFTER INSERT OR UPDATE OF level, agent_id ON agents_roleorganisation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION agents_role_check();

CREATE FUNCTION agents_account_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM agents_intervenant_check(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER agents_account_check
    AFTER UPDATE OF account_id ON agents_agent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.account_id IS DISTINCT FROM NEW.account_id)
    EXECUTE FUNCTION agents_account_check();
"""
INTERVENANTS_UNDO = """
DROP TRIGGER agents_account_check ON agents_agent;
DROP TRIGGER agents_role_check ON agents_roleorganisation;
DROP FUNCTION agents_account_check();
DROP FUNCTION agents_role_check();
DROP FUNCTION agents_intervenant_check(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0007_administration"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("email", models.EmailField(max_length=254, verbose_name="adresse e-mail")),
                (
                    "joins_by_accepting",
                    models.BooleanField(default=False, verbose_name="rejoint en acceptant"),
                ),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="empreinte")),
                ("created_at", models.DateTimeField(verbose_name="créée le")),
                ("sent_at", models.DateTimeField(verbose_name="envoyée le")),
                ("expires_at", models.DateTimeField(verbose_name="expire le")),
                (
                    "accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="acceptée le"),
                ),
                (
                    "cancelled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="annulée le"),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="agents.agent",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitations_sent",
                        to="agents.agent",
                        verbose_name="invité par",
                    ),
                ),
                (
                    "territoire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="agents.territoire",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
            },
        ),
        migrations.CreateModel(
            name="InvitationService",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitation_services",
                        to="agents.invitation",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitation_services",
                        to="agents.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "service proposé",
                "verbose_name_plural": "services proposés",
            },
        ),
        migrations.AddField(
            model_name="invitation",
            name="waiting_services",
            field=models.ManyToManyField(
                related_name="invitations", through="agents.InvitationService", to="agents.service"
            ),
        ),
        migrations.CreateModel(
            name="InvitationRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("basique", "Basique"),
                            ("admin", "Administrateur"),
                            ("intervenant", "Intervenant"),
                        ],
                        max_length=12,
                        verbose_name="niveau",
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waiting_roles",
                        to="agents.invitation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waiting_roles",
                        to="agents.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "rôle proposé",
                "verbose_name_plural": "rôles proposés",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("invitation"),
                        models.F("organisation"),
                        name="invitation_role_once",
                        violation_error_message="L’invitation propose déjà cette organisation.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ("basique", "admin"))),
                        name="invitation_role_signs_in",
                        violation_error_message="Un intervenant n’est pas invité : il n’a pas de compte.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="invitationservice",
            constraint=models.UniqueConstraint(
                models.F("invitation"),
                models.F("service"),
                name="invitation_service_once",
                violation_error_message="L’invitation propose déjà ce service.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                models.F("agent"),
                models.F("territoire"),
                condition=models.Q(("accepted_at", None), ("cancelled_at", None)),
                name="invitation_one_pending",
                violation_error_message="Cette adresse est déjà invitée dans ce territoire.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("accepted_at", None), ("cancelled_at", None), _connector="OR"),
                name="invitation_ends_once",
                violation_error_message="Une invitation est acceptée ou annulée, pas les deux.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("sent_at"))),
                name="invitation_expires_after_sending",
                violation_error_message="Une invitation expire après son envoi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")),
                name="invitation_holds_a_digest",
                violation_error_message="Seule l’empreinte du lien est conservée.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("email", django.db.models.functions.text.Lower("email")),
                    models.Q(("email", ""), _negated=True),
                ),
                name="invitation_email_lower_case",
                violation_error_message="L’adresse e-mail s’écrit en minuscules.",
            ),
        ),
        migrations.RunSQL(KEEPS_AN_ADMIN, KEEPS_AN_ADMIN_UNDO),
        migrations.RunSQL(INTERVENANTS, INTERVENANTS_UNDO),
    ]
