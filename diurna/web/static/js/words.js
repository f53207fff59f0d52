// What the checks say, in the page's language. The words stand in the code in English, with the tag t before
// them; what stands for a value in a sentence is {0}, {1}, ... in the words that were learnt.
let known = {};
let language = "en";

// Numbers of a language's plural forms, in the order of the catalogs (and of Unicode CLDR).
const FORMS = ["zero", "one", "two", "few", "many", "other"];

export function know(words, tag) {
  known = words;
  language = tag;
}

// English needs none; where the others can't be had, English is better than nothing.
export async function learn(address, tag) {
  if (!address) return;
  try {
    know(await (await fetch(address)).json(), tag);
  } catch (error) {
    console.warn("The words of this language can't be had.", error);
  }
}

const filled = (text, values) => text.replace(/\{(\d)\}/g, (_place, at) => values[at]);

export const t = (pieces, ...values) => {
  const english = pieces.reduce((text, piece, at) => `${text}{${at - 1}}${piece}`);
  return filled(known[english] ?? english, values);
};

// One of two English forms, or of as many as the language has; `shown` is the number as it is written.
export function ngettext(one, many, number, shown) {
  const forms = known[one];
  if (!forms) return filled(Math.abs(number) === 1 ? one : many, [shown]);
  const rules = new Intl.PluralRules(language);
  const used = FORMS.filter((form) => rules.resolvedOptions().pluralCategories.includes(form));
  return filled(forms[used.indexOf(rules.select(Math.abs(number)))] ?? forms.at(-1), [shown]);
}
