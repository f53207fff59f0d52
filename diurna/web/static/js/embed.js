// Something on another site: a button instead of the plain link, and a frame once it is pressed.
export function attach(element) {
  const button = element.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.src = element.dataset.player;
    frame.title = element.dataset.title;
    frame.allow = "fullscreen; picture-in-picture; encrypted-media";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.tabIndex = 0;
    button.replaceWith(frame);
    element.querySelector(".embed__why")?.remove();
    frame.focus();
  });
}
