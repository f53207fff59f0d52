// Counts the points of one story again, in the reader's own browser, from public addresses only.
// Quick: the entries that the site lists are in the log, and add up. Full: the whole log is read, so
// that none can have been left out of the list. The rules are those of docs/reference/ledger.md.
import { bundleAddress, checkInclusion, leafHash, openCheckpoint, parseKey, readLog, Tiles, toHex } from "./log.js";
import { ngettext, t } from "./words.js";
import { asking, counted, demandCrypto, readable, run, Unread } from "./report.js";

// A vote as the list of the API has it, and a full tile of hashes, in bytes: to say the size before.
const LISTED = 420;
const ENTRY = 330;
const TILE = 8192;
const LIST_LIMIT = 1000;
// Points are at most two seconds old, and a page may be fetched just between: then it is asked again.
const TRIES = 8;
const PAUSE = 1500;

// The votes on one target: of each voter holds the entry with the highest n.
export class Count {
  constructor(on) {
    this.on = on;
    this.entries = new Map();
    this.voters = new Map();
  }

  // Whether the entry is about this target.
  take(entry, index) {
    if (entry.t === "vote" && entry.on === this.on) {
      const vote = { n: entry.n, value: entry.value, counts: entry.counted, kind: entry.class };
      this.entries.set(index, vote);
      const known = this.voters.get(entry.voter);
      if (!known || known.n < vote.n) this.voters.set(entry.voter, vote);
      return true;
    }
    const vote = entry.t === "void" || entry.t === "unvoid" ? this.entries.get(entry.entry) : undefined;
    if (!vote) return false;
    vote.counts = entry.t === "unvoid";
    this.entries.set(index, {});
    return true;
  }

  sum() {
    const found = { points: 0, up: 0, down: 0, notCounted: 0, classes: {} };
    for (const { value, counts, kind } of this.voters.values()) {
      if (value && !counts) found.notCounted += 1;
      if (!value || !counts) continue;
      const mine = (found.classes[kind] ??= { points: 0, up: 0, down: 0 });
      for (const each of [found, mine]) {
        each.points += value;
        each[value > 0 ? "up" : "down"] += 1;
      }
    }
    return found;
  }
}

// What a page of points shows.
export function shownOn(page) {
  const place = page.querySelector("[data-target^='article:'][data-entries]");
  const points = place?.querySelector("[data-points]");
  if (!points) throw new Unread(t`There are no points of a story at this address.`);
  return { on: place.dataset.target, points: Number(points.dataset.points), entries: Number(place.dataset.entries) };
}

const readPage = async (ask, path) =>
  shownOn(new DOMParser().parseFromString(await ask.text(path, t`The page`), "text/html"));

const readCheckpoint = async (ask, key) => openCheckpoint(await ask.text("/ledger/checkpoint", t`The log`), key);

// What the site says now, and a signed log that is at least as long as what it says of it.
async function look(site, path, shown, signal) {
  const ask = asking(site, signal);
  const key = await parseKey(await ask.text("/ledger/key", t`The key of the log`));
  let page = shown ?? (await readPage(ask, path));
  for (let tries = 1; ; tries += 1) {
    const before = await readCheckpoint(ask, key);
    const told = await ask.json(`/api/v1/articles/${page.on.slice(8)}/points`, t`What the points are made of`);
    const checkpoint = await readCheckpoint(ask, key);
    const fits = before.size <= told.as_of_size && told.as_of_size <= checkpoint.size && page.points === told.points;
    if (fits || tries === TRIES) return { ask, path, page, key, told, before, checkpoint };
    await new Promise((done) => setTimeout(done, PAUSE));
    if (page.points !== told.points) page = await readPage(ask, path);
  }
}

const points = (number) => ngettext("{0} point", "{0} points", number, counted(number));

// Throws where the site contradicts the log, or itself; the sentence has both figures.
export function compare({ page, told, before, checkpoint }, sum) {
  const added = told.pending ? t`, and ${counted(told.pending)} being added, which nobody can check yet` : "";
  const whole = sum.points + told.pending;
  if (told.as_of_size < before.size || told.as_of_size > checkpoint.size) {
    throw new Error(
      t`The site speaks of ${counted(told.as_of_size)} entries of the log, which has ${counted(checkpoint.size)}.`,
    );
  }
  for (const [shown, where] of [[page.points, t`The page`], [told.points, t`The API`]]) {
    if (shown !== whole) throw new Error(t`${where} shows ${points(shown)}, and the log adds up to ${counted(sum.points)}${added}.`);
  }
  if (told.logged !== sum.points) {
    throw new Error(t`The site says that ${points(told.logged)} are in the log, and the log adds up to ${counted(sum.points)}.`);
  }
  compareClasses(told, sum);
  return added;
}

function compareClasses(told, sum) {
  const kinds = Object.keys({ ...told.by_class, ...sum.classes });
  const total = kinds.reduce((all, kind) => all + (told.by_class[kind]?.points ?? 0), 0);
  for (const found of [total, told.up - told.down]) {
    if (found !== told.points) {
      throw new Error(t`The parts that the site gives make ${points(found)}, and it shows ${counted(told.points)}.`);
    }
  }
  // As long as votes are being added, nobody outside knows of which class they are.
  if (told.waiting !== 0) return;
  for (const kind of kinds) {
    for (const side of ["up", "down"]) {
      const [shown, found] = [told.by_class[kind]?.[side] ?? 0, sum.classes[kind]?.[side] ?? 0];
      if (shown !== found) {
        throw new Error(t`The site shows ${counted(shown)} votes ${side === "up" ? t`up` : t`down`} of the class ${kind}, and the log has ${counted(found)}.`);
      }
    }
  }
}

async function readList(ask, on, told, expected) {
  const listed = [];
  let cursor = "";
  do {
    const page = await ask.json(`/api/v1/articles/${on.slice(8)}/points/entries?limit=${LIST_LIMIT}${cursor}`, t`The list of entries`);
    for (const { index, entry } of page.items) {
      if (!Number.isSafeInteger(index) || index <= (listed.at(-1)?.index ?? -1)) {
        throw new Error(t`The list of entries is not in order after ${listed.at(-1)?.index}.`);
      }
      listed.push({ index, entry });
    }
    told(listed.length, Math.max(expected, listed.length));
    cursor = page.next && page.items.length ? `&cursor=${encodeURIComponent(page.next)}` : "";
  } while (cursor);
  return listed;
}

async function quick(site, path, shown, report, told, signal) {
  const now = await look(site, path, shown, signal);
  const { ask, page, checkpoint } = now;
  const listed = (await readList(ask, page.on, told, page.entries)).filter(({ index }) => index < checkpoint.size);
  const tiles = new Tiles((address) => ask.bytes(`/ledger/${address}`, t`The log`), checkpoint.size);
  const count = new Count(page.on);
  for (const [place, { index, entry }] of listed.entries()) {
    const leaf = await leafHash(new TextEncoder().encode(entry));
    const hashes = await tiles.proof(index);
    await checkInclusion({ leaf, index, size: checkpoint.size, hashes, root: checkpoint.root });
    if (index < now.told.as_of_size && !count.take(JSON.parse(entry), index)) {
      throw new Error(t`Entry ${index} is in the list, and is not about this story.`);
    }
    told(place + 1, listed.length);
  }
  report.say(t`The ${counted(listed.length)} entries that the site lists are in the log, each with a proof.`);
  saySigned(now, report);
  return conclude(now, count, report, t`The quick check held`, t`Whether an entry was left out of the list, only the full recount shows.`);
}

async function full(site, path, shown, report, told, signal) {
  const now = await look(site, path, shown, signal);
  const { ask, page, checkpoint } = now;
  const count = new Count(page.on);
  const root = await readLog(
    (address) => ask.bytes(`/ledger/${address}`, t`The log`),
    checkpoint.size,
    (entry, index) => index < now.told.as_of_size && count.take(entry, index),
    told,
  );
  if (toHex(root) !== toHex(checkpoint.root)) {
    throw new Error(t`The entries of the log do not add up to the root that was signed.`);
  }
  report.say(t`All ${counted(checkpoint.size)} entries of the log were read; ${counted(count.entries.size)} of them are about this story.`);
  saySigned(now, report);
  const verdict = conclude(now, count, report, t`The full recount held`, t`No entry was left out.`);
  await compareList(now, count, told);
  return verdict;
}

async function compareList({ ask, page, told: said }, count, told) {
  const listed = new Set((await readList(ask, page.on, told, count.entries.size)).map(({ index }) => index));
  for (const index of count.entries.keys()) {
    if (!listed.has(index)) throw new Error(t`Entry ${index} of the log is about this story, and the list of the site leaves it out.`);
  }
  for (const index of listed) {
    if (index < said.as_of_size && !count.entries.has(index)) {
      throw new Error(t`Entry ${index} is in the list of the site, and the log has nothing about this story there.`);
    }
  }
}

function saySigned({ key, checkpoint }, report) {
  report.say(
    checkpoint.signed
      ? t`The root of the log is signed by the key ${key.name}+${key.id}.`
      : t`This browser can’t check Ed25519 signatures, so the signature of the log was not checked.`,
  );
}

function conclude(now, count, report, held, limit) {
  const sum = count.sum();
  report.say(
    t`Of ${counted(count.voters.size)} readers: ${counted(sum.up)} up, ${counted(sum.down)} down, ${counted(sum.notCounted)} not counted. That makes ${points(sum.points)}.`,
  );
  const added = compare(now, sum);
  return t`${held}: the page shows ${points(now.page.points)}, and the log adds up to ${counted(sum.points)}${added}. ${limit}`;
}

// Says how much each check would read, and lets the reader choose.
export async function offer(report, site, path, shown) {
  let now;
  report.say(t`Asking the site how much there is to read.`);
  try {
    demandCrypto();
    now = await look(site, path, shown);
  } catch (error) {
    report.failure(error);
    return;
  }
  const { page, checkpoint, told } = now;
  if (shown && page.points !== shown.points) {
    report.say(t`This page showed ${points(shown.points)} when you opened it. It shows ${counted(page.points)} now, and that is checked.`);
  }
  report.say(t`The site shows ${points(page.points)}: ${counted(told.logged)} in the log, ${counted(told.pending)} being added.`);
  const most = page.entries * LISTED + (Math.min(page.entries, Math.ceil(checkpoint.size / 256)) + 3) * Math.min(TILE, 32 * checkpoint.size);
  const each = await entrySize(now.ask, checkpoint.size);
  choice(report, t`Quick check: ${counted(page.entries)} entries, ${readable(most)} at most`, quick, site, path, page);
  choice(report, t`Full recount: all ${counted(checkpoint.size)} entries of the log, about ${readable(each * checkpoint.size)}`, full, site, path, page);
}

// The mean size of the first entries or of the last, whichever is larger; only lengths are asked for.
async function entrySize(ask, size) {
  const means = [0, Math.floor((size - 1) / 256)].map(async (number) => {
    const width = Math.min(256, size - number * 256);
    return (await ask.length(`/ledger/${bundleAddress(number, width)}`, t`The log`)) / width;
  });
  return Promise.all(means).then(([first, last]) => Math.max(first, last), () => 0).then((mean) => mean || ENTRY);
}

function choice(report, label, check, site, path, shown) {
  const button = report.button(label, async () => {
    const buttons = report.place.querySelectorAll("button");
    for (const each of buttons) each.disabled = true;
    await run(report, (told, signal) => check(site, path, shown, report, told, signal));
    for (const each of buttons) each.disabled = false;
    button.focus();
  });
}
