// The queue at the desk by keys: every key presses a button of a form that works without this file.

import { QueueList } from "./queue_list.js";
import { isPlain, read } from "./queue_sending.js";
import { QueueWork } from "./queue_work.js";

// A key that is held down moves on, and decides once.
const MOVES = new Set(["j", "k", "ArrowDown", "ArrowUp"]);
const LOOK_EVERY_MS = 30_000;
const NO_TEXT = "[type=checkbox], [type=radio], [type=submit], [type=button]";

const queue = document.querySelector('[data-behaviour="queue"]');
if (queue) start(queue);

function start(queue) {
  const list = new QueueList(queue);
  const work = new QueueWork(list);
  const keys = keysOf(list, work);
  const hasKeys = queue.dataset.keys === "on";
  queue.addEventListener("submit", (event) => onSubmit(event, list, work));
  queue.addEventListener("input", (event) => onInput(event, list, work));
  queue.addEventListener("change", (event) => {
    if (event.target.matches("[data-queue-tick]")) list.showTicked();
  });
  // Before Wagtail's own keys, of which "?" is one.
  document.addEventListener("keydown", (event) => onKey(event, list, keys, hasKeys), true);
  offer(queue, "[data-queue-keys-open]", "[data-queue-keys-line]", keys["?"]);
  offer(queue, "[data-queue-all]", "[data-queue-all]", keys.a);
  window.setInterval(() => void look(list), LOOK_EVERY_MS);
  // The page begins at its top; on a phone there are no keys.
  const isFree = !document.activeElement || document.activeElement === document.body;
  if (hasKeys && isFree && !list.narrow.matches) list.open()[0]?.focus({ preventScroll: true });
}

/** What each key does that presses no button. */
function keysOf(list, work) {
  const down = () => list.go(list.beside(1));
  const up = () => list.go(list.beside(-1) ?? list.open()[0]);
  return {
    j: down,
    ArrowDown: down,
    k: up,
    ArrowUp: up,
    u: () => void work.takeBackLast(),
    x: () => list.tick([list.current()].filter(Boolean)),
    a: () => list.tick(list.open()),
    w: () => list.tick(list.ofWriter(list.current())),
    r: () => writeReason(list),
    n: () => list.queue.querySelector("[data-queue-next]")?.click(),
    "?": () => list.queue.querySelector("[data-queue-keys]").showModal(),
  };
}

function onKey(event, list, keys, hasKeys) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target)) {
    leaveField(event, list);
    return;
  }
  if (!hasKeys || document.querySelector("dialog[open]") || !isFor(list, event.target)) return;
  if (event.repeat && !MOVES.has(event.key)) return;
  if (Object.hasOwn(keys, event.key)) keys[event.key]();
  else if (!press(list, event.key)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** Whether a key pressed there is meant for the queue: the desk's menu has keys of its own. */
function isFor(list, target) {
  return target === document.body || target.id === "main" || list.queue.contains(target);
}

function isTyping(target) {
  if (target.isContentEditable) return true;
  return Boolean(target.matches?.("input, textarea, select")) && !target.matches(NO_TEXT);
}

/** The reason is written: Enter or Escape goes back to the thing, where the keys decide. */
function leaveField(event, list) {
  const target = event.target;
  const isLeft = event.key === "Escape" || (event.key === "Enter" && target.name === "reason");
  if (!isLeft || !list.queue.contains(target)) return;
  event.preventDefault();
  list.go(list.of(target) ?? list.ticked()[0] ?? list.open()[0]);
}

/** Press the button with this key: of the form for all that is ticked, else of the thing. */
function press(list, key) {
  const item = list.current();
  const place = list.ticked().length && key !== "c" ? list.bulk : item;
  const button = place?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (button) button.click();
  else if (!place && list.free().length) list.go(list.free()[0]);
  else if (key === "h" && isHeld(list, item)) list.say(list.queue.dataset.heldIsHidden);
  return Boolean(button);
}

/** Whether what a key would decide about is held: then nobody reads it anyway. */
function isHeld(list, item) {
  const about = list.ticked().length ? list.ticked() : [item];
  return about.some((each) => each?.dataset.kind === "held");
}

function writeReason(list) {
  if (!list.ticked().length) {
    list.current()?.querySelector("[data-queue-reason]")?.focus();
    return;
  }
  list.openBulk();
  list.bulk.elements.reason.focus();
}

function onSubmit(event, list, work) {
  const form = event.target;
  if (isPlain(form)) return;
  if (form.matches("[data-queue-undo-form]")) void work.takeBack(form);
  else if (form.matches("[data-queue-claim-form]")) work.claim(form, event.submitter);
  else if (form.matches("[data-queue-error-form]")) work.handOn(form, event.submitter);
  else if (form.matches("[data-queue-form]")) work.decide(form, event.submitter, [list.of(form)]);
  else if (form === list.bulk && !form.elements.all_by?.checked) {
    const about = list.ticked();
    if (about.length) work.decide(form, event.submitter, about);
    else list.say(form.querySelector("p").textContent.trim());
  } else return;
  event.preventDefault();
}

/** Who begins to write a reason is at work on it: colleagues see so. */
function onInput(event, list, work) {
  const item = list.of(event.target);
  if (!item || !event.target.matches("[data-queue-reason]") || "claimed" in item.dataset) return;
  item.dataset.claimed = "";
  const button = item.querySelector('[data-queue-claim-form] button[value="take"]');
  if (button) work.claim(button.form, button);
}

/** Show a control that does nothing without this file. */
function offer(queue, control, shown, act) {
  queue.querySelector(control)?.addEventListener("click", () => act());
  const place = queue.querySelector(shown);
  if (place) place.hidden = false;
}

/** Who looks at what, while the page is looked at; where nothing answers, the next look may. */
async function look(list) {
  if (document.hidden) return;
  const answer = await read(list.queue.dataset.stateUrl);
  if (!answer) return;
  list.count(answer.waiting);
  list.steadily(() => {
    for (const item of list.open()) list.showColleague(item, answer.claims[item.dataset.thing]);
  });
}
