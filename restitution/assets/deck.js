// The projector: one view at a time, driven by keys, clicker, touch or the speaker's page.

const NARROW = "(max-width: 700px)"; // a phone: one column that scrolls
const LARGEST = 96; // pixels of a body text
const MOST_TYPE = 1.25; // a view that says little is set larger
const SMALL = 0.68; // part of the body type under which small type is not set while it fits
const ENOUGH = 0.8; // under which words give up no more room to a drawing
const LEAST = 0.5; // under which type is no longer shrunk to fit
const PAPER = [1366, 768]; // pixels of a printed view
const SWIPE = 50; // pixels
const TYPING = 2500; // milliseconds a typed number waits for Enter
const KEYS_SAID = [
  ["→ Espace Page↓", "vue suivante"], ["← Page↑", "vue précédente"], ["Début Fin", "première, dernière vue"],
  ["12 Entrée", "aller à la vue 12"], ["g", "liste des vues"], ["?", "chercher un chiffre, une donnée, une ville"],
  ["f", "plein écran"], ["b ou .", "écran noir"], ["c", "contraste fort"], ["n", "notes de l'orateur"],
  ["t", "minuteur\u00a0: démarrer, pause"], ["v", "vue de test"], ["h", "cette aide"], ["Échap", "fermer"],
];

// --- laying out ---------------------------------------------------------------------------------

// Body type for a window: 30 px at 1366 × 768, as large for the eye at any other size.
function bodySize(width, height) {
  return Math.min(LARGEST, width / 37, height / 25.6);
}

function overflows(content) {
  return content.scrollHeight > content.clientHeight + 1 || content.scrollWidth > content.clientWidth + 1;
}

// A drawing gains the room that the words around it give up, until its own words can be read.
function legible(content) {
  const drawing = content.querySelector(".drawing");
  return !drawing || smallest(drawing).size >= SMALL * parseFloat(getComputedStyle(content.closest(".projection")).fontSize);
}

// A view is set as large as it can be whole. Small type shrinks last, and a text that would not be
// readable at all (someone's ten thousand signs) scrolls rather than being cut.
function fit(view) {
  const content = view.querySelector(".content");
  view.classList.remove("long");
  for (let scale = content.querySelector("figure") ? 1 : MOST_TYPE; scale >= LEAST; scale -= 0.03) {
    view.style.setProperty("--fit", scale.toFixed(2));
    view.style.setProperty("--floor", Math.min(SMALL, scale * 0.97).toFixed(2));
    if (!overflows(content) && (scale < ENOUGH || legible(content))) return;
  }
  view.classList.add("long");
}

function layOut(stage, views, size) {
  const [width, height] = size || [stage.clientWidth, stage.clientHeight];
  stage.style.width = size ? `${width}px` : "";
  stage.style.height = size ? `${height}px` : "";
  const narrow = !size && matchMedia(NARROW).matches;
  stage.style.setProperty("--body", narrow ? "19px" : `${bodySize(width, height)}px`);
  stage.classList.toggle("paper", Boolean(size));
  for (const view of views) {
    if (!narrow) fit(view);
    else for (const name of ["--fit", "--floor"]) view.style.removeProperty(name);
  }
}

// --- the projector ------------------------------------------------------------------------------

function projector(root, deck) {
  const stage = root.querySelector(".projection");
  const views = [...stage.querySelectorAll(".view")];
  const said = stage.appendChild(make("p", { className: "unseen", role: "status", "aria-live": "polite" }));
  const night = stage.appendChild(make("div", { className: "night", hidden: true }));
  const typed = stage.appendChild(make("p", { className: "typed", hidden: true }));
  const bar = controls(stage, deck);
  const panels = {
    search: panel(stage, "Chercher", (box) => searchPanel(box, deck.index)),
    list: panel(stage, "Aller à", (box) => listPanel(box, deck, (id) => { panels.list.close(); deck.act.go(id); })),
    help: panel(stage, "Touches", helpPanel),
    check: panel(stage, "Vue de test", (box) => checkPanel(box, views)),
  };
  const relaid = () => layOut(stage, views);
  let waiting = 0;
  return {
    stage, views, panels, bar, relaid,
    printed: () => layOut(stage, views, PAPER),
    draw(state, before) {
      const rank = views.findIndex((view) => view.dataset.view === state.view);
      views.forEach((view, at) => view.classList.toggle("current", at === rank));
      bar.count.textContent = `${rank + 1}/${views.length}`;
      bar.count.setAttribute("aria-label", `${rank + 1}/${views.length}, aller à une autre vue`);
      stage.classList.toggle("contrast", state.contrast);
      night.hidden = !state.black;
      if (!before || before.view !== state.view) {
        said.textContent = `Vue ${rank + 1} sur ${views.length}\u00a0: ${deck.views[rank].title}`;
        stage.scrollTop = 0;
        views[rank].scrollTop = 0;
        history.replaceState(history.state, "", `#${views[rank].id}`);
      }
      this.tick(state);
    },
    tick(state) {
      const spent = elapsed(state.timer);
      bar.time.hidden = !spent && state.timer.since === null;
      bar.time.textContent = `${clock(spent)} / ${state.minutes}\u00a0min`;
      bar.time.classList.toggle("late", spent > state.minutes * 60000);
    },
    typing(digits) {
      clearTimeout(waiting);
      typed.hidden = !digits;
      typed.textContent = `Aller à\u00a0: ${digits}`;
      waiting = setTimeout(() => deck.act.forget(), TYPING);
    },
  };
}

function controls(stage, deck) {
  const pressed = (words, name, press, hint) => {
    const made = make("button", { type: "button", title: hint }, words);
    made.setAttribute("aria-label", name);
    made.addEventListener("click", press);
    return made;
  };
  const time = make("span", { className: "time", hidden: true });
  const count = pressed("", "Aller à une vue", () => deck.act.open("list"), "Touche g");
  const quit = deck.quit ? [make("a", { href: deck.quit, target: "_self" }, "Quitter (Échap)")] : [];
  const help = pressed("Aide", "Aide\u00a0: les touches", () => deck.act.open("help"), "Touche h");
  help.className = "keyboard";
  stage.append(make("nav", { className: "bar", "aria-label": "Projection" }, ...quit, time,
    pressed("Chercher", "Chercher", () => deck.act.open("search"), "Touche ?"),
    help,
    pressed("‹", "Vue précédente", () => deck.act.previous(), "Flèche gauche"), count,
    pressed("›", "Vue suivante", () => deck.act.next(), "Flèche droite")));
  return { time, count };
}

// --- panels over the view -----------------------------------------------------------------------

// A modal panel, filled when it is first opened.
function panel(stage, title, fill) {
  const close = make("button", { type: "button", className: "close" }, "Fermer (Échap)");
  const inside = make("div", { className: "inside" });
  const box = stage.appendChild(make("dialog", { "aria-label": title }, close, inside));
  let refresh = null;
  close.addEventListener("click", () => box.close());
  return {
    get open() { return box.open; },
    show() {
      refresh = refresh || fill(inside) || (() => {});
      box.showModal();
      refresh();
    },
    close: () => box.close(),
  };
}

function listPanel(box, deck, go) {
  const items = deck.views.map((view, rank) => {
    const made = make("button", { type: "button" }, `${rank + 1}. ${view.title}`);
    made.addEventListener("click", () => go(view.id));
    return make("li", {}, made);
  });
  box.append(make("h2", {}, "Aller à"), make("ul", { className: "jump" }, ...items));
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = items.findIndex((item) => item.contains(event.target));
    items[(at + step + items.length) % items.length].firstChild.focus();
  });
  return () => items[deck.rank()].firstChild.focus();
}

function helpPanel(box) {
  const rows = KEYS_SAID.map(([keys, words]) => make("div", {}, make("dt", {}, keys), make("dd", {}, words)));
  box.append(make("h2", {}, "Touches"), make("dl", { className: "keys" }, ...rows));
}

// --- what can be done ---------------------------------------------------------------------------

function actions(deck, state, screen) {
  const rank = () => deck.views.findIndex((view) => view.id === state().get().view);
  let digits = "";
  const show = (patch) => state().set(patch);
  // A dark screen lights up again on the view it hid: nobody loses their place.
  const move = (to) => {
    if (state().get().black) return show({ black: false });
    const kept = Math.max(0, Math.min(deck.views.length - 1, to));
    if (kept !== rank()) show({ view: deck.views[kept].id });
  };
  const act = {
    next: () => move(rank() + 1),
    previous: () => move(rank() - 1),
    first: () => move(0),
    last: () => move(deck.views.length - 1),
    go: (id) => move(deck.views.findIndex((view) => view.id === id)),
    black: () => show({ black: !state().get().black }),
    contrast: () => show({ contrast: !state().get().contrast }),
    timer: () => show({ timer: toggled(state().get().timer) }),
    reset: () => show({ timer: { before: 0, since: null } }),
    minutes: (count) => show({ minutes: count }),
    notes: () => state().add(window.open(deck.notesAddress, `notes-${deck.channel}`)),
    digit(figure) { digits = (digits + figure).slice(-3); screen().typing(digits); },
    forget() { digits = ""; screen().typing(""); },
    enter() { if (digits) move(Number(digits) - 1); act.forget(); },
    open(name) { screen().panels[name].show(); },
    full: fullScreen,
    leave() {
      if (state().get().black) act.black();
      else if (document.fullscreenElement) document.exitFullscreen();
      else if (deck.quit) window.location.assign(deck.quit);
    },
  };
  deck.rank = rank;
  return act;
}

// Escape is kept for closing a panel where the browser allows it: full screen is not left for that.
function fullScreen() {
  if (document.fullscreenElement) return document.exitFullscreen();
  const asked = document.documentElement.requestFullscreen && document.documentElement.requestFullscreen();
  if (asked) asked.then(() => navigator.keyboard && navigator.keyboard.lock && navigator.keyboard.lock(["Escape"])).catch(() => {});
  return asked;
}

// --- keys, clicks, touch ------------------------------------------------------------------------

const BOTH = {
  ArrowRight: "next", " ": "next", PageDown: "next", ArrowDown: "next", ArrowLeft: "previous", PageUp: "previous",
  ArrowUp: "previous", Home: "first", End: "last", b: "black", ".": "black", c: "contrast", t: "timer",
};
const SHOWN = { f: "full", n: "notes", Enter: "enter", Escape: "leave" };
const PANELS = { g: "list", h: "help", v: "check", "?": "search" };

function isField(element) {
  return Boolean(element && element.matches("input, select, textarea"));
}

// The figure of a key, whatever the keyboard: on a French one the row of figures asks for Shift.
function figure(event) {
  const found = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  return found && !"?.".includes(event.key) ? found[1] : null;
}

function pressed(event, root, act, screen) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const focused = root.activeElement;
  const open = screen && Object.entries(screen.panels).find(([, one]) => one.open);
  if (open) return inPanel(event, focused, ...open);
  if (isField(focused)) return;
  event.stopImmediatePropagation(); // Streamlit has keys of its own behind this page
  if (focused && focused.matches("button, a") && (event.key === "Enter" || event.key === " ")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const done = act[BOTH[key]] || (screen && act[SHOWN[key]]);
  if (done) done();
  else if (screen && PANELS[key]) act.open(PANELS[key]);
  else if (screen && figure(event)) act.digit(figure(event));
  else return;
  event.preventDefault();
}

function inPanel(event, focused, name, panel) {
  const again = PANELS[event.key] === name && !(isField(focused) && focused.value);
  if (event.key !== "Escape" && !again) return;
  event.preventDefault();
  panel.close();
}

function touched(stage, act) {
  let from = null;
  stage.addEventListener("touchstart", (event) => { from = event.changedTouches[0]; }, { passive: true });
  stage.addEventListener("touchend", (event) => {
    const to = event.changedTouches[0];
    const [across, along] = [to.clientX - from.clientX, to.clientY - from.clientY];
    if (event.target.closest("dialog") || Math.abs(across) < SWIPE || Math.abs(along) > Math.abs(across)) return;
    if (across < 0) act.next();
    else act.previous();
  }, { passive: true });
  stage.addEventListener("click", (event) => {
    const busy = event.target.closest("a, button, input, summary, details, dialog, nav") || String(getSelection());
    if (!busy && !matchMedia(NARROW).matches) act.next();
  });
}

// --- starting -----------------------------------------------------------------------------------

function asked(deck) {
  const id = window.location.hash.slice(1).replace(/^vue-/, "");
  return deck.views.some((view) => view.id === id) ? id : null;
}

// Start in a document or a shadow root that holds `.projection`; gives what stops it.
function start(root, deck, mode) {
  let screen = null;
  let state = null;
  const own = mode === "show" ? asked(deck) : null;
  const act = actions(deck, () => state, () => screen);
  deck.act = act;
  const stage = root.querySelector(".projection");
  stage.addEventListener("keydown", (event) => event.stopPropagation()); // what is typed in a panel
  if (mode === "notes") screen = notesPage(stage, deck, act);
  else screen = projector(root, deck);
  stage.classList.add("live", mode);
  const first = { view: own || deck.views[0].id, black: false, contrast: false, minutes: deck.minutes,
    timer: { before: 0, since: null } };
  state = shared(deck.channel, first, Boolean(own), (now, before) => screen.draw(now, before));
  const onKey = (event) => pressed(event, root, act, mode === "show" ? screen : null);
  const onHash = () => { const id = asked(deck); if (id) act.go(id); };
  const ticking = setInterval(() => screen.tick(state.get()), 500);
  const listeners = [["keydown", onKey, true]];
  if (mode === "show") {
    listeners.push(["hashchange", onHash], ["resize", screen.relaid], ["beforeprint", screen.printed], ["afterprint", screen.relaid]);
    touched(stage, act);
    screen.relaid();
    if (document.fonts) document.fonts.ready.then(screen.relaid);
  }
  for (const [name, heard, early] of listeners) window.addEventListener(name, heard, Boolean(early));
  screen.draw(state.get(), null);
  return () => {
    clearInterval(ticking);
    state.close();
    for (const [name, heard, early] of listeners) window.removeEventListener(name, heard, Boolean(early));
  };
}
