// What belongs to one reader is asked for apart from the page, once, and only by a browser that
// carries the marker cookie; by a guest's ("g") only where there are points or comments.
const MARKER = /(?:^|;\s*)diurna_marker=(\w*)/;
const STORY = "[data-behaviour=vote], [data-behaviour^=comment]";

const marker = () => document.cookie.match(MARKER)?.[1];
const account = (html) => html.match(/^<nav[^]*?<\/nav>/)?.[0];
const first = marker();
// The address changes when a reader reads on; the head is of the page that was opened.
const here = location.pathname;
const asked = new Map();
let html = "";

async function read(path = here) {
  const who = marker();
  if (who === undefined || (who === "g" && !document.querySelector(STORY))) return "";
  const page = encodeURIComponent(path);
  const answer = await fetch(`/account/fragment/?page=${page}`, { headers: { Accept: "text/html" } });
  return answer.ok ? answer.text() : "";
}

async function ask(path) {
  const template = document.createElement("template");
  const found = await read(path);
  if (path === here) html = found;
  template.innerHTML = found;
  return template.content;
}

export function personalAt(path) {
  if (!asked.has(path)) asked.set(path, ask(path));
  return asked.get(path);
}

export const personal = personalAt(here);

export async function attach(element, attachIn) {
  element.append((await personal).cloneNode(true));
  attachIn(element);
}

// A page out of the browser's memory may show somebody who has left meanwhile.
addEventListener("pageshow", async ({ persisted }) => {
  if (persisted && (marker() !== first || account(await read()) !== account(html))) location.reload();
});
