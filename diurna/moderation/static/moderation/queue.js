// The queue at the desk by keys: every key presses a button of a form that works without this file.
//
// A decision is sent in the background; the thing folds into a line, the next one has the focus.
// Where the answer is not what was asked for (signed out, no network), the form is sent as ever.

const MOVES = new Set(["j", "k", "ArrowDown", "ArrowUp"]);
const LOOK_EVERY_MS = 30_000;

const queue = document.querySelector('[data-behaviour="queue"]');
if (queue) start(queue);

/** Attach keys, forms and the look at colleagues' claims to the queue. */
function start(queue) {
  const said = queue.querySelector("[data-queue-said]");
  const dialog = queue.querySelector("[data-queue-keys]");
  const bulk = queue.querySelector("[data-queue-bulk]");
  const list = queue.querySelector("[data-queue-items]");
  // The words that take decisions back, the last one last; a bulk decision is one of them.
  const undos = [...queue.querySelectorAll('[data-queue-recent] input[name="undo"]')]
    .map((field) => [field.value])
    .reverse();
  let sending = Promise.resolve();

  const items = () => [...queue.querySelectorAll(".queue-item")];
  const open = () => items().filter((item) => !("folded" in item.dataset));
  const free = () => open().filter((item) => item.getAttribute("aria-busy") !== "true");
  const ticks = () => [...queue.querySelectorAll("[data-queue-tick]")];
  const ticked = () => ticks().filter((box) => box.checked);
  const itemOf = (element) => element?.closest?.(".queue-item") ?? null;
  const byThing = (thing) => items().find((item) => item.dataset.thing === thing) ?? null;
  /** The thing in focus, while it waits and nothing is sent about it. */
  const current = () => {
    const item = itemOf(document.activeElement);
    return item && free().includes(item) ? item : null;
  };

  const say = (words) => {
    said.textContent = words;
  };

  const go = (item) => {
    (item ?? queue.querySelector("[data-queue-next]"))?.focus();
  };

  /** The next thing that waits after this one, or the first that was left out. */
  const after = (item, all = free()) => {
    const every = items();
    const place = every.indexOf(item);
    return all.find((each) => every.indexOf(each) > place) ?? all.find((each) => each !== item);
  };

  const fragment = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html.trim();
    return template.content;
  };

  /** Send a form; what it answers, or null where the form has to be sent as without this file. */
  const send = async (form, button) => {
    const body = new FormData(form, button);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return null;
      return await answer.json();
    } catch {
      return null;
    }
  };

  /** What the browser would have done by itself. */
  const sendPlainly = (form, button) => {
    form.dataset.plain = "";
    form.requestSubmit(button);
  };

  const count = (waiting) => {
    for (const place of queue.ownerDocument.querySelectorAll("[data-queue-waiting]")) {
      place.textContent = waiting;
    }
  };

  const fold = (item, html) => {
    item.removeAttribute("aria-busy");
    item.dataset.folded = "";
    item.querySelector("[data-queue-line]")?.remove();
    item.append(fragment(html));
    const tick = item.querySelector("[data-queue-tick]");
    if (tick) tick.checked = false;
    return item.querySelector('[data-queue-line] input[name="undo"]')?.value;
  };

  const fail = (item, sentence) => {
    item.removeAttribute("aria-busy");
    item.querySelector(".queue-failed")?.remove();
    const words = document.createElement("p");
    words.className = "queue-failed";
    words.textContent = sentence;
    item.querySelector("[data-queue-open]").prepend(words);
  };

  /** Send a decision about these things; they fold when it is made. */
  const decide = (form, button, about) => {
    const next = after(about.at(-1), free().filter((item) => !about.includes(item)));
    for (const item of about) item.setAttribute("aria-busy", "true");
    go(next);
    sending = sending.then(async () => {
      const answer = await send(form, button);
      if (!answer) {
        sendPlainly(form, button);
        return;
      }
      const failed = answer.failed ?? about.map(({ dataset }) => ({ ...dataset, ...answer }));
      const words = [];
      for (const { thing, html } of answer.done ?? []) {
        const item = byThing(thing);
        const word = item && fold(item, html);
        if (word) words.push(word);
      }
      for (const { thing, sentence } of failed) {
        const item = byThing(thing);
        if (item) fail(item, sentence);
      }
      if (words.length) undos.push(words);
      if ("waiting" in answer) count(answer.waiting);
      showTicked();
      const problem = failed.length === 1 ? ` ${failed[0].sentence}` : "";
      say(`${answer.said ?? ""}${problem}`.trim());
      if (form === bulk && form.elements.reason) form.elements.reason.value = "";
    });
  };

  /** Put a thing that waits again where it stood; on top where it was not on this page. */
  const unfold = (thing, html) => {
    const before = byThing(thing);
    queue.querySelector(`[data-queue-recent] li[data-thing="${thing}"]`)?.remove();
    if (!html) {
      before?.remove();
      return null;
    }
    const [item] = fragment(html).children;
    if (before) before.replaceWith(item);
    else list?.prepend(item);
    fitRules(item);
    return item;
  };

  const takeBack = (form) => {
    const known = form.elements.undo.value;
    sending = sending.then(async () => {
      const answer = await send(form);
      if (!answer) return sendPlainly(form);
      if (answer.html === undefined) return say(answer.sentence);
      const place = undos.findLastIndex((words) => words.includes(known));
      if (place >= 0) undos.splice(place, 1, ...rest(undos[place], known));
      count(answer.waiting);
      const item = unfold(answer.thing, answer.html);
      say(answer.said);
      if (item) go(item);
    });
    return sending;
  };

  const rest = (words, known) => {
    const left = words.filter((word) => word !== known);
    return left.length ? [left] : [];
  };

  /** Take the last press back: all that it decided. */
  const undoLast = async () => {
    await sending;
    // What can't be taken back is not in the way of what was decided before.
    const words = undos.pop();
    if (!words) return say(queue.dataset.nothing);
    for (const word of words.reverse()) {
      const fields = [...queue.querySelectorAll('input[name="undo"]')];
      const field = fields.find(({ value }) => value === word);
      if (field) await takeBack(field.form);
    }
  };

  const claim = (form, button) => {
    const item = itemOf(form);
    sending = sending.then(async () => {
      const answer = await send(form, button);
      if (!answer) return sendPlainly(form, button);
      if (answer.html) {
        const hadFocus = form.contains(document.activeElement);
        item.querySelector("[data-queue-claim]").replaceChildren(fragment(answer.html));
        if (hadFocus) go(item);
      }
      say(answer.said ?? answer.sentence);
    });
  };

  const showTicked = () => {
    const chosen = ticked().length;
    const place = bulk?.querySelector("[data-queue-ticked]");
    if (place) place.textContent = chosen ? `(${chosen})` : "";
    const details = bulk?.querySelector("[data-queue-bulk-details]");
    if (details && chosen > 1) details.open = true;
  };

  const tick = (boxes) => {
    if (!boxes.length) return;
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
    showTicked();
    say(bulk?.querySelector("summary")?.textContent.trim() ?? "");
  };

  const move = (by) => {
    const waiting = open();
    const here = itemOf(document.activeElement);
    if (!here) return go(waiting[0]);
    const every = items();
    const place = every.indexOf(here);
    const found =
      by > 0
        ? waiting.find((item) => every.indexOf(item) > place)
        : waiting.findLast((item) => every.indexOf(item) < place);
    go(found ?? (by > 0 ? null : here));
  };

  /** Press the button with this key: of the ticked ones' form, else of the thing in focus. */
  const press = (key) => {
    const chosen = ticked().length > 0;
    const item = current();
    const place = chosen && key !== "c" ? bulk : item;
    const button = place?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (button) button.click();
    else if (!place && free().length) go(free()[0]);
    return Boolean(button);
  };

  const keys = {
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    u: () => void undoLast(),
    x: () => tick(boxesOf(current())),
    a: () => tick(ticks().filter((box) => !("folded" in itemOf(box).dataset))),
    w: () => tick(ofWriter(current())),
    r: () => writeReason(),
    n: () => queue.querySelector("[data-queue-next]")?.click(),
    "?": () => dialog?.showModal(),
  };

  const boxesOf = (item) => [...(item?.querySelectorAll("[data-queue-tick]") ?? [])];

  const ofWriter = (item) => {
    const writer = item?.dataset.writer;
    const own = open().filter((each) => writer && each.dataset.writer === writer);
    return own.flatMap(boxesOf);
  };

  const writeReason = () => {
    const details = bulk?.querySelector("[data-queue-bulk-details]");
    if (ticked().length && details) {
      details.open = true;
      return bulk.elements.reason.focus();
    }
    current()?.querySelector("[data-queue-reason]")?.focus();
  };

  const isTyping = (target) =>
    target.isContentEditable ||
    target.matches?.("textarea, select, input:not([type=checkbox]):not([type=radio])");

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const target = event.target;
      if (isTyping(target)) {
        if (!queue.contains(target)) return;
        // The reason is written: Enter goes back to the thing, where the keys decide.
        if (event.key === "Escape" || (event.key === "Enter" && target.name === "reason")) {
          event.preventDefault();
          go(itemOf(target) ?? ticked().map(itemOf)[0] ?? open()[0]);
        }
        return;
      }
      if (queue.dataset.keys !== "on" || document.querySelector("dialog[open]")) return;
      // The desk's menu and its windows have keys of their own.
      if (target !== document.body && !queue.contains(target) && target.id !== "main") return;
      // A key that is held down moves on, and decides once.
      if (event.repeat && !MOVES.has(event.key)) return;
      if (keys[event.key]) keys[event.key]();
      else if (!press(event.key)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );

  queue.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if ("plain" in form.dataset || form.method === "dialog") return;
    if (form.matches("[data-queue-undo-form]")) {
      event.preventDefault();
      void takeBack(form);
    } else if (form.matches("[data-queue-claim-form]")) {
      event.preventDefault();
      claim(form, button);
    } else if (form.matches("[data-queue-form]")) {
      event.preventDefault();
      decide(form, button, [itemOf(form)]);
    } else if (form === bulk && !form.elements.all_by?.checked) {
      event.preventDefault();
      const about = ticked().map(itemOf);
      if (about.length) decide(form, button, about);
      else say(bulk.querySelector("p").textContent.trim());
    }
  });

  queue.addEventListener("change", (event) => {
    if (event.target.matches("[data-queue-tick]")) showTicked();
  });

  // Who begins to write a reason is at work on it.
  queue.addEventListener("input", (event) => {
    const item = itemOf(event.target);
    if (!event.target.matches("[data-queue-reason]") || !item || "claimed" in item.dataset) return;
    item.dataset.claimed = "";
    const button = item.querySelector('[data-queue-claim-form] button[value="take"]');
    if (button) claim(button.form, button);
  });

  const narrow = window.matchMedia("(width < 50rem)");
  const fitRules = (root) => {
    // On a phone the rules would be a screen of their own for each comment.
    for (const each of root.querySelectorAll("[data-queue-rules]")) each.open = !narrow.matches;
  };

  /** Who looks at what, every half minute while the page is looked at. */
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(queue.dataset.stateUrl, {
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      if (!answer.ok) return;
      const { claims, waiting } = await answer.json();
      count(waiting);
      for (const item of open()) showClaim(item, claims[item.dataset.thing]);
    } catch {
      // No network: the next look, or the next decision, will say so.
    }
  };

  const showClaim = (item, words) => {
    const place = item.querySelector("[data-queue-colleague]");
    if (!words) return place?.remove();
    const line = place ?? document.createElement("p");
    line.dataset.queueColleague = "";
    line.className = "queue-claimed";
    line.textContent = words;
    if (!place && !item.querySelector(".queue-claimed")) {
      item.querySelector("[data-queue-claim]").prepend(line);
    }
  };

  fitRules(queue);
  narrow.addEventListener("change", () => fitRules(queue));
  queue.querySelector("[data-queue-keys-open]")?.addEventListener("click", () => dialog.showModal());
  const keysLine = queue.querySelector("[data-queue-keys-line]");
  if (keysLine) keysLine.hidden = false;
  const all = queue.querySelector("[data-queue-all]");
  if (all) {
    all.hidden = false;
    all.addEventListener("click", keys.a);
  }
  window.setInterval(() => void look(), LOOK_EVERY_MS);
  const nobodyHasFocus = !document.activeElement || document.activeElement === document.body;
  if (queue.dataset.keys === "on" && nobodyHasFocus && open().length) go(open()[0]);
}
