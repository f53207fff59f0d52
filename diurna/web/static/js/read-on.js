// Brings `onward.js` when it is wanted: to who has moved and is two screens from the end, for a press
// on the link, and at once where the history has more than one story in this page.
export function attach(nav, attachIn) {
  const { pathname } = location;
  const over = new AbortController();
  let isNear = false;
  let hasMoved = false;
  let coming;

  // Whether it came: without it the link leads on. What nobody asked for is not asked for again, a press
  // tries anew.
  const bring = () => (coming ??= import("./onward.js").then((module) => {
    end.disconnect();
    over.abort();
    module.attach(nav, attachIn, hasMoved);
    return true;
  }, () => {
    end.disconnect();
    coming = undefined;
    isNear = false;
    return false;
  }));

  const look = () => isNear && hasMoved && bring();
  const end = new IntersectionObserver(([{ isIntersecting }]) => {
    isNear = isIntersecting;
    look();
  }, { rootMargin: "0px 0px 200% 0px" });
  end.observe(nav);
  for (const type of ["wheel", "touchmove", "keydown"]) {
    addEventListener(type, () => {
      hasMoved = true;
      look();
    }, { passive: true, signal: over.signal });
  }

  nav.addEventListener("click", async (event) => {
    const link = event.target.closest("a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (event.detail > 1) return;
    nav.ariaBusy = "true";
    if (await bring()) nav.querySelector("a").click();
    else {
      nav.ariaBusy = null;
      location.assign(link.href);
    }
  }, { signal: over.signal });
  // Another story's address, which only `onward.js` can have given to this page.
  addEventListener("popstate", () => location.pathname === pathname || location.reload(), { signal: over.signal });
  if (history.state) bring();
}
