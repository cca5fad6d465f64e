// What an answer about pictures says in words: the same sentences as the server's (src/web/pages/picture_view.rs).

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
/** Bits of each kind of fingerprint. */
const BITS = { pdqa: 256, pdq: 256 };

export function count(n) {
  return n.toLocaleString("en");
}

export function counted(n, one, many) {
  return n === 1 ? `1 ${one}` : `${count(n)} ${many}`;
}

export function isSure(hit) {
  return hit.verdict !== "maybe";
}

export function summary(found, asked, datasets) {
  if (asked === 1) return found === 0 ? "Your picture was not found." : `Your picture was found in ${counted(datasets, "dataset", "datasets")}.`;
  if (found === 0) return `None of your ${count(asked)} pictures was found.`;
  const are = found === 1 ? "was" : "were";
  return `${count(found)} of your ${count(asked)} pictures ${are} found in ${counted(datasets, "dataset", "datasets")}.`;
}

/** What the summary leaves out. */
export function note(unsure, failed) {
  const said = [];
  if (unsure > 0) said.push(`For ${counted(unsure, "picture", "pictures")} there are only unsure matches; they are folded away.`);
  if (failed > 0) said.push(`${counted(failed, "picture", "pictures")} could not be checked.`);
  return said.join(" ");
}

export function pictureSentence(hits) {
  const sure = hits.filter(isSure).length;
  if (hits.length === 0) return "Not found in the pictures that could be compared.";
  if (sure === 0) return "No sure match. Some records look a little like it.";
  return sure === 1 ? "1 record holds this picture or a copy of it." : `${count(sure)} records hold this picture or a copy of it.`;
}

/** `centre square, mirrored`: what was done to the visitor's picture before it was alike. */
export function variantSentence(variant) {
  if (variant === "as is" || variant === "") return null;
  const at = variant.lastIndexOf(", ");
  const [part, form] = at < 0 ? [null, variant] : [variant.slice(0, at), variant.slice(at + 2)];
  const lying = formInWords(form);
  if (part === null) return lying ? `Found when your picture is ${lying}.` : `Found when your picture is ${partInWords(form)}.`;
  return `Found when your picture is ${partInWords(part)} and ${lying ?? form}.`;
}

function formInWords(form) {
  switch (form) {
    case "mirrored": return "mirrored";
    case "flipped": return "turned upside down in a mirror";
    case "rotated 90": return "turned clockwise by a quarter";
    case "rotated 180": return "turned upside down";
    case "rotated 270": return "turned counter-clockwise by a quarter";
    case "transposed": return "mirrored and turned counter-clockwise by a quarter";
    case "transversed": return "mirrored and turned clockwise by a quarter";
    case "as stored": return "taken as it is stored";
    default: return null;
  }
}

function partInWords(part) {
  if (part === "border trimmed") return "taken without its border";
  if (part.startsWith("inner ")) return `cropped to its ${part}`;
  const cut = part.match(/^(left|top|right|bottom) (.*) cut$/);
  if (cut) return `cut by ${cut[2]} at the ${cut[1]}`;
  return `cropped (${part})`;
}

export function howSentence(hit) {
  if (["sha256", "md5", "sha1"].includes(hit.matched_by)) return `Matched by checksum (${hit.matched_by.toUpperCase()}): equal.`;
  return `Matched by picture fingerprint (${hit.matched_by}): ${hit.distance} of ${BITS[hit.matched_by] ?? 64} bits differ; up to ${hit.radius} were accepted.`;
}

/** `2026-11-21T10:00:00Z` gives `21 November 2026`; anything else stays as it is. */
export function date(iso) {
  const day = iso.match(/^(\d{4})-(\d\d)-(\d\d)/);
  const month = day && MONTHS[day[2] - 1];
  return month ? `${Number(day[3])} ${month} ${day[1]}` : iso;
}

/** Digits with thousands separators; other text as it is. */
export function number(digits) {
  return /^\d+$/.test(digits) ? digits.replace(/\B(?=(\d{3})+$)/g, ",") : digits;
}

/** The first characters, cut at a word where one ends near. */
export function shortened(text, most) {
  const characters = [...text];
  if (characters.length <= most) return text;
  const head = characters.slice(0, most).join("");
  const end = head.search(/\s\S*$/);
  return `${(end * 5 >= head.length * 4 ? head.slice(0, end) : head).trimEnd()} …`;
}

/** The name of a web address's site; `null` for what is no web address. */
export function siteOf(address) {
  try {
    const { protocol, host } = new URL(address);
    return /^https?:$/.test(protocol) && host ? host : null;
  } catch {
    return null;
  }
}
