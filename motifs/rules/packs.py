"""Motifs ready to use, by kind of organisation (G16). Pure data.

They are starting points: durations and papers are those most often asked for in France, and an
organisation changes them. All are for agents only until somebody opens them.
"""

from __future__ import annotations

from dataclasses import dataclass

SUR_PLACE, TELEPHONE, DOMICILE = "sur_place", "telephone", "domicile"


@dataclass(frozen=True)
class PackMotif:
    """`key` never changes; `service` is a code of the preset list; minutes for one person."""

    key: str
    service: str
    name: str
    minutes: int
    color: str
    location: str = SUR_PLACE
    restriction: str = ""
    instructions: str = ""
    max_persons: int = 1
    is_collective: bool = False


_PRE_DEMANDE = (
    "Faites d’abord votre pré-demande sur france-titres.gouv.fr. Chaque personne qui demande un "
    "titre doit venir, enfants compris."
)
_TITRE = (
    "Apportez, en original :\n"
    "- le numéro ou le QR code de votre pré-demande ;\n"
    "- votre ancien titre, ou la déclaration de perte ou de vol ;\n"
    "- une photo d’identité de moins de 6 mois ;\n"
    "- un justificatif de domicile de moins d’un an.\n"
    "Pour un enfant : la pièce d’identité du parent présent, et le livret de famille."
)
_PASSEPORT = f"{_TITRE}\nApportez aussi le timbre fiscal du passeport."
_REVENUS = (
    "Apportez une pièce d’identité, votre dernier avis d’impôt, vos justificatifs de ressources "
    "des trois derniers mois et un justificatif de domicile."
)
_CARNET = "Apportez le carnet de santé de votre enfant et votre carte Vitale."
_IDENTIFIANTS = (
    "Apportez une pièce d’identité, vos identifiants et mots de passe, et les courriers reçus. "
    "Un téléphone pour recevoir des codes est utile."
)

_MAIRIE = (
    PackMotif("carte-identite", "etat-civil", "Carte d’identité", 15, "#0063CB",
        restriction=_PRE_DEMANDE, instructions=_TITRE, max_persons=5),
    PackMotif("passeport", "etat-civil", "Passeport", 15, "#000091",
        restriction=_PRE_DEMANDE, instructions=_PASSEPORT, max_persons=5),
    PackMotif("carte-et-passeport", "etat-civil", "Carte d’identité et passeport", 25, "#5C4A9E",
        restriction=_PRE_DEMANDE, instructions=_PASSEPORT, max_persons=5),
    PackMotif("retrait-titre", "etat-civil", "Retrait d’un titre d’identité", 10, "#006A6F",
        instructions="Venez en personne avec votre ancien titre. Attendez le SMS qui dit que "
        "votre nouveau titre est arrivé.", max_persons=5),
    PackMotif("pacs", "etat-civil", "Déclaration de PACS", 30, "#A3286F",
        restriction="Les deux partenaires doivent venir ensemble.",
        instructions="Apportez vos pièces d’identité, vos actes de naissance de moins de 3 mois, "
        "la convention et la déclaration de PACS signées (formulaires 15725 et 15726)."),
    PackMotif("mariage", "etat-civil", "Dossier de mariage", 45, "#A94645",
        restriction="Les deux futurs époux doivent venir ensemble.",
        instructions="Apportez vos pièces d’identité, vos actes de naissance de moins de 3 mois, "
        "un justificatif de domicile chacun et les pièces d’identité des témoins."),
    PackMotif("naissance", "etat-civil", "Reconnaissance avant la naissance", 20, "#8A5A00",
        instructions="Apportez une pièce d’identité et un justificatif de domicile de moins de "
        "3 mois."),
    PackMotif("recensement", "etat-civil", "Recensement citoyen (16 ans)", 15, "#18753C",
        restriction="À faire dans les trois mois qui suivent les 16 ans.",
        instructions="Apportez votre pièce d’identité et le livret de famille."),
    PackMotif("urbanisme", "urbanisme", "Renseignement d’urbanisme", 30, "#5C6B00",
        instructions="Apportez l’adresse ou la référence cadastrale du terrain, et vos plans si "
        "vous en avez."),
)  # fmt: skip
_CCAS = (
    PackMotif("premier-accueil", "ccas", "Premier accueil social", 45, "#18753C",
        instructions=_REVENUS),
    PackMotif("aide-sociale", "ccas", "Demande d’aide sociale", 60, "#006A6F",
        instructions=_REVENUS),
    PackMotif("domiciliation", "ccas", "Domiciliation", 30, "#0063CB",
        instructions="Apportez une pièce d’identité et tout document qui montre votre lien avec "
        "la commune."),
    PackMotif("suivi-ccas", "ccas", "Suivi de mon dossier", 30, "#5C4A9E",
        instructions="Apportez les courriers reçus depuis le dernier rendez-vous."),
    PackMotif("appel-ccas", "ccas", "Être rappelé par le CCAS", 15, "#8A5A00", TELEPHONE,
        instructions="Nous vous appelons à l’heure du rendez-vous. Gardez vos documents près de "
        "vous."),
    PackMotif("visite-convivialite", "ccas", "Visite de convivialité", 60, "#A3286F", DOMICILE),
)  # fmt: skip
_SOLIDARITES = (
    PackMotif("assistante-sociale", "social", "Rencontrer un travailleur social", 45, "#5C4A9E",
        instructions="Apportez une pièce d’identité et vos derniers courriers."),
    PackMotif("assistante-telephone", "social", "Parler à un travailleur social", 30, "#006A6F",
        TELEPHONE, instructions="Nous vous appelons à l’heure du rendez-vous."),
    PackMotif("visite-domicile", "social", "Visite à domicile", 60, "#A3286F", DOMICILE),
    PackMotif("budget", "social", "Budget et dettes", 60, "#8A5A00", instructions=_REVENUS),
    PackMotif("orientation-rsa", "rsa", "Rendez-vous d’orientation RSA", 60, "#0063CB",
        instructions="Apportez votre attestation de la CAF ou de la MSA, et votre CV si vous en "
        "avez un."),
    PackMotif("impayes-loyer", "logement", "Impayés de loyer", 45, "#B34000",
        instructions="Apportez votre bail, les courriers de votre propriétaire et vos "
        "justificatifs de ressources."),
    PackMotif("apa", "autonomie", "Dossier de perte d’autonomie (APA)", 45, "#6E445A",
        instructions="Apportez une pièce d’identité et le dernier avis d’impôt.", max_persons=2),
)  # fmt: skip
_PMI = (
    PackMotif("nourrisson", "pmi", "Consultation d’enfant (0 à 6 ans)", 30, "#18753C",
        restriction="Consultation de prévention : si votre enfant est malade, appelez votre "
        "médecin.", instructions=_CARNET, max_persons=3),
    PackMotif("pesee", "pmi", "Pesée et conseils", 20, "#006A6F", instructions=_CARNET,
        max_persons=2),
    PackMotif("puericultrice", "pmi", "Conseil d’une puéricultrice", 20, "#0063CB", TELEPHONE,
        instructions="Nous vous appelons à l’heure du rendez-vous."),
    PackMotif("prenatal", "pmi", "Entretien prénatal", 60, "#A3286F",
        instructions="Apportez votre carte Vitale et votre dossier de maternité."),
    PackMotif("sage-femme-domicile", "pmi", "Visite d’une sage-femme", 60, "#6E445A", DOMICILE,
        instructions="Préparez votre carte Vitale et votre dossier de maternité."),
    PackMotif("planification", "pmi", "Contraception et sexualité", 30, "#C9191E",
        restriction="Gratuit et confidentiel, à tout âge, sans l’accord des parents."),
    PackMotif("atelier-parents", "pmi", "Atelier parents-enfants", 90, "#5C6B00",
        is_collective=True),
)  # fmt: skip
_FRANCE_SERVICES = (
    PackMotif("demarche", "france-services", "Aide à une démarche administrative", 45, "#0063CB",
        instructions=_IDENTIFIANTS),
    PackMotif("retraite", "france-services", "Préparer ma retraite", 60, "#5C4A9E",
        instructions=f"{_IDENTIFIANTS} Apportez votre relevé de carrière."),
    PackMotif("caf", "france-services", "Démarche CAF ou MSA", 30, "#18753C",
        instructions=_IDENTIFIANTS),
    PackMotif("ants", "france-services", "Carte grise et permis en ligne", 30, "#8A5A00",
        instructions=_IDENTIFIANTS),
    PackMotif("impots", "france-services", "Impôts", 30, "#000091",
        instructions=f"{_IDENTIFIANTS} Apportez votre dernier avis d’impôt."),
    PackMotif("numerique", "conseiller-numerique", "Accompagnement numérique", 60, "#006A6F",
        instructions="Apportez votre ordinateur, votre tablette ou votre téléphone si vous en "
        "avez un."),
    PackMotif("atelier-numerique", "conseiller-numerique", "Atelier numérique", 120, "#A94645",
        is_collective=True),
)  # fmt: skip

# The values of agents.models.OrganisationKind; a test fails when one has no line.
PACKS: dict[str, tuple[PackMotif, ...]] = {
    "mairie": _MAIRIE,
    "ccas": _CCAS,
    "solidarites": _SOLIDARITES,
    "pmi": _PMI,
    "france_services": _FRANCE_SERVICES,
    "other": (),
}


def pack_of(kind: str) -> tuple[PackMotif, ...]:
    return PACKS.get(kind, ())


def services_of_pack(kind: str) -> list[str]:
    """Return the codes that its motifs need, each once, in order."""
    return list(dict.fromkeys(motif.service for motif in pack_of(kind)))
