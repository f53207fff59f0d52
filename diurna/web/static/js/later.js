// “Read later”, for those who are signed in: a form that comes with what is theirs, sent without
// leaving the page. A second press takes the story off the list again.
import { personal, personalAt } from "./fragment.js";

async function send(form, body) {
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  return answer.json();
}

function mark(button, saved) {
  button.ariaPressed = saved;
  button.value = saved ? "remove" : "save";
}

// Sends what is pressed, and says beside it what went wrong.
async function press(button, form, failed, more = {}) {
  if (button.ariaBusy) return;
  button.ariaBusy = true;
  const body = new FormData(form);
  for (const [name, value] of Object.entries({ ...more, do: button.value })) body.set(name, value);
  button.parentNode.querySelector(".later__failed")?.remove();
  try {
    const { saved, detail } = await send(form, body);
    if (detail) throw new Error(detail);
    mark(button, saved);
  } catch ({ name, message }) {
    const told = document.createElement("span");
    told.className = "later__failed";
    told.role = "alert";
    button.after(told);
    // What the network or a page of errors says is nothing for readers.
    told.textContent = name === "Error" ? message : failed;
  }
  button.ariaBusy = null;
}

export async function attach(place) {
  // For the cards of a page.
  if (place.content) return (await import("./later-cards.js")).attach(place, { mark, press, send });
  const below = place.closest("[data-path]");
  const own = await (below ? personalAt(below.dataset.path) : personal);
  const form = own.querySelector("template[data-later]")?.content.firstElementChild.cloneNode(true);
  if (!form) return null;
  place.append(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    press(form.querySelector("button"), form, place.dataset.failed);
  });
  return form;
}
