// “Read later” on the cards of fronts, lists and search results: comes with what is the reader's, and
// asks once which of the stories here are on the list.
// Input: the functions of `later.js`.
export async function attach(template, { mark, press, send }) {
  const form = document.importNode(template.content.firstElementChild, true);
  const buttons = new Map();
  for (const link of document.querySelectorAll(".story__headline a")) {
    const line = link.closest(".story")?.querySelector(".story__meta");
    if (!line) continue;
    const button = form.querySelector("button").cloneNode(true);
    button.type = "button";
    // Which one it is, for who does not see beside which headline it stands.
    button.ariaLabel = `${button.textContent}: ${link.textContent}`;
    button.addEventListener("click", () =>
      press(button, form, template.dataset.failed, { address: link.pathname }));
    buttons.set(button, { link, line });
  }
  async function look() {
    const body = new FormData(form);
    body.set("do", "which");
    for (const { link } of buttons.values()) body.append("address", link.pathname);
    const { saved } = await send(form, body);
    const paths = saved.map((path) => new URL(path, location).pathname);
    for (const [button, { link }] of buttons) mark(button, paths.includes(link.pathname));
  }
  if (!buttons.size) return;
  // Where this fails there are no buttons.
  await look();
  for (const [button, { line }] of buttons) line.append(button);
  // Another page of this reader's may have changed the list meanwhile.
  addEventListener("pageshow", ({ persisted }) => persisted && look());
  addEventListener("visibilitychange", () => document.hidden || look());
}
