// “Read later”, for those who are signed in: a form that comes with what is theirs, sent without
// leaving the page.
import { personal, personalAt } from "./fragment.js";

export async function attach(place) {
  const below = place.closest("[data-path]");
  const own = await (below ? personalAt(below.dataset.path) : personal);
  const form = own.querySelector("template[data-later]")?.content.firstElementChild.cloneNode(true);
  if (!form) return;
  const button = form.querySelector("button");
  const status = document.createElement("span");
  status.className = "unseen";
  status.role = "status";
  place.append(form, status);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new FormData(form, button);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const { saved, label, detail } = await answer.json();
      if (label) {
        button.value = saved ? "remove" : "save";
        button.textContent = label;
      }
      status.textContent = label ?? detail;
    } catch {
      status.textContent = place.dataset.failed;
    }
  });
}
