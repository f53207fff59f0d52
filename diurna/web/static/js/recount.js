// The points page's own check: what it shows, counted again from the log. What counts is loaded only
// when it is asked for.
export function attach(element) {
  const button = element.querySelector("button");
  element.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    const modules = [import("./count.js"), import("./report.js"), import("./words.js")];
    const [{ offer, shownOn }, { Report }, { learn }] = await Promise.all(modules);
    await learn(element.dataset.words, document.documentElement.lang);
    const report = new Report(element.querySelector("[data-check-report]"));
    await offer(report, location.origin, location.pathname, shownOn(document));
    button.disabled = false;
  });
}
