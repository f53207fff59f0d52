// What a sentence rests on: beside it where the page has a margin, else in a pop-over. Both are
// parts of the list of sources, which holds all of it and works without any of this.
const WIDE = matchMedia("(min-width: 80rem)");
const GAP = 14;
// A note that would stand further below its sentence than this is read in the pop-over instead.
const FAR = 480;
// What may stand in the margin already.
const OTHERS = ":scope > :not(.prose, .notes), .prose > *, .prose figcaption";

export function attach(list) {
  const article = list.closest("article");
  const prose = article.querySelector(".prose");
  const marks = [...prose.querySelectorAll(".cite a")];
  const margin = made("div", "notes");
  const notes = new Map();
  for (const mark of marks) {
    const entry = list.querySelector(`[id="${mark.hash.slice(1)}"]`);
    const first = [...notes.values()].find((note) => note.entry === entry);
    notes.set(mark, first ?? { entry, mark, box: noteOf(entry, mark, list.dir) });
  }
  // The list says the same to those who listen to the page, and is reached with the keyboard.
  margin.append(...[...new Set(notes.values())].map(({ box }) => box));
  margin.ariaHidden = "true";
  margin.lang = list.lang;
  prose.after(margin);
  const popover = popoverOf(list);

  const place = () => {
    margin.hidden = !WIDE.matches;
    if (margin.hidden) return;
    const column = margin.getBoundingClientRect();
    const end = article.getBoundingClientRect().bottom;
    const taken = [...prose.parentElement.querySelectorAll(OTHERS)]
      .map((element) => element.getBoundingClientRect())
      .filter((box) => box.right > column.left && box.left < column.right && box.height)
      .sort((one, other) => one.top - other.top);
    const shown = [...new Set(notes.values())];
    for (const { box } of shown) box.hidden = false;
    const heights = shown.map(({ box }) => box.offsetHeight);
    let free = column.top;
    shown.forEach(({ mark, box }, index) => {
      const height = heights[index];
      const beside = mark.getBoundingClientRect().top;
      let top = Math.max(beside, free);
      let floor = free;
      for (const other of taken) {
        if (top + height + GAP <= other.top) break;
        // Above a picture if its own line is still beside it there, else below.
        const above = other.top - GAP - height;
        const fits = above >= floor && above + height > beside;
        floor = Math.max(floor, other.bottom + GAP);
        if (top < floor) top = fits ? above : floor;
        if (fits) break;
      }
      box.style.top = `${top - column.top}px`;
      box.hidden = top - beside > FAR || top + height > end;
      if (!box.hidden) free = top + height + GAP;
    });
  };
  new ResizeObserver(place).observe(prose);
  WIDE.addEventListener("change", place);

  for (const [mark, { box, entry }] of notes) {
    for (const type of ["pointerenter", "pointerleave", "focus", "blur"]) {
      const lit = type === "pointerenter" || type === "focus";
      mark.addEventListener(type, () => box.classList.toggle("note--lit", lit));
    }
    mark.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || box.checkVisibility()) return;
      event.preventDefault();
      popover.ariaLabel = mark.ariaLabel;
      popover.firstChild.replaceChildren(...parts(entry, mark));
      popover.querySelector(".note__all").hash = entry.id;
      // Where the focus goes back to when the pop-over is closed.
      mark.focus({ preventScroll: true });
      popover.showPopover();
      popover.focus();
    });
  }
}

function parts(entry, mark) {
  const shown = [...entry.querySelectorAll("[data-note]")].map((part) => part.cloneNode(true));
  return [made("b", "note__number", mark.textContent), ...shown];
}

function noteOf(entry, mark, direction) {
  const box = made("div", "note");
  box.dir = direction;
  box.append(...parts(entry, mark));
  for (const link of box.querySelectorAll("a")) link.tabIndex = -1;
  return box;
}

function popoverOf(list) {
  const popover = made("div", "note note--over");
  popover.popover = "auto";
  popover.role = "dialog";
  popover.tabIndex = -1;
  const feet = made("p", "note__feet");
  const all = made("a", "note__all", list.dataset.open);
  all.href = "#";
  feet.append(all, made("button", "", list.dataset.close));
  popover.append(made("div", ""), feet);
  popover.addEventListener("click", (event) => {
    if (event.target.closest(".note__feet > *")) popover.hidePopover();
  });
  list.append(popover);
  return popover;
}

function made(name, className, text = "") {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  element.dataset.canonicalSkip = "";
  return element;
}
