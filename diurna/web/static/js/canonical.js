// The canonical text of docs/reference/canonical-text.md, read from a document as a browser built it.
// Written from that page alone, so that it and diurna/newsroom/canonical.py hold each other to it.
export const canonicalText = (root) => {
  const words = (text) => new Set(text.split(" "));
  const BLOCKS = words(
    "address article aside blockquote br caption center dd details dialog dir div dl dt fieldset " +
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p " +
    "pre search section summary table tbody tfoot thead tr ul");
  const SILENT = words(
    "audio canvas iframe math noembed noframes noscript object script select style svg template " +
    "textarea title video");
  const SPACE = "[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
  const RUN = new RegExp(SPACE, "g");
  const TRAILING = new RegExp(`${SPACE}$`);
  const lines = [];
  let text = "";

  const end = (kind, verbatim) => {
    const parts = verbatim ? text.split(/\r\n|\r|\n/) : [text];
    text = "";
    if (!kind) return;
    for (const part of parts) {
      const normal = part.normalize("NFC");
      const line = verbatim
        ? normal.replace(TRAILING, "")
        : normal.replace(RUN, " ").replace(/^ +| +$/g, "");
      if (line) lines.push(`${kind}: ${line}\n`);
    }
  };

  const read = (node, kind, verbatim) => {
    if (node.nodeType === Node.TEXT_NODE && kind) text += node.data;
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const name = node.localName;
    const marked = node.hasAttribute("data-canonical");
    const own = node.getAttribute("data-canonical") || kind;
    const breaks = marked || BLOCKS.has(name);
    if (breaks) end(kind, verbatim);
    const inside = verbatim || name === "pre";
    inner(node, name, own, marked, inside);
    if (breaks) end(own, inside);
  };

  const inner = (node, name, kind, marked, verbatim) => {
    if (SILENT.has(name) || node.hasAttribute("data-canonical-skip")) return;
    const code = name === "time" && marked
      ? node.getAttribute("datetime") || ""
      : node.getAttribute("data-canonical-code");
    if (code !== null) {
      if (kind) text += code;
      return;
    }
    const cell = name === "td" || name === "th";
    if (kind && cell) text += "| ";
    if (kind && name === "img" && node.getAttribute("alt")) {
      text += marked ? node.getAttribute("alt") : `[${node.getAttribute("alt")}]`;
    }
    for (const child of node.childNodes) read(child, kind, verbatim);
    if (!kind) return;
    const target = node.getAttribute("data-canonical-target") || node.getAttribute("href");
    if (name === "a" && target) text += ` ⟨${target}⟩`;
    if (cell) text += " ";
  };

  read(root || document.documentElement, null, false);
  return `diurna-canonical-text/1\n${lines.join("")}`;
};
