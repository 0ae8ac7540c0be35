// In the file saved the eve: the views, or the speaker's page at « #notes ».
const deck = JSON.parse(document.getElementById("deck").textContent);
const address = location.href.split("#")[0];
deck.notesAddress = `${address}#notes`;
deck.links = { "Ouvrir le projecteur": address };
start(document, deck, location.hash === "#notes" ? "notes" : "show");
