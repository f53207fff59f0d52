// The points page's own check: what it shows, counted again from the log.
import { offer, shownOn } from "./count.js";
import { Report } from "./report.js";

export function attach(element) {
  const button = element.querySelector("button");
  element.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    const report = new Report(element.querySelector("[data-check-report]"));
    await offer(report, location.origin, location.pathname, shownOn(document));
    button.disabled = false;
  });
}
