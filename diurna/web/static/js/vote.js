// “What do you think?”: a press shows at once, a second one takes it back, and what fails puts the
// old state back and says why.
import { personal, personalAt } from "./fragment.js";

const random = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, 0)).join("");

// For the rule about bursts; the server keeps an HMAC of it.
const cameFrom = new URL(document.referrer || location.href).host;

// The stored vote, or an Error with a sentence and perhaps a code.
export async function put({ api, failed }, value) {
  let answer;
  let said;
  try {
    answer = await fetch(api, {
      method: "PUT",
      headers: { "Came-From": cameFrom },
      body: JSON.stringify({ value, nonce: random() }),
    });
    said = await answer.json();
  } catch {
    throw new Error(failed);
  }
  if (!answer.ok) throw Object.assign(new Error(said.detail), said);
  return said;
}

export function attach(box) {
  const { dataset: words, lang } = box;
  const find = (name) => box.querySelector(`[data-${name}]`);
  const buttons = [...box.querySelectorAll(".points__press")];
  const format = new Intl.NumberFormat(lang, { numberingSystem: "latn" });
  let points = Number(words.points);
  let stands = 0;
  let wanted = 0;
  let counted = true;
  let busy = false;

  const write = (name, figure) => {
    for (const place of box.querySelectorAll(`[data-figure=${name}]`)) {
      place.textContent = format.format(figure).replace("-", "−");
    }
  };
  const show = () => {
    for (const button of buttons) button.setAttribute("aria-pressed", Number(button.value) === wanted);
    write("points", points + (counted ? wanted - stands : 0));
    box.classList.toggle("points--uncounted", !counted && wanted !== 0);
  };
  const say = (sentence, signIn) => {
    find("said").textContent = sentence;
    if (signIn && find("enter")) find("enter").hidden = false;
  };
  const take = (vote) => {
    ({ value: stands, points, counted } = vote);
    write("member", vote.by_class.member.points);
    write("guest", vote.by_class.guest.points);
    find("none").hidden = vote.up + vote.down > 0;
    find("made").hidden = !find("none").hidden;
    say(vote.sentence || (stands ? words.counted : words.back), vote.reason === "network");
  };

  async function press(value) {
    wanted = value === wanted ? 0 : value;
    show();
    // Whoever presses again meanwhile is heard once the answer is there.
    if (busy) return;
    busy = true;
    while (wanted !== stands) {
      try {
        take(await put(words, wanted));
      } catch (error) {
        wanted = stands;
        say(error.message, error.code === "members_only");
      }
      show();
    }
    busy = false;
  }

  find("take-back").hidden = true;
  box.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    press(Number(event.submitter.value));
  });
  show();
  // A story further down, if it was read on to.
  const below = box.closest("[data-path]");
  (below ? personalAt(below.dataset.path) : personal).then((own) => {
    const vote = own.querySelector("[data-own-vote]");
    if (!vote || busy) return;
    stands = wanted = Number(vote.value);
    counted = !vote.dataset.ownVote;
    if (!counted) say(vote.dataset.ownVote);
    show();
  });
}
