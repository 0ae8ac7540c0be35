// In a Streamlit component: the deck stands over the whole window, in a root of its own where no style
// of the shell reaches it, and the shell sleeps meanwhile.
export default function (component) {
  const { data } = component;
  const key = JSON.stringify([data.mode, data.html, data.deck]);
  const held = window.restitutionHeld;
  if (held && held.key === key) { held.users += 1; return () => release(window.restitutionHeld); }
  if (held) held.stop();
  const host = document.body.appendChild(document.createElement("div"));
  const root = host.attachShadow({ mode: "open" });
  const style = make("style", {}, data.style);
  const around = document.head.appendChild(make("style", {}, data.around));
  const holder = document.createElement("div");
  holder.innerHTML = data.html;
  root.append(style, ...holder.childNodes);
  const shell = document.getElementById("root");
  if (shell) shell.inert = true;
  const stop = start(root, data.deck, data.mode);
  window.restitutionHeld = { key, users: 1, stop() {
    stop(); host.remove(); around.remove();
    if (shell) shell.inert = false;
    window.restitutionHeld = null;
  } };
  return () => release(window.restitutionHeld);
}
// Streamlit may draw the component again before it lets the first go: the deck must not blink.
function release(held) {
  if (!held) return;
  held.users -= 1;
  setTimeout(() => { if (!held.users && window.restitutionHeld === held) held.stop(); }, 50);
}
