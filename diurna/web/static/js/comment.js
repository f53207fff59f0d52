// “Leave a reply” without leaving the page: draft, preview, replies in place, the reader's own
// comments. What cannot be reached this way is sent as the plain form that it is.
import { personal } from "./fragment.js";

const GUEST_FIELDS = ["name", "email", "website"];

// A store that may be off or full; the form works without.
const store = {
  get: (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  set: (key, draft) => {
    try {
      if (draft) localStorage.setItem(key, JSON.stringify(draft));
      else localStorage.removeItem(key);
    } catch {
      // Nothing is kept then.
    }
  },
};

export function attach(box) {
  const { dataset: words, lang } = box;
  const form = box.querySelector("form");
  const find = (selector) => box.querySelector(selector);
  const field = (name) => form.elements[name];
  const say = (sentence) => (find("[data-said]").textContent = sentence);
  const format = new Intl.NumberFormat(lang, { numberingSystem: "latn" });
  const home = document.createComment("");
  const body = field("body");
  const count = find("[data-count]");
  const atMost = count.textContent;
  const key = () => `diurna:draft:${words.draft}:${field("answers").value}`;
  const usual = { answers: field("answers").value, title: find("[data-title]").textContent };
  let busy = false;

  // Characters as the server counts them.
  const length = () => [...body.value].length;
  const recount = () => {
    const longest = Number(count.dataset.longest);
    const left = longest - length();
    const limit = format.format(longest);
    count.classList.toggle("reply__over", left < 0);
    if (left < 0) count.textContent = words.over.replace("OVER", format.format(-left)).replace("LIMIT", limit);
    else if (length()) count.textContent = words.left.replace("LEFT", format.format(left)).replace("LIMIT", limit);
    else count.textContent = atMost;
  };
  const keep = () => store.set(key(), body.value.trim() && { body: body.value });
  const restore = () => {
    const draft = store.get(key());
    // What was sent as a plain form and stands there now was no draft any more.
    if (draft?.sent && location.hash.startsWith("#comment-")) store.set(key(), null);
    else if (draft?.body && !body.value) {
      body.value = draft.body;
      say(words.kept);
    }
    recount();
  };

  const wrong = (name, sentence) => {
    right();
    const input = field(name);
    const place = input?.closest?.(".reply__field");
    const error = document.createElement("p");
    error.className = "reply__error";
    error.dataset.error = "";
    error.textContent = sentence;
    if (!place) {
      error.setAttribute("role", "alert");
      form.prepend(error);
      form.querySelector(".reply__post").focus();
      return;
    }
    error.id = `reply-${name}-error`;
    place.classList.add("reply__field--wrong");
    place.querySelector("label").after(error);
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", `${error.id} ${input.getAttribute("aria-describedby") ?? ""}`.trim());
    input.focus();
  };
  const right = () => {
    say("");
    for (const place of form.querySelectorAll(".reply__field--wrong")) place.classList.remove("reply__field--wrong");
    for (const error of form.querySelectorAll(".reply__error")) {
      const input = error.id && form.querySelector(`[aria-describedby~="${error.id}"]`);
      if (input) {
        input.removeAttribute("aria-invalid");
        input.setAttribute("aria-describedby", input.getAttribute("aria-describedby").replace(error.id, "").trim());
      }
      error.remove();
    }
  };

  const comment = (uuid) => document.getElementById(`comment-${uuid}`);
  const foot = (uuid) => comment(uuid)?.querySelector(".comment__foot");
  // An own comment as its writer sees it, at its place: under what it answers, else above the form.
  const show = (own) => {
    comment(own.dataset.own)?.remove();
    const above = foot(own.dataset.answers);
    if (above) above.after(own);
    else home.before(own);
    return own;
  };
  const parse = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  };

  const answer = (uuid) => {
    const above = foot(uuid);
    keep();
    field("answers").value = above ? uuid : usual.answers;
    if (above) above.after(box);
    else home.after(box);
    const name = above && comment(uuid).querySelector(".comment__name").textContent;
    find("[data-title]").textContent = above ? words.answer.replace("NAME", name) : usual.title;
    find("[data-cancel]").hidden = !above;
    find("[data-preview]").hidden = true;
    right();
    body.value = "";
    restore();
    body.focus();
  };

  const plainly = (action) => {
    store.set(key(), { body: body.value, sent: true });
    if (action) form.action = action;
    form.submit();
  };

  async function preview(action) {
    if (!body.value.trim()) return wrong("body", words.empty);
    const sent = new URLSearchParams({ body: body.value, fragment: "1" });
    try {
      const answered = await fetch(action, { method: "POST", body: sent });
      if (!answered.ok) throw new Error();
      find("[data-preview-text]").innerHTML = await answered.text();
      find("[data-preview]").hidden = false;
      find("[data-preview]").focus();
    } catch {
      plainly(action);
    }
  }

  const typed = () => {
    const sent = { body: body.value, letters: field("letters").checked };
    if (field("answers").value) sent.parent = field("answers").value;
    for (const name of GUEST_FIELDS) if (field(name)) sent[name] = field(name).value;
    const data = new FormData(form);
    if (data.get("gif_id")) sent.gif = { source: data.get("gif_source"), id: data.get("gif_id"), alt: data.get("gif_alt") ?? "" };
    return sent;
  };

  async function post() {
    let said;
    let answered;
    right();
    if (length() > Number(count.dataset.longest)) return wrong("body", count.textContent);
    say(words.busy);
    try {
      answered = await fetch(words.api, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(typed()),
      });
      said = await answered.json();
    } catch {
      return plainly();
    }
    if (!answered.ok) {
      const at = said.errors?.[0]?.location?.replace("body.", "") ?? "";
      return wrong(at, said.detail);
    }
    store.set(key(), null);
    body.value = "";
    recount();
    find("[data-preview]").hidden = true;
    if (form.elements.gif_id) form.querySelector("[name=gif_id][value='']").click();
    const page = await fetch(`${said.own}?fragment=1`).catch(() => null);
    if (!page?.ok) return location.assign(said.url || said.own);
    const own = show(parse(await page.text()).firstElementChild);
    if (!find("[data-cancel]").hidden) answer();
    own.focus();
    say(said.sentence);
  }

  form.addEventListener("submit", async (event) => {
    const action = event.submitter?.getAttribute("formaction");
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      await (action ? preview(action) : post());
    } finally {
      busy = false;
    }
  });
  body.addEventListener("input", () => {
    recount();
    keep();
  });
  find("[data-cancel] button").addEventListener("click", () => answer());
  // Heard on the document, so that comments that come later need nothing more.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-reply]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!foot(link.dataset.reply)) return;
    event.preventDefault();
    answer(link.dataset.reply);
  });
  box.before(home);
  restore();

  personal.then((content) => {
    const found = content.querySelector("template[data-own-comments]");
    if (!found) return;
    const own = found.content.cloneNode(true);
    const writer = own.querySelector("[data-writer]");
    const guest = find("[data-guest]");
    if (writer) guest?.replaceWith(writer);
    else if (guest) {
      if ("account" in found.dataset) for (const only of guest.querySelectorAll("[data-guest-only]")) only.remove();
      field("name").value ||= found.dataset.name;
    }
    form.prepend(...own.querySelectorAll("[data-told]"));
    for (const links of own.querySelectorAll("[data-of]")) {
      foot(links.dataset.of)?.append(...links.children);
    }
    for (const unseen of own.querySelectorAll("[data-own]")) show(unseen);
  });
}
