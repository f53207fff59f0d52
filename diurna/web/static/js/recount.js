// The points page's own check: what it shows, counted again from the log. What counts is loaded only
// when it is asked for.
export function attach(element) {
  const button = element.querySelector("button");
  element.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    const [{ offer, shownOn }, { Report }] = await Promise.all([import("./count.js"), import("./report.js")]);
    const report = new Report(element.querySelector("[data-check-report]"));
    await offer(report, location.origin, location.pathname, shownOn(document));
    button.disabled = false;
  });
}
