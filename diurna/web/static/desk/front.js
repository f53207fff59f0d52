// Composing the front: the same presses as without this file, but the page stays where it is, stories
// and blocks can be dragged, and the preview follows.

const PART_HEADER = "X-Diurna-Part";
const PREVIEW_MS = 800;
// What was composed in this tab and is not stored, for who comes back to it by the browser's button.
const KEPT = "diurna-front";

const form = document.querySelector('[data-behaviour="front"]');
if (form) start(form);

function start(form) {
  const desk = { form, isChanged: false, asked: 0, waiting: 0 };
  form.addEventListener("submit", (event) => onSubmit(desk, event));
  form.addEventListener("change", (event) => onChange(desk, event));
  form.addEventListener("pointerdown", (event) => onGrab(desk, event));
  window.addEventListener("beforeunload", (event) => {
    if (desk.isChanged) event.preventDefault();
  });
  const preview = form.querySelector("[data-front-preview]");
  preview.addEventListener("toggle", () => showPreview(desk, 0));
  comeBack(desk);
}

/** Go on with what this tab had composed, unless somebody has stored a front since. */
function comeBack(desk) {
  const [visit] = performance.getEntriesByType("navigation");
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  const { base, composition } = fieldsOf(desk.form);
  if (visit?.type !== "back_forward" || !kept || kept.base !== base.value) return;
  if (kept.composition === composition.value) return;
  composition.value = kept.composition;
  desk.isChanged = true;
  void press(desk, "refresh");
}

function fieldsOf({ elements }) {
  return { base: elements.namedItem("base"), composition: elements.namedItem("composition") };
}

function onSubmit(desk, event) {
  const button = event.submitter;
  // To another page, or into a frame.
  if (button?.matches("[data-plain]")) {
    if (!button.formTarget) {
      desk.isChanged = false;
      sessionStorage.removeItem(KEPT);
    }
    return;
  }
  event.preventDefault();
  void press(desk, button?.value ?? "refresh");
}

/** A number, a heading or a time: what it does is shown at once. */
function onChange(desk, event) {
  const field = event.target;
  if (!/^(count|heading|ranking|until)-/.test(field.name ?? "")) return;
  if (field.type !== "datetime-local" || field !== document.activeElement) {
    void press(desk, "refresh", field.id);
    return;
  }
  // Browsers tell of each digit of a time, and what is drawn anew is another field: so once it is left.
  field.onblur = ({ relatedTarget }) => {
    field.onblur = null;
    void press(desk, "refresh", relatedTarget?.id ?? "");
  };
}

/** Press the button with this value, without leaving the page. */
async function press(desk, value, focus = "") {
  const { form } = desk;
  const mine = ++desk.asked;
  const fields = new FormData(form);
  fields.set("do", value);
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: fields,
      headers: { [PART_HEADER]: "1" },
    });
    // A refused form comes back as a page of its own.
    if (answer.redirected || !answer.headers.get("Content-Type")?.startsWith("text/html")) {
      throw new Error(`status ${answer.status}`);
    }
    const html = await answer.text();
    // Somebody who presses quickly sees the last.
    if (mine === desk.asked) show(desk, html, focus, value);
  } catch (error) {
    console.warn("The front can't be reached; the button is pressed as without a script.", error);
    desk.isChanged = false;
    pressPlainly(form, value);
  }
}

function pressPlainly(form, value) {
  const button = document.createElement("button");
  Object.assign(button, { name: "do", value, hidden: true });
  button.dataset.plain = "";
  form.append(button);
  form.requestSubmit(button);
}

function show(desk, html, focus, value) {
  const part = desk.form.querySelector("[data-front-part]");
  const hadFocus = part.contains(document.activeElement);
  const before = part.querySelector('[name="composition"]').value;
  part.innerHTML = html;
  const now = part.querySelector("[data-front-now]");
  desk.form.querySelector("[data-front-said]").textContent = now.dataset.said;
  desk.isChanged ||= before !== part.querySelector('[name="composition"]').value;
  if (desk.isChanged) {
    const { base, composition } = fieldsOf(desk.form);
    const kept = { base: base.value, composition: composition.value };
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
  }
  if (hadFocus || document.activeElement === document.body) {
    focusOn([focus, now.dataset.focus], value, part);
  }
  showPreview(desk, PREVIEW_MS);
}

/** Go on where the work is: the named control, else the button that was pressed. */
function focusOn(names, value, part) {
  const found = names
    .filter(Boolean)
    .map((name) => document.getElementById(name))
    .find((control) => control && !control.disabled);
  const same = part.querySelector(`[name="do"][value="${CSS.escape(value)}"]:not([disabled])`);
  (found ?? same ?? part.querySelector("#look-for"))?.focus({ preventScroll: false });
}

/** Have the frames show the front as it is composed now, soon, if somebody looks at them. */
function showPreview(desk, after) {
  clearTimeout(desk.waiting);
  const preview = desk.form.querySelector("[data-front-preview]");
  if (!preview.open) return;
  desk.waiting = setTimeout(() => {
    for (const button of preview.querySelectorAll("[data-front-width]")) send(desk.form, button);
  }, after);
}

/** Send a copy of the form into the frame of this button. */
function send(form, button) {
  const copy = document.createElement("form");
  Object.assign(copy, { method: "post", action: button.formAction, target: button.formTarget });
  copy.hidden = true;
  for (const [name, value] of new FormData(form)) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    copy.append(field);
  }
  document.body.append(copy);
  copy.submit();
  copy.remove();
}

/** Drag with a mouse, a pen or a finger; what is dropped presses a button. */
function onGrab(desk, event) {
  const handle = event.target.closest?.("[data-front-drag]");
  if (!handle || event.button !== 0) return;
  event.preventDefault();
  const [kind, ...numbers] = handle.dataset.frontDrag.split(":");
  const targets = kind === "block" ? "[data-front-block]" : "[data-front-drop]";
  const dragged = handle.closest("li");
  let over = null;
  dragged.dataset.frontDragged = "";
  handle.setPointerCapture(event.pointerId);

  const at = (move) => {
    const under = document.elementFromPoint(move.clientX, move.clientY);
    return under?.closest(targets) ?? null;
  };
  const onMove = (move) => {
    const target = at(move);
    if (target !== over) {
      over?.removeAttribute("data-front-over");
      target?.setAttribute("data-front-over", "");
      over = target;
    }
    scrollAtEdge(move.clientY);
  };
  const end = (drop) => {
    handle.removeEventListener("pointermove", onMove);
    handle.removeEventListener("pointerup", end);
    handle.removeEventListener("pointercancel", end);
    over?.removeAttribute("data-front-over");
    delete dragged.dataset.frontDragged;
    if (drop.type !== "pointerup" || !over || over === dragged) return;
    const where = kind === "block" ? over.dataset.frontBlock : over.dataset.frontDrop;
    const name = kind === "block" ? "to" : "drop";
    void press(desk, [name, ...numbers, where].join(":"));
  };
  handle.addEventListener("pointermove", onMove);
  handle.addEventListener("pointerup", end);
  handle.addEventListener("pointercancel", end);
}

/** A long front scrolls while something is dragged to its edge. */
function scrollAtEdge(y) {
  const edge = 60;
  if (y < edge) window.scrollBy(0, -edge / 4);
  else if (y > window.innerHeight - edge) window.scrollBy(0, edge / 4);
}
