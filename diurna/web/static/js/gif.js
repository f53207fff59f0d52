// GIFs: the choice in the form, and play and stop in comments. Nothing leaves this site before a
// reader presses “Search GIPHY” or “Play”.
const PATIENCE_MS = 8000;
// Who wants less motion gets it for a moment only.
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const CALM_MS = 5000;

function stop(play) {
  play.querySelector(".gif__moving")?.remove();
  play.querySelector("[data-gif-sign]").textContent = play.dataset.play;
  play.classList.remove("gif__play--moving");
}

function start(play) {
  const sign = play.querySelector("[data-gif-sign]");
  const still = play.querySelector(".gif__still");
  const moving = new Image();
  moving.className = "gif__moving";
  moving.referrerPolicy = "no-referrer";
  moving.alt = still?.alt ?? play.querySelector(".gif__words").textContent;
  moving.addEventListener("error", () => stop(play));
  moving.src = play.dataset.gif;
  play.dataset.play ??= sign.textContent;
  sign.textContent = play.dataset.stop;
  play.classList.add("gif__play--moving");
  play.prepend(moving);
  if (calm.matches) setTimeout(() => moving.isConnected && stop(play), CALM_MS);
}

// To the keyboard it is a button now, which space presses too.
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches?.("[data-gif]")) return;
  event.preventDefault();
  event.target.click();
});

// Heard on the document, so that comments that come later need nothing more.
document.addEventListener("click", (event) => {
  const play = event.target.closest?.("[data-gif]");
  if (!play || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (play.querySelector(".gif__moving")) stop(play);
  else start(play);
});

// One result as a radio button like those of the library.
function choice({ id, title, alt_text: words, images }) {
  const picture = images?.fixed_width_small_still ?? images?.fixed_width_still;
  if (!/^[A-Za-z0-9]{4,64}$/.test(id) || !/^https?:\/\//.test(picture?.url)) return null;
  const label = document.createElement("label");
  const input = document.createElement("input");
  const image = new Image(Number(picture.width) || 100, Number(picture.height) || 100);
  label.className = "gifs__one";
  Object.assign(input, { type: "radio", name: "gif_id", value: id });
  image.referrerPolicy = "no-referrer";
  image.alt = String(words || title || "GIF").slice(0, 250);
  image.src = picture.url;
  input.dataset.source = "giphy";
  label.append(input, image);
  return label;
}

export function attach(box) {
  if (box.localName === "figure") {
    box.querySelector("[data-gif]")?.setAttribute("role", "button");
    return;
  }
  const { dataset: sentences } = box;
  const find = (selector) => box.querySelector(selector);
  const library = find("[data-gif-library]");
  const search = find("[data-gif-search]");
  const found = find("[data-gif-found]");
  const say = (sentence) => (find("[data-gif-said]").textContent = sentence);

  async function fetchLibrary() {
    if (!library || !sentences.library) return;
    const address = sentences.library;
    sentences.library = "";
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(answer.status);
      library.innerHTML = await answer.text();
    } catch {
      sentences.library = address;
      say(sentences.failed);
    }
  }

  async function searchFor(words) {
    if (!words) return;
    say(sentences.busy);
    try {
      const answer = await fetch(`${search.dataset.gifSearch}&q=${encodeURIComponent(words)}`, {
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (answer.status === 429) return say(sentences.quota);
      if (answer.status === 401 || answer.status === 403) {
        search.hidden = true;
        return say(sentences.resting);
      }
      if (!answer.ok) throw new Error(answer.status);
      const labels = (await answer.json()).data.map(choice).filter(Boolean);
      found.replaceChildren(...labels);
      say(labels.length ? "" : sentences.none);
    } catch {
      say(sentences.failed);
    }
  }

  box.hidden = false;
  if (search) search.hidden = false;
  box.addEventListener("toggle", () => box.open && fetchLibrary());
  if (box.open) fetchLibrary();
  box.addEventListener("change", ({ target }) => {
    if (target.name !== "gif_id") return;
    const source = target.dataset.source ?? "library";
    find("[name=gif_source]").value = source;
    const alt = find("[data-gif-alt]");
    if (!alt) return;
    alt.hidden = source !== "giphy";
    const words = target.parentElement.querySelector("img")?.alt;
    if (words !== undefined) alt.querySelector("input").value = source === "giphy" ? words : "";
  });
  if (!search) return;
  const words = find("[data-gif-words]");
  find("[data-gif-go]").addEventListener("click", () => searchFor(words.value.trim()));
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    // The form around it is the comment's.
    event.preventDefault();
    searchFor(words.value.trim());
  });
}
