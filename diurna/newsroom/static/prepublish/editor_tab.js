// The tab "Before publishing" of the editor: filled at first, and again after each stored draft.
const SETTLE_MS = 300;
// After Wagtail's own scrolling has begun.
const LOADED_MS = 800;

let asked = 0;
let waiting;

async function fill() {
  const part = document.querySelector("[data-check-part]");
  if (!part) return;
  const mine = ++asked;
  try {
    const answer = await fetch(part.dataset.checkPart, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
    const html = await answer.text();
    // A later save has asked again meanwhile.
    if (mine === asked) part.innerHTML = html;
  } catch (error) {
    const failed = document.querySelector("[data-check-failed]");
    if (mine === asked && failed) part.replaceChildren(failed.content.cloneNode(true));
    console.warn("The check before publishing can't be reached.", error);
  }
}

function fillSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(fill, SETTLE_MS);
}

// Wagtail goes to a place only when the editor is loaded, and gently: what is drawn meanwhile stops
// it half-way. So this goes there as well, at once, when all is drawn and when a link is pressed.
const PLACE = "#:w:contentpath=";

function goTo(path) {
  const names = path.split(".").map((name) => `[data-contentpath="${CSS.escape(name)}"]`);
  let place;
  for (let length = names.length; length && !place; length -= 1) {
    place = document.querySelector(names.slice(0, length).join(" "));
  }
  if (!place) return false;
  const panel = place.closest("[role='tabpanel']");
  if (panel) document.querySelector(`[role='tab'][aria-controls='${panel.id}']`)?.click();
  // A tab fades in, and nothing scrolls to what is not drawn yet.
  setTimeout(() => place.scrollIntoView({ behavior: "instant" }), SETTLE_MS);
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(`[data-check-part] a[href*='${PLACE}']`);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (goTo(decodeURIComponent(link.href.split(PLACE)[1]))) event.preventDefault();
});

window.addEventListener("load", () => {
  if (!location.hash.startsWith(PLACE)) return;
  const path = decodeURIComponent(location.hash.slice(PLACE.length));
  setTimeout(() => goTo(path), LOADED_MS);
});

document.addEventListener("w-autosave:success", fillSoon);
fillSoon();
