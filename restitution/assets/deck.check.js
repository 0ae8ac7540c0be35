// « v »: what to look at before the audience comes in: contrast, smallest type, frames, borders.

const PAIRS = [
  ["Texte", "#17212B", "#FFFFFF"], ["Source", "#4A535D", "#FFFFFF"], ["Ouverte", "#00795A", "#FFFFFF"],
  ["À publier", "#0B63A5", "#FFFFFF"], ["Motif à préciser", "#B84A00", "#FFFFFF"],
  ["Protégée", "#6C4391", "#FFFFFF"], ["Contraste fort", "#FFFFFF", "#000000"], ["Repère", "#FFE14D", "#000000"],
];
const UNSEEN = ".unseen, .values, caption, .chart > figcaption, .toggle, title, desc, style, script"; // not for the eye
const BARELY = [["#F2F2F2", "#FFFFFF"], ["#141414", "#000000"]]; // two squares that must stay apart

function luminance(colour) {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function ratio(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function decimal(number) {
  return number.toLocaleString("fr-FR", { maximumFractionDigits: 1 });
}

// Pixels a text is really drawn at: a drawing may have been made larger or smaller.
function drawnSize(element) {
  const size = parseFloat(getComputedStyle(element).fontSize);
  const matrix = element.ownerSVGElement ? element.getScreenCTM() : null;
  return matrix ? size * Math.hypot(matrix.a, matrix.b) : size;
}

// The smallest text under an element: {size, words}; text hidden from the eye does not count.
function smallest(element) {
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let least = { size: Infinity, words: "" };
  while (walk.nextNode()) {
    const holder = walk.currentNode.parentElement;
    const words = walk.currentNode.data.trim();
    if (!words || holder.closest(UNSEEN) || !holder.getClientRects().length) continue;
    const size = drawnSize(holder);
    if (size < least.size) least = { size, words };
  }
  return least;
}

function patches() {
  const samples = PAIRS.map(([words, ink, paper]) =>
    make("span", { className: "patch", style: `color:${ink};background:${paper}` },
      `${words} ${decimal(ratio(ink, paper))}:1`));
  const barely = BARELY.map(([one, other]) =>
    make("span", { className: "pair", style: `background:${other}`, role: "img", "aria-label": "Deux tons voisins" },
      make("i", { style: `background:${one}` })));
  return [make("div", { className: "patches" }, ...samples), make("div", { className: "patches" }, ...barely,
    make("span", {}, "Chaque carré doit se distinguer de son fond\u00a0: sinon, baisser la lumière ou taper «\u00a0c\u00a0»."))];
}

function sizes(views) {
  const read = views.map((view) => ({ title: view.dataset.title, ...smallest(view.querySelector(".content")) }));
  const least = read.reduce((kept, other) => (other.size < kept.size ? other : kept));
  const bar = smallest(views[0].querySelector(".foot"));
  const floor = innerHeight / 40;
  const verdict = least.size < floor - 0.05
    ? "Trop petit\u00a0: passer en plein écran (F), rapprocher le public, ou choisir une autre définition d'écran."
    : "Assez grand.";
  return [
    `Plus petit texte des vues\u00a0: ${decimal(least.size)}\u00a0px, «\u00a0${least.words.slice(0, 60)}\u00a0» (vue «\u00a0${least.title}\u00a0»). ${verdict}`,
    `Mentions du bas de page\u00a0: ${decimal(bar.size)}\u00a0px, à ne pas lire de loin.`,
    `Fenêtre\u00a0: ${innerWidth} × ${innerHeight}\u00a0px. Un texte lisible du fond mesure au moins un quarantième de la hauteur, soit ici ${decimal(floor)}\u00a0px.`,
  ];
}

// Width and height of the largest frame of that shape inside the window.
function frameSize(shape) {
  const width = Math.min(innerWidth, innerHeight * shape);
  return { width, height: width / shape };
}

function outline(words, shape, part) {
  const { width, height } = frameSize(shape);
  return make("div", { className: `outline ${part < 1 ? "safe" : ""}`,
    style: `width:${width * part}px;height:${height * part}px` }, make("span", {}, words));
}

function checkPanel(panel, views) {
  const drawn = make("div", { className: "check" });
  panel.append(drawn);
  return () => {
    drawn.replaceChildren(
      outline("16:9", 16 / 9, 1), outline("4:3", 4 / 3, 1), outline("Bord sûr (5\u00a0%)", innerWidth / innerHeight, 0.9),
      make("div", { className: "checked" }, make("h2", {}, "Vue de test"), ...patches(),
        ...sizes(views).map((words) => make("p", {}, words)),
        make("p", {}, "Les trois cadres doivent être vus en entier. «\u00a0v\u00a0» ou Échap pour revenir.")));
  };
}
