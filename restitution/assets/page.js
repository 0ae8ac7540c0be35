/* Charts that answer, tables that filter. Without this script the page says everything. */
(() => {
  "use strict";
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const text = (node) => node.textContent.replace(/\s+/g, " ").trim();

  // A long table: rows that hold the words and bear the status.
  for (const bar of document.querySelectorAll(".filter")) {
    const rows = [...document.getElementById(bar.dataset.table).tBodies[0].rows];
    const [search, status, said] = ["input", "select", "output"].map((name) => bar.querySelector(name));
    const of = (row) => {
      const cell = row.cells[bar.dataset.column];
      return text(cell.querySelector(".sign > span:last-child") || cell);
    };
    const apply = () => {
      const words = plain(search.value).split(/\s+/);
      const left = rows.filter((row) => {
        const held = plain(row.textContent);
        const kept = (!status?.value || of(row) === text(status.selectedOptions[0])) && words.every((one) => held.includes(one));
        row.hidden = !kept;
        return kept;
      }).length;
      said.textContent = left === rows.length ? "" : left ? `${left} sur ${rows.length}` : "Aucune ligne ne correspond.";
    };
    search.addEventListener("input", apply);
    status?.addEventListener("change", apply);
    bar.hidden = false;
  }

  // Under each chart its table, folded until asked; paper always shows it.
  for (const button of document.querySelectorAll(".toggle")) {
    const values = document.getElementById(button.getAttribute("aria-controls"));
    const fold = (closed) => {
      values.classList.toggle("folded", closed);
      button.setAttribute("aria-expanded", String(!closed));
    };
    button.addEventListener("click", () => fold(!values.classList.contains("folded")));
    button.hidden = false;
    fold(true);
  }

  // What one points at is told in the words of the table: no figure is written twice.
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  const lines = (figure, datum) => {
    const table = figure.querySelector(".values table");
    const names = new Set(Object.values(datum || {}).filter((one) => typeof one === "string").map((one) => one.replace(/\s+/g, " ").trim()));
    const row = table && [...table.tBodies[0].rows].find((one) => names.has(text(one.cells[0])));
    if (!row) return [];
    return [...row.cells].map((cell) => (cell.dataset.label ? `${cell.dataset.label}\u00a0: ${text(cell)}` : text(cell)));
  };
  const show = (event, said) => {
    tip.hidden = !said.length;
    if (!said.length) return;
    tip.replaceChildren(...said.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(event.clientX + 12, innerWidth - width - 8))}px`;
    tip.style.top = `${event.clientY + height + 20 > innerHeight ? event.clientY - height - 12 : event.clientY + 16}px`;
  };
  addEventListener("scroll", () => (tip.hidden = true), { passive: true });

  // A chart of rows is drawn again for a narrow place, down to where its words would meet; beyond,
  // and for the others, it shrinks as a picture does.
  const NARROWEST = 520;
  const fitted = (spec, figure) => {
    const drawing = figure.querySelector(".drawing");
    const taken = Number(drawing.querySelector(".still svg").getAttribute("width"));
    const left = Math.max(NARROWEST, drawing.clientWidth);
    const rows = spec.width && typeof spec.height === "object";
    return rows && taken > left ? { ...spec, width: spec.width - Math.round(taken - left) } : spec;
  };
  const wake = async (figure) => {
    const live = figure.querySelector(".live");
    const spec = JSON.parse(figure.querySelector(".spec").textContent);
    const fit = fitted(spec, figure);
    figure.classList.add("alive");
    try {
      // `ast`: expressions are read one by one, nothing is ever compiled from a text.
      const { view } = await vegaEmbed(live, fit, { ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: false });
      view.addEventListener("mousemove", (event, item) => show(event, item ? lines(figure, item.datum) : []));
      view.addEventListener("click", (event, item) => show(event, item ? lines(figure, item.datum) : []));
      live.addEventListener("mouseleave", () => (tip.hidden = true));
    } catch {
      figure.classList.remove("alive");
    }
  };
  const seen = new IntersectionObserver((found) => {
    for (const one of found.filter((entry) => entry.isIntersecting)) {
      seen.unobserve(one.target);
      wake(one.target);
    }
  }, { rootMargin: "400px" });
  document.querySelectorAll("figure.chart").forEach((figure) => seen.observe(figure));
})();
