// Attaches the modules that a page asks for with `data-behaviour`; it works without.
const behaviours = {
  comment: () => import("./comment.js"),
  "comment-votes": () => import("./comment-votes.js"),
  check: () => import("./check.js"),
  embed: () => import("./embed.js"),
  gif: () => import("./gif.js"),
  fragment: () => import("./fragment.js"),
  // Not for guests ("g").
  later: () => /diurna_marker=(?!g)/.test(document.cookie) && import("./later.js"),
  notes: () => import("./notes.js"),
  onward: () => import("./read-on.js"),
  thread: () => import("./thread.js"),
  vote: () => import("./vote.js"),
  recount: () => import("./recount.js"),
};

// Modules get this, too.
function attachIn(place) {
  for (const element of place.querySelectorAll("[data-behaviour]")) {
    behaviours[element.dataset.behaviour]?.()?.then?.((module) => module.attach(element, attachIn));
  }
}

attachIn(document);

// `/` leads to the search, whose page can stop it (WCAG 2.1.4).
onkeydown = (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || localStorage.slash) return;
  if (event.target.closest("input,select,textarea,dialog,[contenteditable]")) return;
  event.preventDefault();
  const to = document.querySelector("#q") ?? document.querySelector("[rel=search]");
  to.focus();
  to.click();
};
