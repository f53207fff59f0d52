// The things of the queue as they stand on the page: which wait, which has the focus, what is ticked.

const BUSY = "aria-busy";

export class QueueList {
  constructor(queue) {
    this.queue = queue;
    this.said = queue.querySelector("[data-queue-said]");
    this.bulk = queue.querySelector("[data-queue-bulk]");
    this.narrow = window.matchMedia("(width < 50rem)");
    this.narrow.addEventListener("change", () => this.fitRules(queue));
    this.fitRules(queue);
  }

  /** Every thing, the folded ones too. */
  all() {
    return [...this.queue.querySelectorAll(".queue-item")];
  }

  /** Those that are not decided. */
  open() {
    return this.all().filter((item) => !("folded" in item.dataset));
  }

  /** Those of which nothing is on its way either. */
  free() {
    return this.open().filter((item) => item.getAttribute(BUSY) !== "true");
  }

  of(element) {
    return element?.closest?.(".queue-item") ?? null;
  }

  byThing(thing) {
    return this.all().find((item) => item.dataset.thing === thing) ?? null;
  }

  /** The one that has the focus, while it can be decided. */
  current() {
    const item = this.of(document.activeElement);
    return item && this.free().includes(item) ? item : null;
  }

  /** The next one to decide after `item`, or the first that was passed over; not one of `about`. */
  after(item, about) {
    const all = this.all();
    const free = this.free().filter((each) => !about.includes(each));
    return free.find((each) => all.indexOf(each) > all.indexOf(item)) ?? free[0];
  }

  /** The nearest one that waits, down (1) or up (-1) from the focus; undefined at the ends. */
  beside(by) {
    const all = this.all();
    const place = all.indexOf(this.of(document.activeElement));
    const isBeyond = (item) => (all.indexOf(item) - place) * by > 0;
    return by > 0 ? this.open().find(isBeyond) : this.open().findLast(isBeyond);
  }

  /** Give the focus to a thing; where there is none, to the link that shows what waits now. */
  go(item) {
    const place = item ?? this.queue.querySelector("[data-queue-next]");
    place?.focus({ preventScroll: true });
    this.showFrom(place);
  }

  /** Have a thing begin below the desk's header, so that what is decided next has been read. */
  showFrom(item) {
    // At once: a key may follow before a smooth movement ends, and some people want none.
    item?.scrollIntoView({ block: "start", behavior: "instant" });
  }

  /** Change the page, and keep what has the focus in sight though things fold above it. */
  steadily(change) {
    const top = () => document.activeElement?.getBoundingClientRect().top;
    const before = top();
    change();
    const active = document.activeElement;
    if (!this.of(active) || top() === before) return;
    if (active === this.of(active)) this.showFrom(active);
    else active.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  /** Say what happened, where it is seen and heard. */
  say(words) {
    this.said.textContent = words ?? "";
  }

  count(waiting) {
    for (const place of document.querySelectorAll("[data-queue-waiting]")) {
      place.textContent = waiting;
    }
  }

  mark(items) {
    for (const item of items) item.setAttribute(BUSY, "true");
  }

  /** Fold a thing into the line that says what was decided; the word that takes it back. */
  fold(item, html) {
    item.removeAttribute(BUSY);
    item.dataset.folded = "";
    item.querySelector("[data-queue-line]")?.remove();
    item.append(fragment(html));
    for (const box of this.boxes([item])) box.checked = false;
    return item.querySelector('[data-queue-line] input[name="undo"]')?.value;
  }

  /** Let a thing stand, as it is now, with the sentence that says why nothing was decided. */
  fail(old, sentence, html) {
    const item = html ? this.renew(old, html) : old;
    item.removeAttribute(BUSY);
    item.querySelector(".queue-failed")?.remove();
    const words = document.createElement("p");
    words.className = "queue-failed";
    words.textContent = sentence;
    item.querySelector("[data-queue-open]").prepend(words);
  }

  /** Show a thing as it is by now; what was typed stays, and so does the focus. */
  renew(old, html) {
    const [item] = fragment(html).children;
    const had = old.contains(document.activeElement);
    const reason = item.querySelector("[data-queue-reason]");
    if (reason) reason.value = old.querySelector("[data-queue-reason]")?.value ?? "";
    old.replaceWith(item);
    this.fitRules(item);
    if (had) this.go(item);
    return item;
  }

  /** Put a thing that waits again where it stood, or on top; null where it waits no longer. */
  unfold(thing, html) {
    const before = this.byThing(thing);
    this.queue.querySelector(`[data-queue-recent] li[data-thing="${CSS.escape(thing)}"]`)?.remove();
    // It waited all the time: what was typed about it stays.
    if (before && html && !("folded" in before.dataset)) return this.renew(before, html);
    if (!html) {
      before?.remove();
      return null;
    }
    const [item] = fragment(html).children;
    if (before) before.replaceWith(item);
    else this.queue.querySelector("[data-queue-items]")?.prepend(item);
    this.fitRules(item);
    return item;
  }

  showClaim(item, html) {
    item.querySelector("[data-queue-claim]").replaceChildren(fragment(html));
  }

  /** Say which colleague looks at a thing, or no longer. */
  showColleague(item, words) {
    const there = item.querySelector("[data-queue-colleague]");
    if (!words || there) {
      if (there && words) there.textContent = words;
      else there?.remove();
      return;
    }
    if (item.querySelector(".queue-claimed")) return;
    const line = document.createElement("p");
    line.dataset.queueColleague = "";
    line.className = "queue-claimed";
    line.textContent = words;
    item.querySelector("[data-queue-claim]").prepend(line);
  }

  /** The boxes that tick these things. */
  boxes(items) {
    return items.flatMap((item) => [...item.querySelectorAll("[data-queue-tick]")]);
  }

  /** The things that are ticked, and of which nothing is on its way. */
  ticked() {
    return this.free().filter((item) => this.boxes([item]).some((box) => box.checked));
  }

  /** Tick these things, or untick them where all are ticked. */
  tick(items) {
    const boxes = this.boxes(items);
    if (!boxes.length) return;
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
    this.showTicked();
    this.say(this.bulk?.querySelector("summary")?.textContent.trim());
  }

  showTicked() {
    const chosen = this.ticked().length;
    const place = this.bulk?.querySelector("[data-queue-ticked]");
    if (place) place.textContent = chosen ? `(${chosen})` : "";
    if (chosen > 1) this.openBulk();
  }

  openBulk() {
    const details = this.bulk?.querySelector("[data-queue-bulk-details]");
    if (details) details.open = true;
  }

  /** Those that wait of the writer of `item`. */
  ofWriter(item) {
    const writer = item?.dataset.writer;
    return writer ? this.open().filter((each) => each.dataset.writer === writer) : [];
  }

  /** On a phone the rules would be a screen of their own for each comment: they are folded. */
  fitRules(root) {
    for (const each of root.querySelectorAll("[data-queue-rules]")) {
      each.open = !this.narrow.matches;
    }
  }
}

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content;
}
