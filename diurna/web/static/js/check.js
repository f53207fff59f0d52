// Checks one article against the public log, in the reader's own browser, from public addresses only.
// Quick: the words of the page are in the log. Full: the whole log is read, so that no later entry
// about the article can have been left out.
import { canonicalText } from "./canonical.js";
import {
  bundleAddress,
  checkInclusion,
  entryBytes,
  fromHex,
  leafHash,
  openCheckpoint,
  parseKey,
  parseProof,
  readLog,
  sha256,
  toHex,
} from "./log.js";

async function answer(address, what) {
  const found = await fetch(address, { credentials: "omit", cache: "no-store" });
  if (!found.ok) throw new Error(`${what} could not be fetched: ${address} answers ${found.status}.`);
  return found;
}

const textOf = async (address, what) => (await answer(address, what)).text();

// An article's page: its words as anyone can recompute them, and its lasting name.
async function readArticle(address) {
  const html = await textOf(address, "The article");
  const page = new DOMParser().parseFromString(html, "text/html");
  const name = /urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/.exec(html);
  if (!name) throw new Error("There is no article at this address.");
  return { uuid: name[1], text: canonicalText(page.documentElement) };
}

async function readVersion(site, article) {
  const api = await (await answer(`${site}/api/v1/articles/${article.uuid}`, "The article's history")).json();
  const version = api.revisions[api.revisions.length - 1];
  const commitment = toHex(await sha256(fromHex(version.salt), new TextEncoder().encode(article.text)));
  return { ...version, commitment, title: api.title };
}

const entryOf = (article, version) =>
  entryBytes({
    article: article.uuid,
    at: new Date(version.at).toISOString().replace(/\.\d+Z$/, "Z"),
    commitment: version.commitment,
    kind: version.kind,
    rev: version.number,
    t: "revision",
    v: 1,
  });

export async function quickCheck(site, address, say) {
  const article = await readArticle(address);
  const version = await readVersion(site, article);
  say(`The words of “${version.title}” on its page have the fingerprint ${version.commitment.slice(0, 16)}…`);
  const key = await parseKey(await textOf(`${site}/ledger/key`, "The key of the log"));
  const leaf = await leafHash(entryOf(article, version));
  const found = await fetch(`${site}/ledger/proof/${toHex(leaf)}`, { credentials: "omit", cache: "no-store" });
  if (found.status === 404) {
    throw new Error("No entry of the log has these words: they were changed without it, or in the last minutes.");
  }
  const proof = parseProof(await found.text());
  const checkpoint = await openCheckpoint(proof.checkpoint, key);
  await checkInclusion({ leaf, index: proof.index, size: checkpoint.size, hashes: proof.hashes, root: checkpoint.root });
  say(`Entry ${proof.index} of the ${checkpoint.size} in the log holds this fingerprint; the proof leads to the root.`);
  saySigned(checkpoint, key, say);
  return { article, version, index: proof.index, key };
}

function saySigned(checkpoint, key, say) {
  say(
    checkpoint.signed
      ? `The root is signed by the key ${key.name}+${key.id}.`
      : "This browser can't check Ed25519 signatures, so the signature of the root was not checked.",
  );
}

// How much a full check reads, in bytes: as one bundle of entries has it, for all of them.
export async function fullSize(site) {
  const key = await parseKey(await textOf(`${site}/ledger/key`, "The key of the log"));
  const checkpoint = await openCheckpoint(await textOf(`${site}/ledger/checkpoint`, "The checkpoint"), key);
  const width = Math.min(256, checkpoint.size);
  const first = await answer(`${site}/ledger/${bundleAddress(0, width)}`, "The log");
  const bytes = (await first.arrayBuffer()).byteLength;
  return { entries: checkpoint.size, bytes: Math.round((bytes / width) * checkpoint.size), checkpoint, key };
}

export async function fullCheck(site, quick, { checkpoint, key }, say, told) {
  const ours = [];
  const root = await readLog(
    async (path) => new Uint8Array(await (await answer(`${site}/ledger/${path}`, "The log")).arrayBuffer()),
    checkpoint.size,
    (entry, index) => {
      if (entry.t === "revision" && entry.article === quick.article.uuid) ours.push({ ...entry, index });
    },
    told,
  );
  if (toHex(root) !== toHex(checkpoint.root)) {
    throw new Error("The entries of the log do not add up to the root that was signed.");
  }
  say(`All ${checkpoint.size} entries were read; they add up to the root.`);
  saySigned(checkpoint, key, say);
  const last = ours[ours.length - 1];
  if (!last || last.commitment !== quick.version.commitment) {
    throw new Error(
      `The last entry of the log about this article is number ${last ? last.index : "none"}, and has other words.`,
    );
  }
  say(`The log has ${ours.length} versions of this article; the last one is what the page shows.`);
}

const readable = (bytes) =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;

class Report {
  constructor(place) {
    this.place = place;
    place.replaceChildren();
    this.list = place.appendChild(document.createElement("ol"));
  }
  say = (sentence) => {
    this.list.appendChild(document.createElement("li")).textContent = sentence;
  };
  verdict(sentence, held) {
    const line = this.place.appendChild(document.createElement("p"));
    line.className = held ? "check__held" : "check__failed";
    line.textContent = sentence;
  }
}

async function offerFull(site, quick, report) {
  const size = await fullSize(site);
  const button = report.place.appendChild(document.createElement("button"));
  button.type = "button";
  button.textContent = `Read the whole log: ${size.entries} entries, about ${readable(size.bytes)}`;
  button.addEventListener("click", async () => {
    const bar = document.createElement("progress");
    bar.max = size.entries;
    button.replaceWith(bar);
    await run(report, async () => {
      await fullCheck(site, quick, size, report.say, (done) => {
        bar.value = done;
      });
      return "The full check held: nothing was left out.";
    });
    bar.remove();
  });
}

async function run(report, check) {
  try {
    report.verdict(await check(), true);
    return true;
  } catch (error) {
    report.verdict(error.message, false);
    return false;
  }
}

export function attach(form) {
  const place = form.querySelector("[data-check-report]");
  form.hidden = false;
  // A link from an article names it behind the #, so that this page stays one page for everyone.
  if (location.hash.startsWith("#/")) {
    form.elements.article.value = new URL(location.hash.slice(1), location.origin).href;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const address = new URL(new FormData(form).get("article"), location.href);
    const site = form.dataset.site || address.origin;
    const report = new Report(place);
    let quick;
    const held = await run(report, async () => {
      if (!globalThis.crypto?.subtle) throw new Error("A browser can only check over https or on localhost.");
      quick = await quickCheck(site, address.href, report.say);
      return "The quick check held: these words are in the log.";
    });
    if (held) await offerFull(site, quick, report).catch((error) => report.verdict(error.message, false));
  });
}
