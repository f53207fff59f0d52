// The comments of a page: further ones without leaving it, new ones while it is open, and which are
// new since the last visit (remembered in this browser and nowhere else).
const SOONEST = 30_000;
const LATEST = 300_000;
const SEEN = "diurna:seen";
const MOST_SEEN = 200;

const ask = async (address, options) => {
  const answer = await fetch(address, options);
  if (!answer.ok) throw new Error(answer.status);
  return answer;
};

// The comments of a fragment, without those that the page has already, and where the next ones are.
async function comments(address) {
  const template = document.createElement("template");
  const url = new URL(address, location);
  url.searchParams.set("fragment", "1");
  template.innerHTML = await (await ask(url)).text();
  const found = [...template.content.children];
  const isNew = (item) => item.matches("li") && !document.getElementById(item.firstElementChild.id);
  return { items: found.filter(isNew), more: found.find((last) => last.matches(".thread__more")) };
}

// The list of replies below a comment; made where there is none yet.
function repliesOf(comment) {
  const fold = comment.querySelector(":scope > details") ?? comment;
  fold.open = true;
  let list = fold.querySelector(":scope > .thread__replies");
  if (!list) {
    list = document.createElement("ol");
    list.className = "thread__replies";
    fold.insertBefore(list, fold.querySelector(":scope > .thread__more"));
  }
  return list;
}

async function further(link, list, attachIn) {
  const paragraph = link.parentElement;
  const above = link.dataset.more;
  link.setAttribute("aria-busy", "true");
  try {
    const { items, more } = await comments(link.href);
    const into = above ? repliesOf(document.getElementById(`comment-${above}`)) : list;
    into.append(...items);
    items.forEach(attachIn);
    if (more) more.firstElementChild.dataset.more = above;
    paragraph.replaceWith(...(more ? [more] : []));
    items[0]?.firstElementChild.focus();
  } catch {
    location.assign(link.href);
  }
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(SEEN)) ?? {};
  } catch {
    return {};
  }
}

function remember(article, newest) {
  try {
    const seen = { ...remembered(), [article]: newest };
    const kept = Object.entries(seen).sort(([, a], [, b]) => b - a).slice(0, MOST_SEEN);
    localStorage.setItem(SEEN, JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // A browser that keeps nothing marks nothing.
  }
}

export function attach(section, attachIn) {
  const { dataset: words } = section;
  const list = section.querySelector("[data-list]");
  const news = section.querySelector("[data-news]");
  const last = words.article ? remembered()[words.article] : undefined;
  let version = Number(words.version);
  let count = Number(words.count);
  let newest = Number(words.newest);
  let told;
  let wait = SOONEST;
  let timer;

  const jump = document.createElement("button");
  jump.type = "button";
  jump.className = "thread__jump";
  jump.textContent = words.next;
  jump.addEventListener("click", () => {
    const marked = [...section.querySelectorAll("[data-new]")];
    const at = marked.indexOf(document.activeElement.closest("[data-new]"));
    const next = marked[(at + 1) % marked.length];
    for (let fold = next.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    next.focus();
    next.scrollIntoView();
  });
  const mark = (comment) => {
    if (comment.dataset.new !== undefined) return;
    comment.dataset.new = "";
    const sign = document.createElement("span");
    sign.className = "comment__new";
    sign.textContent = words.mark;
    comment.querySelector(".comment__head")?.append(sign);
    if (!jump.isConnected) list.after(jump);
  };
  const markNew = () => {
    for (const comment of section.querySelectorAll(".comment")) {
      if (Number(comment.dataset.at) > last) mark(comment);
    }
  };

  async function fetchNew() {
    const { items } = await comments(words.recent);
    const at = (item) => Number(item.firstElementChild.dataset.at);
    const fresh = items.filter((item) => at(item) > newest);
    section.querySelector("[data-none]")?.remove();
    // The oldest first, so that an answer finds what it answers.
    for (const item of fresh.reverse()) {
      const above = item.dataset.parent && document.getElementById(`comment-${item.dataset.parent}`);
      const into = above ? repliesOf(above) : list;
      if (above) into.append(item);
      else into.prepend(item);
      attachIn(item);
      mark(item.firstElementChild);
    }
    news.replaceChildren();
    count = told.count;
    newest = Math.max(newest, ...fresh.map(at));
    remember(words.article, newest);
    fresh[0]?.firstElementChild.focus();
  }

  function offer(fresh) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = fresh === 1 ? words.one : words.many.replace("COUNT", new Intl.NumberFormat(section.lang, { numberingSystem: "latn" }).format(fresh));
    button.addEventListener("click", () => fetchNew().catch(() => location.reload()));
    news.replaceChildren(button);
  }

  async function look() {
    try {
      told = await (await ask(words.latest, { cache: "no-cache" })).json();
      wait = told.version === version ? Math.min(wait * 2, LATEST) : SOONEST;
      version = told.version;
      if (told.count > count) offer(told.count - count);
    } catch {
      wait = Math.min(wait * 2, LATEST);
    }
    plan();
  }

  function plan() {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(look, wait);
  }

  section.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-more]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    further(link, list, attachIn).then(markNew);
  });
  if (words.latest) {
    document.addEventListener("visibilitychange", plan);
    plan();
  }
  if (words.article) {
    markNew();
    remember(words.article, Math.max(newest, last ?? 0));
  }
}
