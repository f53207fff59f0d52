// Reading on: the next story below this one, when it is asked for or when the reader scrolls on. It
// is the public page's own article. The address, the title and the way back go with what is read.
const MOST_UNASKED = 3;
const QUIET = matchMedia("(prefers-reduced-data: reduce), (prefers-reduced-motion: reduce)");
const REFERS = ["id", "for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget"];

const isQuiet = () => QUIET.matches || navigator.connection?.saveData;

// For another tab or window, or to be kept.
const isElsewhere = ({ metaKey, ctrlKey, shiftKey, altKey }) => metaKey || ctrlKey || shiftKey || altKey;

// The id that an address names; an author may have written a percent sign that stands for itself.
function idOf({ hash }) {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return hash.slice(1);
  }
}

// `scrolled`: nothing comes before the reader moves, since a page that was gone back to may open at its
// end.
export function attach(nav, attachIn, scrolled) {
  const status = nav.querySelector("[role=status]");
  const first = {
    path: location.pathname,
    title: document.title,
    parts: [...document.querySelectorAll("main > article, main > .onward, main > .thread")],
  };
  const stories = [first];
  // The stories that the history has an entry of, in its order; the last one gone to is `current`.
  const trail = [first];
  let current = first;
  let unasked = 0;
  let busy = false;
  let going = false;

  const at = (path) => stories.find((story) => story.path === path);
  const topOf = (story) => story.parts[0].getBoundingClientRect().top + scrollY;
  const link = () => nav.querySelector("a");
  // Which entry of the history this is, where a browser says so.
  const entry = () => window.navigation?.currentEntry?.key;
  first.key = entry();

  function show(story) {
    current = story;
    document.title = story.title;
    // A printed page has one story.
    for (const other of stories) {
      for (const part of other.parts) part.toggleAttribute("data-away", other !== story);
    }
  }

  // Reading down to a story is a step that can be taken back, reading up to one takes it back.
  function go(story) {
    const here = trail.indexOf(current);
    const there = trail.indexOf(story);
    if (stories.indexOf(story) > stories.indexOf(current)) {
      // Back leads to the end of the story left.
      const end = topOf(stories[stories.indexOf(current) + 1]);
      history.replaceState({ within: end - innerHeight - topOf(current) }, "");
      history.pushState({}, "", story.path);
      story.key = entry();
      trail.splice(here + 1, Infinity, story);
    } else if (there >= 0) {
      takeBack(story, there - here);
    } else {
      history.replaceState({}, "", story.path);
      story.key = entry();
      trail[here] = story;
    }
    show(story);
  }

  // To the entry of that story and not so many steps back, since “Back” may be pressed just now, too.
  function takeBack({ key }, steps) {
    going = true;
    if (!key) return history.go(steps);
    const over = () => { going = false; };
    const { committed, finished } = navigation.traverseTo(key);
    committed.catch(over);
    finished.then(over, over);
  }

  // What is read is the last story that begins above the middle.
  let looks = false;
  function look() {
    looks = false;
    const story = stories.findLast((one) => one === first || topOf(one) < scrollY + innerHeight / 2);
    if (story !== current && !going) go(story);
  }
  addEventListener("scroll", () => {
    if (looks || stories.length === 1) return;
    looks = true;
    requestAnimationFrame(look);
  }, { passive: true });

  // What is on a story's own page alone, such as its comments: as the address is that page's already, a
  // browser would look for it here.
  function leave(event) {
    const link = event.target.closest("a[href]");
    if (!link?.hash || link.origin + link.pathname !== location.origin + location.pathname || isElsewhere(event)) return;
    if (event.currentTarget.contains(document.getElementById(idOf(link)))) return;
    event.preventDefault();
    keep();
    going = true;
    history.pushState({}, "", link.href);
    location.reload();
  }

  function append(page, path) {
    const article = document.importNode(page.querySelector("main > article"), true);
    const name = `s${stories.length}-`;
    const own = new Set([...article.querySelectorAll("[id]")].map(({ id }) => id));
    for (const attribute of REFERS) {
      for (const element of article.querySelectorAll(`[${attribute}]`)) {
        const names = element.getAttribute(attribute).split(" ");
        element.setAttribute(attribute, names.map((id) => (own.has(id) ? name + id : id)).join(" "));
      }
    }
    for (const anchor of article.querySelectorAll(`a[href^="#"], a[href^="${path}#"]`)) {
      const id = idOf(anchor);
      anchor.setAttribute("href", own.has(id) ? `#${name}${id}` : `${path}#${id}`);
    }
    const heading = article.querySelector("h1");
    // No two landmarks of one name: its parts are found by their headings.
    for (const part of article.querySelectorAll("section[aria-labelledby]")) part.removeAttribute("aria-labelledby");
    for (const part of article.querySelectorAll("nav")) part.ariaLabel += `: ${heading.textContent}`;
    const box = document.createElement("div");
    box.className = "read-on__story";
    box.dataset.path = path;
    box.append(article);
    const comments = page.querySelector(".thread__title");
    if (comments) {
      const words = document.createElement("a");
      words.className = "button";
      words.href = `${path}#comments`;
      words.textContent = comments.textContent;
      box.append(words);
    }
    box.addEventListener("click", leave);
    nav.before(box);
    stories.push({ path, title: page.title, parts: [box] });
    history.scrollRestoration = "manual";
    show(current);
    attachIn(box);
    return heading;
  }

  async function load() {
    const { pathname: path, href } = link();
    const answer = await fetch(href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !page.querySelector("main > article")) throw new Error(answer.status);
    const heading = append(page, path);
    const next = page.querySelector(".read-on__link");
    if (next && !at(next.pathname)) link().replaceWith(document.importNode(next, true));
    else link().remove();
    return heading;
  }

  async function follow(isAsked) {
    if (busy || !link()) return;
    busy = true;
    const { href } = link();
    nav.ariaBusy = "true";
    try {
      const heading = await load();
      status.textContent = nav.dataset.follows.replace("TITLE", heading.textContent);
      unasked = isAsked ? 0 : unasked + 1;
      if (isAsked) {
        heading.closest("[data-path]").scrollIntoView({ behavior: "instant" });
        heading.tabIndex = -1;
        heading.focus({ preventScroll: true });
      }
    } catch {
      // As without this module; what nobody asked for is not asked for again either.
      unasked = MOST_UNASKED;
      if (isAsked) location.assign(href);
    }
    nav.ariaBusy = null;
    busy = scrolled = false;
    watch();
  }

  // A screen before its end, so that nothing moves that is seen.
  const end = new IntersectionObserver(([{ isIntersecting }]) => {
    const isWriting = document.activeElement.closest("form, .read-on");
    if (isIntersecting && scrolled && unasked < MOST_UNASKED && !isQuiet() && !isWriting) follow(false);
  }, { rootMargin: "0px 0px 100% 0px" });

  // Anew, so that it speaks even if the end is still as near.
  function watch() {
    end.unobserve(nav);
    if (!link()) return;
    // The rules for fetching ahead leave such links out: the page is asked for here, and once. Anew,
    // since a browser looks at a link's words when it comes.
    if (!link().rel) {
      const own = link().cloneNode(true);
      own.rel = "nofollow";
      link().replaceWith(own);
    }
    end.observe(nav);
  }

  nav.addEventListener("click", (event) => {
    if (!event.target.closest("a") || isElsewhere(event)) return;
    // What was asked for unasked and does not come keeps nobody here: the link leads on. The second
    // half of a double press is none.
    if (busy && event.detail < 2) return;
    event.preventDefault();
    follow(true);
  });
  for (const type of ["wheel", "touchmove", "keydown"]) {
    addEventListener(type, () => {
      if (scrolled) return;
      scrolled = true;
      watch();
    }, { passive: true });
  }
  addEventListener("popstate", ({ state }) => {
    const story = at(location.pathname);
    if (going) {
      going = false;
      // Something else lay between, such as a jump to a note.
      if (story !== current) history.replaceState({}, "", current.path);
    } else if (!story) location.reload();
    else if (story !== current || state?.within !== undefined) {
      if (story !== current) {
        if (!trail.includes(story)) trail.push(story);
        story.key = entry();
        show(story);
      }
      // Not above a story that comes after another: that would be a step back.
      const within = Math.max(state?.within ?? 0, story === first ? -Infinity : 0);
      scrollTo({ top: topOf(story) + within, behavior: "instant" });
    }
  });
  // A jump within a story has the name that its place has on the story's own page, where a reload, or
  // who is sent the address, finds it.
  addEventListener("hashchange", () => {
    const place = document.querySelector(":target");
    if (place && place.closest("[data-path]")?.dataset.path === current.path) {
      history.replaceState(history.state, "", `#${place.id.replace(/^s\d+-/, "")}`);
    }
  });
  // A page that is drawn anew for an address of this way has one story, and opens where it was left.
  // Kept while it is read, since what is kept of a page that goes comes too late where it is reloaded.
  const keep = () => {
    if (going || history.scrollRestoration === "auto") return;
    history.replaceState({ ...history.state, within: scrollY - topOf(current) }, "");
  };
  addEventListener("scrollend", keep);
  addEventListener("pagehide", keep);
  if (history.state?.within !== undefined) scrollTo({ top: topOf(first) + history.state.within, behavior: "instant" });
  else if (history.state) document.querySelector(":target")?.scrollIntoView({ behavior: "instant" });
  watch();
}
