// « ? »: any figure, dataset, project or town, answered in three lines.

const ANSWERED = ["On sait", "On ne sait pas", "À qui demander"];
const KINDS = { place: "Ce territoire", figure: "Chiffre", dataset: "Donnée", project: "Projet", town: "Ville" };
const MOST = 7; // results shown
const SMALL_WORDS = new Set("a au aux d de des du en et l la le les un une".split(" "));

// A name as it is compared: no accent, no punctuation, « st » read as « saint ».
function folded(text) {
  const plain = text.replace(/œ/gi, "oe").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const spelt = { st: "saint", ste: "sainte" };
  return plain.replace(/[^a-z0-9]+/g, " ").trim().split(" ").map((word) => spelt[word] || word).join(" ");
}

function askedWords(text) {
  const words = folded(text).split(" ").filter(Boolean);
  const telling = words.filter((word) => !SMALL_WORDS.has(word));
  return (telling.length ? telling : words).map((word) => (word.length > 4 ? word.replace(/s$/, "") : word));
}

function starts(words, held) {
  return words.every((word) => held.some((other) => other.startsWith(word)));
}

// 0 for the very name, then its beginning, the beginnings of its words, words beside it, inside it.
function rank(entry, whole, words) {
  if (entry.name === whole) return 0;
  if (entry.name.startsWith(whole)) return 1;
  if (starts(words, entry.words)) return 2;
  if (starts(words, [...entry.words, ...entry.beside])) return 3;
  if (words.every((word) => entry.name.includes(word))) return 4;
  return null;
}

function prepared(index) {
  return index.map((entry, order) => {
    const name = folded(entry.title);
    return { ...entry, order, name, words: name.split(" "), beside: folded(entry.also || "").split(" ") };
  });
}

// How alike two words are, from 0 to 1: pairs of letters they share.
function alike(one, other) {
  const pairs = (word) => new Set([...word].slice(1).map((letter, at) => word[at] + letter));
  const [first, second] = [pairs(one), pairs(other)];
  const shared = [...first].filter((pair) => second.has(pair)).length;
  return first.size + second.size ? (2 * shared) / (first.size + second.size) : 0;
}

// When nothing answers: what holds one of the words, or a word that looks like it.
function nearest(entries, typed) {
  const words = askedWords(typed).filter((word) => word.length > 2);
  const close = (entry) => Math.max(0, ...words.flatMap((word) => [...entry.words, ...entry.beside].map((held) =>
    (held.startsWith(word) ? 1 : held.length > 2 ? alike(word, held) : 0))));
  return entries.map((entry) => ({ entry, near: close(entry) })).filter(({ near }) => near >= 0.5)
    .sort((one, other) => other.near - one.near || one.entry.order - other.entry.order)
    .slice(0, MOST).map(({ entry }) => entry);
}

// The entries that answer, the closest name first; of two as close, the shorter.
function found(entries, typed) {
  const words = askedWords(typed);
  if (!words.length) return [];
  const ranked = entries.map((entry) => [rank(entry, folded(typed), words), entry]);
  const order = ([one, a], [other, b]) =>
    one - other || a.name.split(" ").length - b.name.split(" ").length || a.order - b.order;
  return ranked.filter(([kept]) => kept !== null).sort(order).slice(0, MOST).map(([, entry]) => entry);
}

function answer(entry) {
  const lines = entry.lines.map((words, at) =>
    make("p", {}, make("strong", {}, `${ANSWERED[at]}\u00a0: `), words),
  );
  return [make("h3", {}, entry.title), ...lines];
}

function searchPanel(panel, index) {
  const entries = prepared(index);
  const field = make("input", {
    type: "search", id: "demande", autocomplete: "off", role: "combobox", "aria-expanded": "true",
    "aria-controls": "reponses", "aria-autocomplete": "list", placeholder: "arbres, logements vacants, Arras…",
  });
  const list = make("ul", { id: "reponses", role: "listbox", "aria-label": "Résultats" });
  const said = make("div", { className: "answer", "aria-live": "polite" });
  let results = [];
  let at = 0;
  let guessed = false; // nothing has that name: the list is what comes near
  function choose(place) {
    at = Math.max(0, Math.min(results.length - 1, place));
    [...list.children].forEach((item, rank) => item.setAttribute("aria-selected", String(rank === at)));
    if (results.length) field.setAttribute("aria-activedescendant", `reponse-${at}`);
    else field.removeAttribute("aria-activedescendant");
    said.replaceChildren(...(guessed || !results.length ? [nothing()] : []), ...(results.length ? answer(results[at]) : []));
  }
  function nothing() {
    const typed = field.value.trim();
    const words = guessed ? `Rien ne porte ce nom ici\u00a0: «\u00a0${typed}\u00a0». Ce qui s'en approche\u00a0:` : typed
      ? `Rien ne porte ce nom ici\u00a0: «\u00a0${typed}\u00a0». Essayez le début d'un mot.`
      : "Tapez le début d'un mot\u00a0: un chiffre, une donnée, un projet ou une ville du programme.";
    return make("p", { className: "quiet" }, words);
  }
  function listed() {
    results = found(entries, field.value);
    guessed = !results.length;
    if (guessed) results = nearest(entries, field.value);
    guessed = guessed && results.length > 0;
    list.replaceChildren(...results.map(item));
    choose(0);
  }
  function item(entry, place) {
    const made = make("li", { id: `reponse-${place}`, role: "option" },
      make("span", { className: "kind" }, KINDS[entry.kind]), entry.title);
    made.addEventListener("click", () => choose(place));
    return made;
  }
  field.addEventListener("input", listed);
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    choose(at + step);
  });
  panel.append(make("label", { htmlFor: "demande" }, "Chercher un chiffre, une donnée, un projet, une ville"),
    field, make("div", { className: "found" }, list, said));
  return () => { field.value = ""; listed(); field.focus(); };
}
