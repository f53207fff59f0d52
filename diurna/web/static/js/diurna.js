// Attaches the modules that a page asks for with `data-behaviour`; every page works without them.
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
  onward: () => import("./onward.js"),
  thread: () => import("./thread.js"),
  vote: () => import("./vote.js"),
  recount: () => import("./recount.js"),
};

// Modules get this, for what they bring.
function attachIn(place) {
  for (const element of place.querySelectorAll("[data-behaviour]")) {
    behaviours[element.dataset.behaviour]?.()?.then?.((module) => module.attach(element, attachIn));
  }
}

attachIn(document);

// `/` leads to the search, where it can be switched off (WCAG 2.1.4); who types has `select`.
onkeydown = (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.select || localStorage.slash) return;
  event.preventDefault();
  const to = document.querySelector("#q") ?? document.querySelector("[rel=search]");
  to.focus();
  to.click();
};
