// Votes on comments without leaving the page; each form works as it is. Heard on the list, so that
// comments that come later need nothing more.
import { personal } from "./fragment.js";
import { put } from "./vote.js";

export function attach(list) {
  const { dataset: words } = list;
  const format = new Intl.NumberFormat(list.closest("[lang]").lang, { numberingSystem: "latn" });
  const own = new Map();

  const mark = (form, value) => {
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", value !== 0 && Number(button.value) === value);
    }
  };
  const write = (form, points) => {
    form.querySelector("[data-figure=points]").textContent = format.format(points).replace("-", "−");
  };
  const say = (form, sentence) => {
    let place = form.nextElementSibling;
    if (!place?.matches(".comment__said")) {
      place = document.createElement("p");
      place.className = "comment__said";
      place.setAttribute("role", "status");
      form.after(place);
    }
    place.textContent = sentence;
  };

  list.addEventListener("submit", async (event) => {
    const form = event.target.closest(".comment__votes");
    if (!form || !event.submitter) return;
    event.preventDefault();
    if (form.dataset.busy !== undefined) return;
    form.dataset.busy = "";
    const uuid = form.dataset.vote;
    const stands = own.get(uuid) ?? 0;
    const pressed = Number(event.submitter.value);
    const wanted = pressed === stands ? 0 : pressed;
    mark(form, wanted);
    try {
      const vote = await put({ api: `/api/v1/comments/${uuid}/vote`, failed: words.failed }, wanted);
      own.set(uuid, vote.value);
      if (vote.points !== null) write(form, vote.points);
      const counted = vote.points === null ? words.later : words.counted;
      say(form, vote.sentence || (vote.value ? counted : words.back));
    } catch (error) {
      say(form, error.message);
    }
    mark(form, own.get(uuid) ?? 0);
    delete form.dataset.busy;
  });

  const show = () => {
    for (const form of list.querySelectorAll(".comment__votes")) {
      if (form.dataset.busy === undefined) mark(form, own.get(form.dataset.vote) ?? 0);
    }
  };
  show();
  new MutationObserver(show).observe(list, { childList: true, subtree: true });
  personal.then((content) => {
    const mine = content.querySelector("template[data-own-points]")?.content;
    if (!mine) return;
    for (const { dataset, value } of mine.querySelectorAll("[data-on]")) {
      if (!own.has(dataset.on)) own.set(dataset.on, Number(value));
    }
    for (const { dataset, value } of mine.querySelectorAll("[data-of]")) {
      const form = list.querySelector(`[data-vote="${dataset.of}"]`);
      if (form) write(form, Number(value));
    }
    show();
  });
}
