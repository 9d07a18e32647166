"""The motifs of each organisation. `options` are fields of the model Motif."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

USAGERS, PRESCRIPTEURS, AGENTS = "usagers", "prescripteurs", "agents"
DAY = 24 * 60

CHILD_RECORD = "Apportez le carnet de santé de votre enfant."
IDENTITY_PAPERS = (
    "Apportez votre ancien titre, une photo de moins de 6 mois, un justificatif de domicile de "
    "moins d’un an et le numéro de votre pré-demande en ligne."
)
IDENTITY_RESTRICTION = (
    "Chaque personne qui demande un titre doit être présente, enfants compris. "
    "Faites d’abord votre pré-demande en ligne."
)


@dataclass(frozen=True)
class MotifPlan:
    organisations: str
    service: str
    name: str
    minutes: int
    location: str = "sur_place"
    level: str = USAGERS
    color: str = "#000091"
    options: dict[str, Any] = field(default_factory=dict)


SOLIDARITES = "mds-arvelles mds-la-ferte-brune"
PMI = "pmi-arvelles pmi-saint-aubert"

MOTIFS = (
    MotifPlan(SOLIDARITES, "social", "Rencontrer une assistante sociale", 45, color="#6a6af4",
        options={
            "restriction": "Ce rendez-vous s’adresse aux habitants du département.",
            "instructions": "Apportez vos derniers courriers et une pièce d’identité.",
            "for_secretariat": True,
        }),
    MotifPlan(SOLIDARITES, "social", "Rencontrer une assistante sociale", 30, "telephone",
        color="#009099",
        options={"instructions": "Nous vous appelons à l’heure du rendez-vous.",
                 "sectorisation_level": "agent"}),
    MotifPlan(SOLIDARITES, "social", "Visite à domicile", 60, "domicile", AGENTS, "#a558a0",
        {"instructions": "Un travailleur social vient chez vous.",
         "is_movable_by_usager": False}),
    MotifPlan(SOLIDARITES, "social", "Suivi avec mon référent", 45, color="#417dc4",
        options={"is_follow_up": True}),
    MotifPlan("mds-arvelles", "social", "Écoute et mise à l’abri", 60, level=AGENTS,
        color="#ce614a",
        options={"visibility": "invisible", "is_cancellable_by_usager": False,
                 "is_movable_by_usager": False}),
    MotifPlan(SOLIDARITES, "logement", "Impayés de loyer", 45, level=PRESCRIPTEURS,
        color="#b7a73f",
        options={"instructions": "Apportez votre bail et les courriers du propriétaire."}),
    MotifPlan("mds-arvelles", "acces-au-droit", "Point d’accès au droit", 20, "visio",
        color="#5770be",
        options={"instructions": "Le lien de la visioconférence est dans votre confirmation.",
                 "min_delay_minutes": DAY}),
    MotifPlan(PMI, "pmi", "Consultation de nourrisson (0 à 2 ans)", 30, color="#18753c",
        options={"restriction": "Consultation de prévention : si votre enfant est malade, "
                 "appelez votre médecin.", "instructions": CHILD_RECORD, "max_persons": 3}),
    MotifPlan(PMI, "pmi", "Pesée", 15, color="#00a95f",
        options={"instructions": CHILD_RECORD, "max_persons": 2}),
    MotifPlan(PMI, "pmi", "Entretien prénatal", 60, color="#c3992a",
        options={"instructions": "Apportez votre dossier de maternité.",
                 "for_secretariat": True, "sectorisation_level": "organisation"}),
    MotifPlan(PMI, "pmi", "Conseil d’une puéricultrice", 20, "telephone", color="#009081"),
    MotifPlan(PMI, "pmi", "Visite de la sage-femme", 60, "domicile", AGENTS, "#8d533e"),
    MotifPlan("france-services-montbrun", "france-services", "Démarche administrative", 30,
        color="#e18b76",
        options={"instructions": "Apportez vos identifiants et vos justificatifs.",
                 "max_delay_minutes": 60 * DAY}),
    MotifPlan("france-services-montbrun", "conseiller-numerique",
        "Apprendre à se servir d’un ordinateur", 60, color="#716043",
        options={"cancel_warning": "Les places sont rares : prévenez-nous tôt."}),
    MotifPlan("france-services-montbrun", "conseiller-numerique", "Aide en visioconférence", 30,
        "visio", PRESCRIPTEURS, "#465f9d"),
    MotifPlan("insertion-alviere", "rsa", "Rendez-vous d’orientation RSA", 60,
        level=PRESCRIPTEURS, color="#3558a2",
        options={"restriction": "Sur convocation.", "is_cancellable_by_usager": False,
                 "instructions": "Ce rendez-vous est obligatoire. Apportez votre CV."}),
    MotifPlan("insertion-alviere", "rsa", "Point d’étape RSA", 30, "telephone", AGENTS,
        "#66673d", {"visibility": "visible_and_not_notified"}),
    MotifPlan("insertion-alviere", "emploi", "Atelier CV individuel", 45, color="#297254"),
    MotifPlan("maison-autonomie", "autonomie", "Dossier de perte d’autonomie (APA)", 45,
        color="#755348",
        options={"instructions": "Apportez votre avis d’impôt et une pièce d’identité.",
                 "max_persons": 2}),
    MotifPlan("maison-autonomie", "autonomie", "Évaluation à domicile", 90, "domicile",
        AGENTS, "#8585f6"),
    MotifPlan("maison-autonomie", "autonomie", "Information sur le handicap", 30, "telephone",
        color="#0078f3"),
    MotifPlan("protection-enfance", "ase", "Entretien familial", 60, level=AGENTS,
        color="#6e445a", options={"visibility": "invisible", "max_persons": 4}),
    MotifPlan("protection-enfance", "ase", "Rencontre médiatisée", 90, level=AGENTS,
        color="#a94645", options={"max_persons": 4, "is_cancellable_by_usager": False}),
    MotifPlan("mairie-corvannes", "etat-civil", "Passeport", 20, color="#000091",
        options={"restriction": IDENTITY_RESTRICTION, "instructions": IDENTITY_PAPERS,
                 "max_persons": 5, "max_delay_minutes": 120 * DAY}),
    MotifPlan("mairie-corvannes", "etat-civil", "Carte d’identité", 15, color="#417dc4",
        options={"restriction": IDENTITY_RESTRICTION, "instructions": IDENTITY_PAPERS,
                 "max_persons": 5, "max_delay_minutes": 120 * DAY}),
    MotifPlan("mairie-corvannes", "etat-civil", "Passeport et carte d’identité", 20,
        color="#6a6af4",
        options={"restriction": IDENTITY_RESTRICTION, "instructions": IDENTITY_PAPERS,
                 "max_persons": 5, "max_delay_minutes": 120 * DAY}),
    MotifPlan("mairie-corvannes", "etat-civil", "Retrait d’un titre d’identité", 15,
        color="#009099", options={"instructions": "Apportez votre ancien titre."}),
    MotifPlan("mairie-corvannes", "etat-civil", "Dossier de mariage ou de PACS", 45,
        color="#ce614a", options={"max_persons": 2}),
    MotifPlan("mairie-corvannes", "urbanisme", "Permis de construire", 30, "telephone",
        color="#716043"),
    MotifPlan("ccas-corvannes", "ccas", "Aide sociale : premier accueil", 45, color="#18753c",
        options={"instructions": "Apportez vos justificatifs de revenus."}),
    MotifPlan("ccas-corvannes", "ccas", "Domiciliation", 30, level=PRESCRIPTEURS,
        color="#c3992a"),
    MotifPlan("ccas-corvannes", "ccas", "Visite de convivialité", 60, "domicile", AGENTS,
        "#a558a0"),
    MotifPlan("mairie-saint-expedit", "etat-civil", "Passeport ou carte d’identité", 20,
        color="#000091",
        options={"restriction": IDENTITY_RESTRICTION, "instructions": IDENTITY_PAPERS,
                 "max_persons": 5}),
    MotifPlan("mairie-saint-expedit", "pmi", "Pesée", 15, color="#00a95f",
        options={"instructions": CHILD_RECORD}),
)  # fmt: skip
