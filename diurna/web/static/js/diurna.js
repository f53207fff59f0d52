// Attaches the small modules that a page asks for with `data-behaviour`. Each module is fetched only
// where it is used, and every page works without any of them.
const behaviours = {
  comment: () => import("./comment.js"),
  "comment-votes": () => import("./comment-votes.js"),
  check: () => import("./check.js"),
  embed: () => import("./embed.js"),
  gif: () => import("./gif.js"),
  fragment: () => import("./fragment.js"),
  // For accounts; a guest's marker is "g".
  later: () => /diurna_marker=(?!g)/.test(document.cookie) && import("./later.js"),
  notes: () => import("./notes.js"),
  onward: () => import("./onward.js"),
  thread: () => import("./thread.js"),
  vote: () => import("./vote.js"),
  recount: () => import("./recount.js"),
};

// Modules that bring something into the page later attach it with this, their second argument.
function attachIn(place) {
  for (const element of place.querySelectorAll("[data-behaviour]")) {
    const load = behaviours[element.dataset.behaviour];
    if (load) load()?.then?.((module) => module.attach(element, attachIn));
  }
}

attachIn(document);
