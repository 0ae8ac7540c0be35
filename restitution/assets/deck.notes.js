// The speaker's page: this view and its notes, the next one, the time; it drives the projector.

const PLENTY = 200; // minutes, at most

function notesPage(stage, deck, act) {
  const at = make("p", { className: "at" });
  const title = make("h2", { "aria-live": "polite" });
  const notes = make("div", { className: "notes" });
  const next = make("p", { className: "next" });
  const past = make("strong", { className: "past" });
  const left = make("span", { className: "left" });
  const minutes = make("input", { type: "number", min: 1, max: PLENTY, id: "minutes" });
  const jump = make("select", { id: "aller" }, ...deck.views.map((view, rank) =>
    make("option", { value: view.id }, `${rank + 1}. ${view.title}`)));
  const start = button("Démarrer", "Touche t", act.timer);
  const black = button("Écran noir", "Touche b", act.black);
  minutes.addEventListener("change", () => act.minutes(Math.max(1, Math.min(PLENTY, Number(minutes.value) || 1))));
  jump.addEventListener("change", () => act.go(jump.value));
  stage.append(
    make("main", { className: "speaker" },
      make("section", {}, at, title, notes, next),
      make("aside", {},
        make("h2", {}, "Temps"), make("p", { className: "time" }, past, left),
        make("p", {}, start, button("Remettre à zéro", "", act.reset)),
        make("p", {}, make("label", { htmlFor: "minutes" }, "Durée prévue (minutes)"), minutes),
        make("h2", {}, "Projecteur"),
        make("p", {}, button("‹\u00a0Précédente", "Flèche gauche", act.previous), button("Suivante\u00a0›", "Flèche droite", act.next)),
        make("p", {}, black, button("Contraste", "Touche c", act.contrast)),
        make("p", {}, make("label", { htmlFor: "aller" }, "Aller à"), jump), ...links(deck)),
      make("p", { className: "about" }, deck.about)));
  function button(words, hint, press) {
    const made = make("button", { type: "button", title: hint }, words);
    made.addEventListener("click", press);
    return made;
  }
  return {
    draw(state) {
      const rank = deck.views.findIndex((view) => view.id === state.view);
      const shown = deck.views[rank];
      const coming = deck.views[rank + 1];
      at.textContent = `Vue ${rank + 1}/${deck.views.length}`;
      title.textContent = shown.title;
      notes.replaceChildren(...(shown.notes.length ? shown.notes : ["Pas de note pour cette vue."]).map((words) => make("p", {}, words)));
      next.textContent = coming ? `Ensuite\u00a0: ${coming.title}` : "C'est la dernière vue.";
      jump.value = state.view;
      if (document.activeElement !== minutes) minutes.value = state.minutes;
      start.textContent = state.timer.since === null ? "Démarrer" : "Pause";
      black.setAttribute("aria-pressed", String(state.black));
      black.textContent = state.black ? "Rallumer l'écran" : "Écran noir";
      this.tick(state);
    },
    tick(state) {
      const spent = elapsed(state.timer);
      const rest = state.minutes * 60000 - spent;
      past.textContent = clock(spent);
      left.textContent = rest >= 0 ? `reste ${clock(rest)}` : `dépassé de ${clock(rest)}`;
      left.classList.toggle("late", rest < 0);
    },
  };
}

function links(deck) {
  return Object.entries(deck.links || {}).map(([words, address]) =>
    make("p", {}, make("a", { href: address, target: "_blank", rel: "opener" }, words)));
}
