// Checks one article against the public log, in the reader's own browser, from public addresses only.
// Quick: the words of the page are in the log. Full: the whole log is read, so that no later entry
// about the article can have been left out. Its points are counted by count.js.
import { canonicalText } from "./canonical.js";
import { offer } from "./count.js";
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
import { learn, t } from "./words.js";
import { asking, readable, Report, run } from "./report.js";

// An article's page: its words as anyone can recompute them, and its lasting name.
async function readArticle(ask, address) {
  const html = await ask.text(address, t`The article`);
  const page = new DOMParser().parseFromString(html, "text/html");
  const name = /urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/.exec(html);
  if (!name) throw new Error(t`There is no article at this address.`);
  return { uuid: name[1], text: canonicalText(page.documentElement) };
}

async function readVersion(ask, article) {
  const api = await ask.json(`/api/v1/articles/${article.uuid}`, t`The article's history`);
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

async function checkWords(ask, address, say) {
  const article = await readArticle(ask, address);
  const version = await readVersion(ask, article);
  say(t`The words of “${version.title}” on its page have the fingerprint ${version.commitment.slice(0, 16)}…`);
  const key = await parseKey(await ask.text("/ledger/key", t`The key of the log`));
  const leaf = await leafHash(entryOf(article, version));
  const found = await fetch(`${ask.site}/ledger/proof/${toHex(leaf)}`, { credentials: "omit", cache: "no-store" });
  if (found.status === 404) {
    throw new Error(t`No entry of the log has these words: they were changed without it, or in the last minutes.`);
  }
  const proof = parseProof(await found.text());
  const checkpoint = await openCheckpoint(proof.checkpoint, key);
  await checkInclusion({ leaf, index: proof.index, size: checkpoint.size, hashes: proof.hashes, root: checkpoint.root });
  say(t`Entry ${proof.index} of the ${checkpoint.size} in the log holds this fingerprint; the proof leads to the root.`);
  sayWhoSigned(checkpoint, key, say);
  return { article, version };
}

function sayWhoSigned(checkpoint, key, say) {
  say(
    checkpoint.signed
      ? t`The root is signed by the key ${key.name}+${key.id}.`
      : t`This browser can't check Ed25519 signatures, so the signature of the root was not checked.`,
  );
}

// How much a full check reads, in bytes: as one bundle of entries has it, for all of them.
async function sizeOfAll(ask) {
  const key = await parseKey(await ask.text("/ledger/key", t`The key of the log`));
  const checkpoint = await openCheckpoint(await ask.text("/ledger/checkpoint", t`The checkpoint`), key);
  const width = Math.min(256, checkpoint.size);
  const length = await ask.length(`/ledger/${bundleAddress(0, width)}`, t`The log`);
  return { bytes: Math.round((length / width) * checkpoint.size), checkpoint, key };
}

async function checkAll(ask, quick, { checkpoint, key }, say, told) {
  const ours = [];
  const root = await readLog(
    (path) => ask.bytes(`/ledger/${path}`, t`The log`),
    checkpoint.size,
    (entry, index) => {
      if (entry.t === "revision" && entry.article === quick.article.uuid) ours.push({ ...entry, index });
    },
    told,
  );
  if (toHex(root) !== toHex(checkpoint.root)) {
    throw new Error(t`The entries of the log do not add up to the root that was signed.`);
  }
  say(t`All ${checkpoint.size} entries were read; they add up to the root.`);
  sayWhoSigned(checkpoint, key, say);
  const last = ours[ours.length - 1];
  if (!last || last.commitment !== quick.version.commitment) {
    throw new Error(
      t`The last entry of the log about this article is number ${last ? last.index : "–"}, and has other words.`,
    );
  }
  say(t`The log has ${ours.length} versions of this article; the last one is what the page shows.`);
}

async function offerAll(site, quick, report) {
  const size = await sizeOfAll(asking(site));
  const button = report.button(t`Read the whole log: ${size.checkpoint.size} entries, about ${readable(size.bytes)}`, async () => {
    button.remove();
    await run(report, async (told, signal) => {
      await checkAll(asking(site, signal), quick, size, report.say, told);
      return t`The full check held: nothing was left out.`;
    });
  });
}

async function words(report, site, address) {
  let quick;
  const held = await run(report, async (_told, signal) => {
    quick = await checkWords(asking(site, signal), address.href, report.say);
    return t`The quick check held: these words are in the log.`;
  });
  if (held) await offerAll(site, quick, report).catch((error) => report.failure(error));
}

// The address of an article, or of one of its own pages.
const articleAt = (text) => {
  const address = new URL(text, location.href);
  address.pathname = address.pathname.replace(/\/(?:points|changes)\/?$/, "/").replace(/\/?$/, "/");
  address.search = address.hash = "";
  return address;
};

export function attach(form) {
  const place = form.querySelector("[data-check-report]");
  form.hidden = false;
  // A link from an article names it behind the #, so that this page stays one page for everyone.
  if (location.hash.startsWith("#/")) {
    form.elements.article.value = new URL(location.hash.slice(1), location.origin).href;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await learn(form.dataset.words, document.documentElement.lang);
    const address = articleAt(new FormData(form).get("article"));
    const report = new Report(place);
    if (event.submitter?.value === "points") await offer(report, address.origin, `${address.pathname}points/`);
    else await words(report, address.origin, address);
  });
}
