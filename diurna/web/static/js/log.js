// The public log, read and checked in a browser: RFC 6962 hashes, C2SP tiles, notes and proofs.
// Needs WebCrypto, so https or localhost. Every function throws an Error whose message is a sentence.
import { t } from "./words.js";

const WIDTH = 256;
const AHEAD = 4;
const HASH = 32;

export const toHex = (bytes) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const fromHex = (text) => {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new Error(t`A value that should be hexadecimal is not.`);
  return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
};

const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

const toBytes = (text) => new TextEncoder().encode(text);

const join = (...parts) => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
};

const same = (one, two) => toHex(one) === toHex(two);

export const sha256 = async (...parts) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));

export const leafHash = (entry) => sha256(Uint8Array.of(0), entry);

const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

// The one spelling of an entry: sorted keys, no spaces. Values here are strings and numbers only.
export const entryBytes = (fields) =>
  toBytes(JSON.stringify(Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)))));

export async function parseKey(text) {
  const [name, id, encoded] = text.trim().split(/\+([0-9a-f]{8})\+/);
  if (!encoded) throw new Error(t`The key of the log is not written as a verifier key.`);
  const typed = fromBase64(encoded);
  if (typed[0] !== 1 || typed.length !== 1 + HASH) throw new Error(t`The key is not an Ed25519 key.`);
  const found = (await sha256(toBytes(`${name}\n`), typed)).subarray(0, 4);
  if (toHex(found) !== id) throw new Error(t`The key has the id of another key.`);
  return { name, id, raw: typed.subarray(1) };
}

// The checkpoint of a signed note. `signed` is false where this browser can't check Ed25519.
export async function openCheckpoint(note, key) {
  const cut = note.lastIndexOf("\n\n");
  const text = note.slice(0, cut + 1);
  const [origin, size, root] = text.split("\n");
  if (cut < 0 || origin !== key.name || !/^(0|[1-9][0-9]{0,15})$/.test(size)) {
    throw new Error(t`The checkpoint of the log is not one, or is that of another log.`);
  }
  const lines = note.slice(cut + 2).split("\n").filter((line) => line.startsWith(`— ${key.name} `));
  const signatures = lines.map((line) => fromBase64(line.split(" ")[2]));
  const own = signatures.find((each) => toHex(each.subarray(0, 4)) === key.id);
  if (!own) throw new Error(t`The checkpoint is not signed by the key of the log.`);
  const signed = await checkSignature(key, own.subarray(4), toBytes(text));
  return { origin, size: Number(size), root: fromBase64(root), signed };
}

async function checkSignature(key, signature, text) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key.raw, "Ed25519", false, ["verify"]);
  } catch {
    return false;
  }
  if (!(await crypto.subtle.verify("Ed25519", imported, signature, text))) {
    throw new Error(t`The signature of the checkpoint is wrong.`);
  }
  return true;
}

export function parseProof(text) {
  const cut = text.indexOf("\n\n");
  const lines = text.slice(0, cut).split("\n").filter((line) => !line.startsWith("extra "));
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(lines[1] || "");
  if (cut < 0 || lines[0] !== "c2sp.org/tlog-proof@v1" || !index) {
    throw new Error(t`The proof of the entry can't be read.`);
  }
  return {
    index: Number(index[1]),
    hashes: lines.slice(2).map(fromBase64),
    checkpoint: text.slice(cut + 2),
  };
}

// RFC 9162, 2.1.3.2. Numbers stay exact: division instead of bit operators, which have 32 bits.
export async function checkInclusion({ leaf, index, size, hashes, root }) {
  if (index >= size) throw new Error(t`Entry ${index} can't be in a log of ${size} entries.`);
  let node = index;
  let last = size - 1;
  let found = leaf;
  for (const sibling of hashes) {
    if (last === 0) throw new Error(t`The proof is longer than the tree is high.`);
    if (node % 2 === 1 || node === last) {
      found = await nodeHash(sibling, found);
      while (node % 2 === 0 && node !== 0) {
        node = node / 2;
        last = Math.floor(last / 2);
      }
    } else {
      found = await nodeHash(found, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0 || !same(found, root)) throw new Error(t`The proof of entry ${index} does not lead to the signed root.`);
}

function tileAddress(level, number, width) {
  let digits = String(number % 1000).padStart(3, "0");
  for (let rest = Math.floor(number / 1000); rest; rest = Math.floor(rest / 1000)) {
    digits = `x${String(rest % 1000).padStart(3, "0")}/${digits}`;
  }
  return `tile/${level}/${digits}${width === WIDTH ? "" : `.p/${width}`}`;
}

export const bundleAddress = (number, width) => tileAddress("entries", number, width);

// The tree of a log of this size, read from its tiles of hashes as far as proofs need them. What
// the tiles say is proven by `checkInclusion` alone, against a root that was signed.
export class Tiles {
  constructor(fetchBytes, size) {
    this.fetchBytes = fetchBytes;
    this.size = size;
    this.tiles = new Map();
    this.ranges = new Map();
  }

  // RFC 6962, 2.1.1: the audit path of an entry, from its sibling up.
  async proof(index) {
    const path = [];
    let [begin, end] = [0, this.size];
    while (end - begin > 1) {
      const middle = begin + powerBelow(end - begin);
      if (index < middle) {
        path.push(await this.range(middle, end));
        end = middle;
      } else {
        path.push(await this.range(begin, middle));
        begin = middle;
      }
    }
    return path.reverse();
  }

  range(begin, end) {
    const name = `${begin}-${end}`;
    if (!this.ranges.has(name)) this.ranges.set(name, this.read(begin, end));
    return this.ranges.get(name);
  }

  async read(begin, end) {
    const count = end - begin;
    let [level, span] = [0, 1];
    while (span * WIDTH <= count) [level, span] = [level + 1, span * WIDTH];
    if (count === span) return this.hash(level, begin / span);
    const middle = begin + powerBelow(count);
    return nodeHash(await this.range(begin, middle), await this.range(middle, end));
  }

  async hash(level, place) {
    const number = Math.floor(place / WIDTH);
    const width = Math.min(WIDTH, Math.floor(this.size / WIDTH ** level) - number * WIDTH);
    const address = tileAddress(level, number, width);
    if (!this.tiles.has(address)) this.tiles.set(address, this.fetchBytes(address));
    const tile = await this.tiles.get(address);
    if (tile.length !== width * HASH) throw new Error(t`A tile of the log has another length than it should.`);
    const begin = (place - number * WIDTH) * HASH;
    return tile.subarray(begin, begin + HASH);
  }
}

// The largest power of two below a number.
const powerBelow = (number) => {
  let power = 1;
  while (power * 2 < number) power *= 2;
  return power;
};

function decodeBundle(bytes, width) {
  const entries = [];
  for (let place = 0; place < bytes.length; ) {
    const begin = place + 2;
    place = begin + bytes[place] * WIDTH + bytes[place + 1];
    if (!(place <= bytes.length)) throw new Error(t`A part of the log ends in the middle of an entry.`);
    entries.push(bytes.subarray(begin, place));
  }
  if (entries.length !== width) throw new Error(t`A part of the log has another number of entries.`);
  return entries;
}

// Bundles one after the other, with a few asked for ahead, so that a distant site is no slower.
async function* readBundles(fetchBytes, size) {
  const asked = [];
  const count = Math.ceil(size / WIDTH);
  for (let number = 0; number < count; number += 1) {
    for (let next = asked.length; next < Math.min(count, number + AHEAD); next += 1) {
      const width = Math.min(WIDTH, size - next * WIDTH);
      asked[next] = fetchBytes(bundleAddress(next, width)).then((bytes) => decodeBundle(bytes, width));
      // Whoever waits for it is told; nobody waits any more once another one has failed.
      asked[next].catch(() => {});
    }
    yield await asked[number];
    asked[number] = null;
  }
}

// Reads every entry, hands each to `take(entry, index)` and returns the root over all of them.
export async function readLog(fetchBytes, size, take, told) {
  const peaks = [];
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let index = 0;
  for await (const entries of readBundles(fetchBytes, size)) {
    const leaves = await Promise.all(entries.map(leafHash));
    for (const [place, entry] of entries.entries()) {
      take(JSON.parse(decoder.decode(entry)), index + place);
      let height = 0;
      let root = leaves[place];
      while (peaks.length && peaks[peaks.length - 1].height === height) {
        root = await nodeHash(peaks.pop().root, root);
        height += 1;
      }
      peaks.push({ height, root });
    }
    index += entries.length;
    told(index, size);
  }
  if (!peaks.length) return sha256();
  let root = peaks.pop().root;
  while (peaks.length) root = await nodeHash(peaks.pop().root, root);
  return root;
}
