// What the projector and the speaker's page share, and how each tells the other.

// Messages to the other windows of the same browser. A file opened from the disk may not be given
// a channel: windows that opened one another write to each other as well.
function link(name, receive) {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
  const windows = new Set(window.opener ? [window.opener] : []);
  const heard = (event) => {
    if (event.data && event.data.name === name) receive(event.data);
  };
  const written = (event) => {
    if (event.data && event.data.name === name && event.source) {
      if (!windows.has(event.source)) return;
      heard(event);
    }
  };
  if (channel) channel.addEventListener("message", heard);
  window.addEventListener("message", written);
  return {
    send(message) {
      const whole = { ...message, name };
      if (channel) channel.postMessage(whole);
      for (const other of windows) if (!other.closed) other.postMessage(whole, "*");
    },
    add(other) {
      if (other) windows.add(other);
    },
    close() {
      if (channel) channel.close();
      window.removeEventListener("message", written);
    },
  };
}

// The state that every window of a deck holds alike; the latest change wins. A window that opens
// takes the state of those already there, but keeps the view that its own address asks for.
function shared(name, first, ownView, changed) {
  let state = { ...first, stamp: 0 };
  let joined = false;
  const line = link(name, (message) => {
    if (message.kind === "hello") {
      joined = true;
      line.send({ kind: "welcome", state });
    } else if (message.kind === "welcome" && !joined) join(message.state);
    else if (message.kind === "state" && message.state.stamp > state.stamp) adopt(message.state);
  });
  function adopt(other) {
    const before = state;
    joined = true;
    state = { ...other };
    changed(state, before);
  }
  function join(other) {
    const { view } = state;
    adopt(other);
    if (ownView && view !== other.view) set({ view });
  }
  function set(patch) {
    const before = state;
    state = { ...state, ...patch, stamp: Math.max(Date.now(), state.stamp + 1) };
    joined = true;
    line.send({ kind: "state", state });
    changed(state, before);
  }
  line.send({ kind: "hello" });
  return { get: () => state, set, add: line.add, close: line.close };
}

// Milliseconds since the timer was started, pauses taken out.
function elapsed(timer) {
  return timer.before + (timer.since === null ? 0 : Date.now() - timer.since);
}

function toggled(timer) {
  return timer.since === null
    ? { before: timer.before, since: Date.now() }
    : { before: elapsed(timer), since: null };
}

// 754000 -> « 12:34 ».
function clock(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

// An element with its properties and its children; text is never read as markup.
function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}
