"""The preset list of services, common to every territoire. Undo: removes those nobody uses."""

from django.db import migrations

SERVICES = (
    ("secretariat", "Secrétariat", "Secrétariat"),
    ("mairie", "Mairie", "Mairie"),
    ("etat-civil", "État civil", "État civil"),
    ("social", "Service social", "Social"),
    ("pmi", "Protection maternelle et infantile (PMI)", "PMI"),
    ("rsa", "Insertion et RSA", "RSA"),
    ("ase", "Aide sociale à l’enfance", "ASE"),
    ("autonomie", "Autonomie et handicap", "Autonomie"),
    ("logement", "Logement", "Logement"),
    ("ccas", "Centre communal d’action sociale (CCAS)", "CCAS"),
    ("france-services", "France Services", "France Services"),
    ("conseiller-numerique", "Conseiller numérique", "Numérique"),
    ("petite-enfance", "Petite enfance", "Petite enfance"),
    ("urbanisme", "Urbanisme", "Urbanisme"),
    ("acces-au-droit", "Accès au droit", "Droit"),
    ("sante", "Centre de santé", "Santé"),
    ("vaccination", "Vaccination", "Vaccination"),
    ("emploi", "Emploi", "Emploi"),
)


def add_services(apps, schema_editor):
    service = apps.get_model("agents", "Service")
    for code, name, short_name in SERVICES:
        service.objects.get_or_create(code=code, defaults={"name": name, "short_name": short_name})


def remove_unused_services(apps, schema_editor):
    service = apps.get_model("agents", "Service")
    service.objects.filter(
        code__in=[code for code, _, _ in SERVICES],
        territoire_services=None,
        agent_services=None,
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("agents", "0001_initial")]

    operations = [migrations.RunPython(add_services, remove_unused_services)]
