"""First names, last names and streets, to be combined: no real person is meant."""

from __future__ import annotations

_FIRST_NAMES = """
    Léa Chloé Inès Zoé Maëlys Héloïse Éléonore Élodie Aïcha Fatoumata Yasmine Françoise Noémie
    Anaïs Clémence Agnès Hélène Andréa Lucie Océane Manon Jeanne Rose Awa Mariama Linh Soraya
    Thérèse Gaëlle Maïwenn Solène Bérénice Aurélie Céline Joséphine Léonie Khadija Samira Nadège
    Loïc Théo Raphaël Noël Gaël Jérôme Cédric Rémi François Benoît Mathéo Joël Élie Ismaël Noé
    Mamadou Youssef Karim Mohamed Ibrahima Tuấn Luca Hugo Jules Martin Antoine Paul Louis Sacha
    Jean-Baptiste Anne-Sophie Marie-Thérèse Jean-Noël Pierre-Yves Teva Moana Heimana Wassila
    Expédit Gilberte Marie-Reine Jean-Fabrice Axelle Kévin Dylan Ophélie Grégoire Cyprien Eudes
"""
FIRST_NAMES = tuple(_FIRST_NAMES.split())

LAST_NAMES = (
    "Lefèvre", "Bérenger", "D’Arvor", "L’Hermitte", "Le Goff-Maréchal", "De La Roche-Aymon",
    "N’Dombélé", "O’Kelly", "Traoré", "Diallo", "Ben Slimane", "El Mansouri", "Nguyễn Thanh",
    "Da Silva Moreira", "García Ruiz", "Müller", "Øster", "Wołowski", "Ünal", "Çelik", "Kowalczyk",
    "Vaillant", "Grosjean", "Pâris", "Hébrard", "Noël", "Clément-Aubry", "Mercœur", "Lœwen",
    "Dupré", "Fontanel", "Marchand", "Delattre", "Carpentier", "Vasseur", "Boulanger", "Caron",
    "Leclercq", "Maillard", "Fournel", "Chassagne", "Roussillon", "Périer", "Gauthiez", "Besnard",
    "Payet", "Hoarau", "Grondin", "Técher", "Rivière", "Fontaine", "Boyer", "Dijoux", "Ramassamy",
    "Tetuanui", "Maamaatuaiahutapu", "Wamytan", "Malenfant", "Zébus", "Jean-Marie", "Sainte-Rose",
    "Lagrenée", "Quélennec", "Kerjean", "Etcheverry", "Iturralde", "Casabianca", "Schneiderlin",
    "Ruiz-Peyrat", "Aït Ouali", "Benhaddou", "Sow", "Kouassi", "Rasolofo", "Bui", "Li", "Bo",
)  # fmt: skip

BIRTH_NAMES = ("Martin", "Petit", "Désormeaux", "Lemoine", "Garnier", "Faÿ", "L’Écuyer", "Hervé")

STREETS = (
    "rue des Tisserands", "rue du Puits-Salé", "avenue de la Gare", "place du Marché-aux-Herbes",
    "chemin des Écluses", "rue de l’Abreuvoir", "allée des Érables", "rue du Général-Lambrecht",
    "impasse des Lavandières", "boulevard des Remparts", "rue Haute", "sentier de la Garenne",
    "quai des Bateliers", "rue Sœur-Rosalie", "rue de l’Ancien-Hôpital", "route de Corvannes",
)  # fmt: skip

TOWNS = (
    "96000 Arvelles-sur-Alvière", "96140 La Ferté-Brune", "96210 Saint-Aubert-des-Prés",
    "96320 Montbrun-les-Bois", "96150 Vaulnoy", "96470 Le Mesnil-Cendré",
)  # fmt: skip

CONTEXTS = (
    "Souhaite faire le point sur ses droits après une séparation.",
    "Dossier de surendettement en cours, apporte le courrier de la banque.",
    "Première demande ; orientée par la mairie de Vaulnoy.",
    "Renouvellement de la carte mobilité inclusion.",
    "A besoin d’un interprète en langue des signes.",
    "Demande d’aide pour une facture d’énergie.",
    "Ne peut pas se déplacer avant 10 h (transport scolaire).",
)
