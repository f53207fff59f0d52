// What belongs to one reader (a name, the way to the desk, the own vote) is asked for apart from the
// page, once, and only by a browser that carries the marker cookie.
const MARKER = /(?:^|;\s*)diurna_marker=/;

async function ask() {
  const template = document.createElement("template");
  if (MARKER.test(document.cookie)) {
    const page = encodeURIComponent(location.pathname);
    const answer = await fetch(`/account/fragment/?page=${page}`, { headers: { Accept: "text/html" } });
    if (answer.ok) template.innerHTML = await answer.text();
  }
  return template.content;
}

export const personal = ask();

export async function attach(element) {
  element.append((await personal).cloneNode(true));
}
