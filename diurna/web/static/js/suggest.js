// The search page: suggestions below the field while somebody types, and the switch of the key `/`.
// The pattern is the ARIA Authoring Practices' combobox with a list.
const PAUSE_MS = 200;
const FEWEST_LETTERS = 2;

const form = document.querySelector("form[data-suggestions]");

function suggest(input) {
  const list = document.createElement("ul");
  const status = document.createElement("span");
  Object.assign(list, { id: "suggestions", className: "suggestions", role: "listbox", hidden: true });
  Object.assign(status, { className: "unseen", role: "status" });
  list.ariaLabel = form.dataset.label;
  // A field of the type search may not be a combobox.
  Object.assign(input, { type: "text", inputMode: "search", role: "combobox" });
  input.setAttribute("aria-controls", list.id);
  input.ariaAutoComplete = "list";
  form.querySelector(".search__words").append(list, status);
  let asked = null;
  let waits = 0;
  let current = -1;

  const options = () => [...list.children];
  function choose(place) {
    current = place;
    for (const [number, option] of options().entries()) option.ariaSelected = number === place;
    const option = options()[place];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }
  function close() {
    clearTimeout(waits);
    asked?.abort();
    list.hidden = true;
    input.ariaExpanded = false;
    choose(-1);
  }
  function show({ told, suggestions }) {
    list.replaceChildren(...suggestions.map(({ kind, name, address, language }, number) => {
      const option = document.createElement("li");
      const words = document.createElement("span");
      const what = document.createElement("small");
      Object.assign(option, { id: `suggestion-${number}`, role: "option" });
      option.dataset.address = address;
      Object.assign(words, { textContent: name, dir: "auto", lang: language });
      what.textContent = kind;
      option.append(words, " ", what);
      return option;
    }));
    list.hidden = !suggestions.length;
    input.ariaExpanded = !list.hidden;
    status.textContent = told;
    choose(-1);
  }
  async function ask() {
    asked = new AbortController();
    const { signal } = asked;
    const address = `${form.dataset.suggestions}?${new URLSearchParams({ q: input.value.trim() })}`;
    try {
      const answer = await fetch(address, { signal });
      if (answer.ok) show(await answer.json());
      else close();
    } catch (error) {
      // The letter after this one, or no network: the form works without.
      if (!signal.aborted) close();
    }
  }
  input.addEventListener("input", ({ isComposing }) => {
    clearTimeout(waits);
    asked?.abort();
    if (isComposing) return;
    if ([...input.value.trim()].length < FEWEST_LETTERS) close();
    else waits = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    const last = options().length - 1;
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") choose(current < last ? current + 1 : -1);
    else if (event.key === "ArrowUp") choose(current < 0 ? last : current - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && current >= 0) location.assign(options()[current].dataset.address);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
  // The field keeps the focus, and the list so stays until the press has ended.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => location.assign(target.closest("li").dataset.address));
  form.addEventListener("submit", close);
  close();
}

// WCAG 2.1.4: a key without Ctrl or Alt can be switched off by who speaks to the computer.
function offerSwitch(input) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  label.className = "search__slash";
  label.append(box, " ", form.dataset.slash);
  const show = () => {
    box.checked = !localStorage.slash;
    if (box.checked) input.setAttribute("aria-keyshortcuts", "/");
    else input.removeAttribute("aria-keyshortcuts");
  };
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem("slash");
    else localStorage.slash = "off";
    show();
  });
  form.append(label);
  show();
}

const field = form.querySelector("#q");
if (!navigator.connection?.saveData) suggest(field);
// Who has a keyboard has a pointer, as a rule.
if (matchMedia("(any-pointer: fine)").matches) offerSwitch(field);
