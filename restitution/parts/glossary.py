"""The words of the report, for who opens it without having seen the tool."""

from __future__ import annotations

from restitution.account import Account
from restitution.document import Column, Part, Table

ID, TITLE = "glossaire", "Glossaire"
WORDS = (
    (
        "Action Cœur de Ville (ACV)",
        "Programme national pour les centres de 244\u00a0villes moyennes.",
    ),
    (
        "Constatée, déclarée, supposée",
        "Vue par l'outil\u00a0; dite par quelqu'un\u00a0; tirée du seul référentiel, à vérifier.",
    ),
    (
        "Donnée indispensable, utile, de confort",
        "Sans elle le projet ne commence pas\u00a0; elle l'améliore\u00a0; elle l'agrémente.",
    ),
    ("Donnée ouverte", "Publiée, gratuite, réutilisable par tous sous une licence ouverte."),
    (
        "Intercommunalité (EPCI)",
        "Groupement de communes\u00a0: communauté de communes, d'agglomération, urbaine "
        "ou métropole.",
    ),
    (
        "Intervalle",
        "Entre deux bornes, ce que donnent les modèles ou ce que l'on ne sait pas encore.",
    ),
    ("IRIS", "Quartier d'environ 2\u00a0000\u00a0habitants, découpé par l'Insee."),
    ("Médiane", "La moitié des villes ont moins, l'autre moitié davantage."),
    ("Millésime", "Année ou version que décrit une donnée."),
    ("Moitié centrale", "Entre le quart des villes le plus bas et le quart le plus haut."),
    ("Projet", "Usage possible des données, décrit par une fiche rédigée pour cet outil."),
    (
        "Référentiel",
        "Liste, tenue par l'outil, des données que demandent les projets et de leur "
        "statut probable.",
    ),
    ("Substitut", "Version agrégée, anonymisée ou sous convention d'une donnée protégée."),
    (
        "Verdict",
        "Réponse à une question\u00a0: les données suffisent-elles pour commencer ce projet\u00a0?",
    ),
)


def part(account: Account) -> Part:
    """The same words for every territory."""
    columns = (Column("Mot", 1.4), Column("Ce que cela veut dire", 3.6))
    return Part(ID, TITLE, (Table("Mots du rapport", columns, WORDS),))
