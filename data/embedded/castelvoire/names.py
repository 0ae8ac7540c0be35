"""Invented names: communes, streets, schools, plants."""

from __future__ import annotations

COMMUNES = [
    "Castelvoire", "Aubrac-sous-Vaurelle", "Bricol-la-Plaine", "Charmevigne", "Dormelle-le-Gué",
    "Escarbelle", "Fontgrise-aux-Ormes", "Gourmelin", "Haute-Sarvelle", "Jonquereuil",
    "Lanvreuil", "Malvoisine-le-Haut", "Nerbigny-sur-Brisanne", "Orvelaine", "Pierrechaume",
    "Quincerolles", "Roquetaille-les-Prés", "Saint-Alvoire", "Sainte-Orbelle", "Tarnevielle",
    "Urbelac", "Valdrimont", "Verzenac-le-Vieux", "Ychelle", "Zangrouville",
    "Bois-Merlin", "Combreloup", "Drouvenac", "Étangs-la-Dame", "Forgevoire",
    "Grangelune", "Hurlevaux", "Les Trois-Colombes", "Montferrol",
]  # fmt: skip

STREETS = [
    "place du Marché-aux-Oies", "rue des Drapiers", "rue du Puits-qui-Parle", "rue Basse",
    "rue de la Halle", "ruelle des Tisserands", "rue du Four-Banal", "place de la Collégiale",
    "rue des Potiers", "rue Chante-Merle", "quai de la Brisanne", "quai des Lavandières",
    "rue du Pont-Vieux", "rue des Remparts", "rue Porte-Vaurelle", "rue du Grenier-à-Sel",
    "boulevard du Midi", "boulevard de la Gare", "avenue des Platanes", "avenue de la Plaine",
    "rue de la Tannerie", "rue des Jardiniers", "rue de la Sablière", "rue du Moulin-Neuf",
    "rue des Vergers", "rue du Lavoir", "chemin des Vignes", "rue des Acacias", "rue des Bleuets",
    "allée des Mésanges", "allée des Aubiers", "allée du Parc", "rue des Coquelicots",
    "rue de la Fonderie", "rue des Forges", "rue du Port-Sec", "impasse des Tuiliers",
    "rue de la Briqueterie", "rue du Champ-de-Foire", "avenue de Haute-Vaurelle",
    "rue du Bois-Joli", "rue des Écureuils", "chemin de la Lisière", "rue des Cerisiers",
    "rue des Peupliers", "rue du Vieux-Gué", "rue de l'Écluse", "rue des Meuniers",
    "rue du Belvédère", "rue des Carrières", "chemin des Crêtes", "rue du Clos-Rond",
    "rue des Noyers", "rue de la Fontaine-Claire", "rue du Colombier", "rue de la Prairie",
    "rue des Saules", "rue du Gué-aux-Loups", "rue de la Croix-Haute", "rue des Alouettes",
]  # fmt: skip

SCHOOLS = [
    "Les Tilleuls", "La Halle", "Chante-Merle", "Les Aubiers", "Le Vieux-Gué", "La Prairie",
    "Les Forges", "Haute-Vaurelle", "Le Colombier", "Les Meuniers", "La Sablière", "Le Belvédère",
    "Les Vergers", "Le Lavoir",
]  # fmt: skip

# genus, species, common name, share of the inventory
TREES = [
    ("Platanus", "x hispanica", "Platane commun", 0.38),
    ("Tilia", "cordata", "Tilleul à petites feuilles", 0.15),
    ("Acer", "platanoides", "Érable plane", 0.12),
    ("Aesculus", "hippocastanum", "Marronnier d'Inde", 0.07),
    ("Prunus", "avium", "Merisier", 0.06),
    ("Quercus", "robur", "Chêne pédonculé", 0.06),
    ("Carpinus", "betulus", "Charme commun", 0.05),
    ("Betula", "pendula", "Bouleau verruqueux", 0.04),
    ("Celtis", "australis", "Micocoulier", 0.03),
    ("Salix", "alba", "Saule blanc", 0.02),
    ("Ginkgo", "biloba", "Arbre aux quarante écus", 0.01),
    ("Liquidambar", "styraciflua", "Copalme d'Amérique", 0.01),
]
