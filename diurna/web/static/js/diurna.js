// Attaches the small modules that a page asks for with `data-behaviour`. Each module is fetched only
// where it is used, and every page works without any of them.
const behaviours = {
  comment: () => import("./comment.js"),
  check: () => import("./check.js"),
  embed: () => import("./embed.js"),
  gif: () => import("./gif.js"),
  fragment: () => import("./fragment.js"),
  vote: () => import("./vote.js"),
  recount: () => import("./recount.js"),
};

for (const element of document.querySelectorAll("[data-behaviour]")) {
  const load = behaviours[element.dataset.behaviour];
  if (load) load().then((module) => module.attach(element));
}
