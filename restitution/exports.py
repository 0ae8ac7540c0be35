"""Every document one can take home: the commands, the page and the bundles read this list."""

from __future__ import annotations

from restitution import onepage, presentation, report, slides, web_page, workbook
from restitution.export import Export

EXPORTS: dict[str, Export] = {
    made.id: made
    for made in (
        Export("report", "Rapport", "rapport", {"pdf": report.as_pdf}),
        Export("onepage", "Une page pour les élus", "une_page_elus", {"pdf": onepage.as_pdf}),
        Export(
            "slides",
            "Diapositives",
            "diapositives",
            {
                "pptx": slides.as_pptx,
                "pdf": slides.as_pdf,
                "html": presentation.as_html,
            },
        ),
        Export("workbook", "Classeur", "classeur", {"xlsx": workbook.as_xlsx}),
        Export("page", "Page web", "page", {"html": web_page.as_html}),
    )
}
