"""The legal pages of a brand that has not written its own (I08). French, light markup.

Each says what is true of this product; what only the operator knows comes from the brand, and a
line of which nothing is known is left out.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Publisher:
    """Who runs the site, as far as it is known; "" otherwise."""

    site_name: str
    site_url: str
    contact: str = ""
    name: str = ""
    director: str = ""
    hosting: str = ""
    accessibility: str = ""  # what an audit found


def default_text(kind: str, publisher: Publisher) -> str:
    """Return the default page of one of the values of LegalKind."""
    return _WRITERS[kind](publisher)


def _lines(*lines: tuple[str, str]) -> str:
    return "\n".join(f"- {label} : {value}" for label, value in lines if value)


def _contact(publisher: Publisher) -> str:
    if publisher.contact:
        return f"Écrivez-nous : {publisher.contact}."
    return "Écrivez au service public auquel vous demandez un rendez-vous."


def _mentions(publisher: Publisher) -> str:
    facts = _lines(
        ("Site", f"[{publisher.site_name}]({publisher.site_url})"),
        ("Éditeur", publisher.name),
        ("Directeur de la publication", publisher.director),
        ("Hébergeur", publisher.hosting),
        ("Contact", publisher.contact),
    )
    return f"""## Éditeur et hébergeur

{facts}

## À quoi sert ce site

{publisher.site_name} permet de prendre rendez-vous avec un service public : mairie, CCAS, maison \
des solidarités, PMI, France Services. Chaque service public est responsable des rendez-vous qu’il \
propose et de ce qu’il écrit sur ses pages.

## Droits sur le contenu

Le logiciel est libre, sous licence MIT. Les textes écrits par les services publics restent les \
leurs.

## Signaler une erreur

Une information fausse, un lien mort, un contenu illicite ? {_contact(publisher)}
"""


def _cgu(publisher: Publisher) -> str:
    return f"""## Ce que vous acceptez

En prenant rendez-vous sur {publisher.site_name}, vous acceptez ces conditions. Le service est \
gratuit, et personne n’est obligé de s’en servir : vous pouvez toujours appeler le service public \
ou vous y rendre.

## Prendre un rendez-vous

- Donnez des informations exactes : elles servent à vous reconnaître et à vous prévenir.
- Un rendez-vous n’est pris qu’une fois la page de confirmation affichée.
- Prévenez-nous si vous ne pouvez pas venir : annulez depuis le lien de votre message, ou appelez. \
Le créneau servira à quelqu’un d’autre.
- Le service public peut annuler ou déplacer un rendez-vous. Il vous prévient par e-mail ou par SMS.

## Sans mot de passe

Vous retrouvez vos rendez-vous par le lien de vos messages ou par un code envoyé à votre adresse. \
Ces liens et ces codes sont pour vous : ne les transmettez à personne.

## Disponibilité

Nous faisons tout pour que le service marche jour et nuit. Il peut être arrêté pour un entretien \
ou après une panne ; les rendez-vous déjà pris restent valables.

## Abus

Prendre des rendez-vous sans intention de venir, se faire passer pour quelqu’un d’autre ou gêner \
le service entraîne l’annulation de ces rendez-vous.

## Droit applicable

Ces conditions suivent le droit français. {_contact(publisher)}
"""


def _privacy(publisher: Publisher) -> str:
    return f"{_who_reads(publisher)}\n{_how_long(publisher)}"


def _who_reads(publisher: Publisher) -> str:
    return f"""## Qui est responsable

Le territoire (département ou commune) dont dépend le service public qui vous reçoit est \
responsable de vos données. Son nom et l’adresse de son délégué à la protection des données sont \
écrits sous chaque formulaire, à « À quoi servent ces informations ? ». {publisher.site_name} les \
traite pour son compte.

## Quelles données, et pourquoi

- Votre nom, votre téléphone, votre adresse e-mail : pour prendre le rendez-vous, vous prévenir et \
vous reconnaître.
- Selon le service : date de naissance, adresse, situation familiale, numéro d’allocataire… Chaque \
formulaire ne demande que ce qui sert à vous recevoir.
- Vos rendez-vous et les messages envoyés.

Le fondement est la mission d’intérêt public du service. Vos données ne sont ni vendues, ni \
utilisées pour de la publicité.

## Qui les lit

Les agents de l’organisation qui vous reçoit. Ceux d’une autre organisation du même territoire ne \
voient qu’une fiche masquée. Rien ne passe d’un territoire à un autre. Les prestataires qui \
transportent les e-mails et les SMS ne reçoivent que ces messages ; un SMS ne dit jamais le sujet \
du rendez-vous.
"""


def _how_long(publisher: Publisher) -> str:
    return f"""## Combien de temps

- Votre fiche est rendue anonyme deux ans après votre dernier rendez-vous, votre dernière \
connexion ou son dernier changement. Vous êtes prévenu un mois avant si nous avons votre e-mail.
- Les notes d’un rendez-vous sont effacées deux ans après lui.
- Le texte des messages envoyés est effacé après six mois.
- La trace de qui a consulté ou modifié est gardée trois ans, les noms de l’historique un an.

## Cookies

Le site ne pose que des cookies nécessaires : votre session, la protection des formulaires et la \
langue choisie. Il ne mesure pas votre navigation et n’appelle aucun autre site : aucun bandeau \
n’est donc affiché.

## Vos droits

Vous pouvez voir, corriger, faire effacer ou limiter vos données, dans votre compte ou en écrivant \
au délégué du territoire. {_contact(publisher)} Si la réponse ne vous convient pas, vous pouvez \
saisir la CNIL : [cnil.fr](https://www.cnil.fr/fr/plaintes).
"""


def _accessibility(publisher: Publisher) -> str:
    return f"""## Déclaration d’accessibilité

{publisher.site_name} s’engage à être accessible à tous, selon l’article 47 de la loi du \
11 février 2005.

Accessibilité : {publisher.accessibility or _NOT_AUDITED}.

## Ce qui est fait

- Le site suit le système de design de l’État et vise le niveau AA des règles WCAG 2.1.
- Toutes les pages marchent au clavier et sans JavaScript.
- Chaque page est contrôlée par un outil automatique, dans les thèmes clair et sombre et à la \
largeur d’un téléphone. Un tel contrôle ne remplace pas un audit.

## Ce qui peut gêner

Les textes écrits par les services publics, dans la description de leurs rendez-vous, ne sont pas \
contrôlés. Le calendrier des agents a une version en liste, qui dit la même chose.

## Nous le dire

Si une page vous arrête, dites-le : nous vous donnerons l’information autrement. \
{_contact(publisher)}

## Si rien ne change

- Écrivez au [Défenseur des droits](https://formulaire.defenseurdesdroits.fr/).
- Appelez son délégué dans votre département : \
[trouver un délégué](https://www.defenseurdesdroits.fr/carte-des-delegues).
- Écrivez, sans timbre : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.
"""


_NOT_AUDITED = "non conforme, car aucun audit du référentiel RGAA n’a encore été publié"
_WRITERS = {
    "mentions": _mentions,
    "cgu": _cgu,
    "privacy": _privacy,
    "accessibility": _accessibility,
}
