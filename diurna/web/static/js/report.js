// What the checks share: asking the site, and telling the reader what was asked and what came of it.

import { t } from "./words.js";

// Nothing is known when something could not be read: that is neither for nor against the newsroom.
export class Unread extends Error {}

// Asks one site, without cookies and past every cache; `signal` stops it.
export const asking = (site, signal) => {
  const ask = async (path, what, method = "GET") => {
    const address = new URL(path, site).href;
    let found;
    try {
      found = await fetch(address, { credentials: "omit", cache: "no-store", method, signal });
    } catch {
      throw new Unread(t`${what} could not be fetched from ${address}.`);
    }
    if (!found.ok) throw new Unread(t`${what} could not be fetched: ${address} answers ${found.status}.`);
    return found;
  };
  return {
    site,
    text: async (path, what) => (await ask(path, what)).text(),
    json: async (path, what) => (await ask(path, what)).json(),
    bytes: async (path, what) => new Uint8Array(await (await ask(path, what)).arrayBuffer()),
    length: async (path, what) => Number((await ask(path, what, "HEAD")).headers.get("content-length")),
  };
};

export const counted = (number) => number.toLocaleString(document.documentElement.lang || "en", { numberingSystem: "latn" });

export const readable = (bytes) =>
  bytes < 1e6 ? `${counted(Math.max(1, Math.round(bytes / 1e3)))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;

export class Report {
  constructor(place) {
    this.place = place;
    place.replaceChildren();
    this.told = this.add("div", "");
    this.told.setAttribute("role", "status");
    this.list = this.told.appendChild(document.createElement("ol"));
  }

  add(name, text, parent = this.place) {
    const element = parent.appendChild(document.createElement(name));
    element.textContent = text;
    return element;
  }

  say = (sentence) => this.add("li", sentence, this.list);

  verdict(sentence, kind) {
    this.add("p", sentence, this.told).className = `check__${kind}`;
    // What follows belongs to another check.
    this.list = this.told.appendChild(document.createElement("ol"));
  }

  // A plain Error is a contradiction in a sentence; anything else only says that nothing is known.
  failure(error) {
    if (error.constructor === Error) this.verdict(error.message, "failed");
    else if (error instanceof Unread) this.verdict(error.message, "unread");
    else this.verdict(t`The site gave an answer that can’t be read (${error.message}).`, "unread");
  }

  button(label, press) {
    const button = this.add("button", label);
    button.type = "button";
    button.addEventListener("click", press);
    return button;
  }
}

export function demandCrypto() {
  if (!globalThis.crypto?.subtle) throw new Unread(t`A browser can only check over https or on localhost.`);
}

// Runs one check with a bar and a way to stop it; `work(told, signal)` returns the sentence that
// says what held, or throws.
export async function run(report, work) {
  const stopping = new AbortController();
  const bar = report.add("progress", "");
  bar.setAttribute("aria-label", t`How much has been read`);
  const far = report.add("p", "");
  const stop = report.button(t`Stop`, () => stopping.abort());
  const told = (done, all) => {
    bar.max = all;
    bar.value = done;
    far.textContent = t`${counted(done)} of ${counted(all)} entries`;
    if (stopping.signal.aborted) throw new Unread("");
  };
  try {
    demandCrypto();
    report.verdict(await work(told, stopping.signal), "held");
    return true;
  } catch (error) {
    if (stopping.signal.aborted) {
      report.verdict(t`Stopped. This check has shown nothing, neither for nor against.`, "unread");
    } else {
      report.failure(error);
    }
    return false;
  } finally {
    for (const element of [bar, far, stop]) element.remove();
  }
}
