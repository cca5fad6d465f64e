// Checks a signed document in the visitor's own browser: nothing is sent. Only this portal's list of keys is fetched.
// The same checks as “rollcall verify”. Without this file, or where the browser lacks Ed25519, the form sends the file
// to the portal, which checks it.

const SEPARATOR = "rollcall-signed-document/1\n";
const INTEGER_MAX = 2 ** 53 - 1;
const DEPTH_MAX = 100;
const FAULTS_MAX = 20;
const LAYOUT = "layout";
const KINDS = {
  "rollcall-evidence/1": "an evidence pack",
  "rollcall-receipt/1": "a receipt",
  "rollcall-removal-set/1": "a removal set",
  "rollcall-attestation/1": "an attestation that a removal set was applied",
};

const encoder = new TextEncoder();
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (digits) => (/^([0-9a-f]{2})*$/.test(digits) ? Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16)) : null);
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const isText = (value) => typeof value === "string";
const isObject = (value) => value instanceof Map;

/** Where a file can no longer be read. */
class Damage extends Error {
  constructor(at, part) { super("damaged"); this.at = at; this.part = part; }
}

/** Reads JSON into Maps, arrays, texts, numbers; knows in which part of the document it stumbles. */
class Reader {
  constructor(text) { this.text = text; this.at = 0; this.part = null; }

  document() {
    const value = this.value(0);
    this.part = null;
    this.space();
    if (this.at < this.text.length) this.fail();
    return value;
  }

  fail(part = this.part) {
    throw new Damage(encoder.encode(this.text.slice(0, this.at)).length, part);
  }

  space() { while (" \t\n\r".includes(this.text[this.at] || "x")) this.at += 1; }

  take(character) {
    this.space();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  value(depth) {
    this.space();
    if (depth > DEPTH_MAX) this.fail();
    const first = this.text[this.at];
    if (first === "{") return this.object(depth);
    if (first === "[") return this.array(depth);
    if (first === '"') return this.string();
    for (const [word, value] of [["true", true], ["false", false], ["null", null]]) {
      if (this.text.startsWith(word, this.at)) { this.at += word.length; return value; }
    }
    const number = /^-?(0|[1-9][0-9]*)(?![0-9.eE])/.exec(this.text.slice(this.at, this.at + 40));
    if (!number || Math.abs(Number(number[0])) > INTEGER_MAX) this.fail();
    this.at += number[0].length;
    return Number(number[0]);
  }

  object(depth) {
    const members = new Map();
    this.at += 1;
    if (this.take("}")) return members;
    do {
      this.space();
      if (depth === 0) this.name();
      if (this.text[this.at] !== '"') this.fail();
      const name = this.string();
      if (!this.take(":")) this.fail();
      members.set(name, this.value(depth + 1));
    } while (this.take(","));
    if (!this.take("}")) this.fail();
    return members;
  }

  /** The name of the part that begins here, even where its quotation marks are damaged. */
  name() {
    const name = /^[^a-z0-9_]?([a-z0-9_]{1,64})/.exec(this.text.slice(this.at, this.at + 70));
    this.part = null;
    if (!name) return;
    // Where a quotation mark beside it became a letter, it is named elsewhere: in the list of parts.
    const isKnown = (known) => ["parts", "signature"].includes(known) || (known !== "" && this.text.includes(`"${known}":"`));
    this.part = [name[1], name[1].slice(1), name[1].slice(0, -1)].find(isKnown) ?? name[1];
  }

  array(depth) {
    const items = [];
    this.at += 1;
    if (this.take("]")) return items;
    do { items.push(this.value(depth + 1)); } while (this.take(","));
    if (!this.take("]")) this.fail();
    return items;
  }

  string() {
    const found = /"[^"\\\u0000-\u001f]*(?:\\.[^"\\\u0000-\u001f]*)*"/y;
    found.lastIndex = this.at;
    const match = found.exec(this.text);
    if (!match) this.fail();
    try {
      const value = JSON.parse(match[0]);
      this.at += match[0].length;
      return value;
    } catch {
      return this.fail();
    }
  }
}

/** RFC 8785: members sorted as UTF-16, the shortest escapes, no spaces. */
function canonical(value) {
  if (isObject(value)) {
    const names = [...value.keys()].sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value.get(name))}`).join(",")}}`;
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  return JSON.stringify(value);
}

const fingerprint = async (value) => hex(await sha256(encoder.encode(canonical(value))));
const parts = (members) => [...members].filter(([name]) => name !== "parts" && name !== "signature");

async function fingerprints(members) {
  const all = new Map();
  for (const [name, part] of parts(members)) all.set(name, await fingerprint(part));
  return all;
}

async function partFaults(members) {
  const listed = members.get("parts");
  if (!isObject(listed)) return [{ part: "parts", sentence: "“parts” is missing or was changed: the list of what was signed is not there." }];
  const faults = [];
  for (const [name, found] of await fingerprints(members)) {
    if (!listed.has(name)) faults.push({ part: name, sentence: `“${name}” was added, or is a part whose name was changed.` });
    else if (listed.get(name) !== found) faults.push({ part: name, sentence: `“${name}” was changed.` });
  }
  for (const name of listed.keys()) if (!members.has(name)) faults.push({ part: name, sentence: `“${name}” is missing.` });
  if (!members.has("format") && faults.length === 0) faults.push({ part: "format", sentence: "“format” is missing." });
  return faults;
}

/** The signature's own members, or what is wrong with them. */
async function readSignature(members) {
  const broken = (what) => ({ fault: { part: "signature", sentence: `“signature” was changed: ${what}.` } });
  const signature = members.get("signature");
  if (!isObject(signature)) return { fault: { part: "signature", sentence: "“signature” is missing." } };
  const of = (name) => (isText(signature.get(name)) ? signature.get(name) : "");
  if (signature.size !== 4 || of("algorithm") !== "Ed25519") return broken("it is not made of an algorithm (Ed25519), a key and a value");
  const key = fromHex(of("public_key"));
  if (key?.length !== 32) return broken("the key in it is none");
  if (hex(await sha256(key)).slice(0, 16) !== of("key_id")) return broken("the key's name does not belong to the key");
  const value = fromHex(of("value"));
  if (value?.length !== 64) return broken("its value is none");
  return { key, value, keyId: of("key_id"), publicKey: of("public_key") };
}

async function fits(members, signature) {
  const unsigned = new Map(members);
  unsigned.delete("signature");
  const key = await crypto.subtle.importKey("raw", signature.key, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature.value, encoder.encode(SEPARATOR + canonical(unsigned)));
}

/** Whether parts or their list were changed, or all was rewritten together. */
async function signatureFaults(members, signature, faults) {
  if (faults.length === 0) {
    const sentence = "The signature does not fit: it was changed, or the content was rewritten together with its list of parts.";
    return (await fits(members, signature)) ? [] : [{ part: "signature", sentence }];
  }
  const mended = new Map(members).set("parts", await fingerprints(members));
  const sentence = "“parts”, the list of fingerprints, was changed; the parts themselves were not.";
  return (await fits(mended, signature)) ? [{ part: "parts", sentence }] : faults;
}

const node = (left, right) => sha256(Uint8Array.of(1, ...left, ...right));

/** RFC 9162, 2.1.3.2. Places are BigInt: sets can have more rows than a bit shift of JavaScript can count. */
async function isInTree(leaf, index, leaves, path, root) {
  if (index >= leaves || path.length > 63) return false;
  let [place, last, hash] = [index, leaves - 1n, leaf];
  for (const step of path) {
    if (last === 0n) return false;
    if (place % 2n === 1n || place === last) {
      hash = await node(step, hash);
      while (place % 2n === 0n && place !== 0n) { place /= 2n; last /= 2n; }
    } else {
      hash = await node(hash, step);
    }
    place /= 2n;
    last /= 2n;
  }
  return last === 0n && hex(hash) === root;
}

async function isRowProved(row, set) {
  const proof = row.get("proof");
  if (proof === null || proof === undefined) return true;
  if (!isObject(proof) || !isObject(set)) return false;
  const salt = fromHex(proof.get("salt"));
  const path = proof.get("path").map(fromHex);
  if (!salt || path.some((step) => step?.length !== 32)) return false;
  const leaf = await sha256(Uint8Array.of(0, ...salt, ...encoder.encode(canonical(row.get("identity")))));
  const isLeaf = hex(leaf) === proof.get("leaf");
  return isLeaf && isInTree(leaf, BigInt(proof.get("index")), BigInt(set.get("leaves")), path, set.get("root"));
}

async function receiptFaults(members, roots) {
  const faults = [];
  const rows = members.get("rows");
  for (const [at, row] of (Array.isArray(rows) ? rows : []).entries()) {
    const proved = await isRowProved(row, members.get("set")).catch(() => false);
    if (!proved) faults.push({ part: "rows", sentence: `Row ${at} of this receipt does not stand in the removal set: its path does not lead to the root.` });
  }
  const set = members.get("set");
  const slug = members.get("dataset")?.get?.("slug");
  const published = isObject(set) && roots.find((known) => known.dataset === slug && known.version === set.get("version"));
  if (published && published.root !== set.get("root")) {
    faults.push({ part: "set", sentence: `The portal publishes another root for version ${set.get("version")} of the removal set of ${slug}.` });
  }
  return faults;
}

/** The text with a character that is nowhere allowed in place of the first byte that is none: reading it stumbles there. */
function readable(bytes) {
  const decode = (some) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(some);
  const again = encoder.encode(decode(bytes));
  const at = again.findIndex((byte, place) => byte !== bytes[place]);
  return `${decode(bytes.slice(0, at))}\u0000${decode(bytes.slice(at + 1))}`;
}

const IS_PDF = "This is a PDF, and the pages of a PDF are not signed. The signed document is attached to it, as evidence.json or receipt.json: save that, and check it.";

/** Checks the bytes of a file; gives faults, and what is known of the key. */
export async function verify(bytes, portal) {
  let text;
  let members;
  if (new TextDecoder().decode(bytes.slice(0, 4)) === "%PDF") return { faults: [{ part: LAYOUT, sentence: IS_PDF }] };
  try {
    // A byte order mark would be dropped in silence: keep it, so that it is told.
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    text = readable(bytes);
  }
  try {
    members = new Reader(text).document();
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    const sentence = error.part
      ? `“${error.part}” was changed: the file can no longer be read from byte ${error.at} on.`
      : `The file's layout was changed: it can no longer be read at byte ${error.at}, outside of all parts.`;
    return { faults: [{ part: error.part ?? LAYOUT, sentence }] };
  }
  if (!isObject(members) || !["parts", "signature", "format"].some((name) => members.has(name))) {
    return { faults: [{ part: LAYOUT, sentence: "This is no document that Rollcall signs: it has no format, no parts and no signature." }] };
  }
  let faults = await partFaults(members);
  const signature = await readSignature(members);
  if (signature.fault) faults.push(signature.fault);
  else faults = await signatureFaults(members, signature, faults);
  if (`${canonical(members)}\n` !== text || encoder.encode(text).length !== bytes.length) {
    faults.push({ part: LAYOUT, sentence: "The file's layout was changed: it is not byte for byte what was signed (spaces, line ends, order, or a doubled member)." });
  }
  if (faults.length === 0 && members.get("format") === "rollcall-receipt/1") faults.push(...(await receiptFaults(members, portal.removal_sets ?? [])));
  const known = portal.keys.find((key) => key.public_key === signature.publicKey);
  const madeAt = members.get("made_at");
  if (known?.retired_at && Date.parse(madeAt) > Date.parse(known.retired_at)) {
    faults.push({ part: "signature", sentence: `It says it was made at ${madeAt}, but its key had been retired at ${known.retired_at}.` });
  }
  return { faults, known, keyId: signature.keyId, format: members.get("format"), madeAt };
}

/** What was found, in sentences. */
function told({ faults, known, keyId, format, madeAt }) {
  if (faults[0]?.sentence === IS_PDF) return { heading: "Not checked", sentences: [IS_PDF] };
  if (faults.length > 0) return { heading: "Not valid", sentences: faults.slice(0, FAULTS_MAX).map((fault) => fault.sentence) };
  const sentences = [`This is ${KINDS[format] ?? "a signed document of a kind this page does not know"}, and not one byte of it was changed since it was signed.`];
  if (isText(madeAt)) sentences.push(`It says it was made at ${madeAt}.`);
  if (!known) {
    sentences.push(`Its key ${keyId} is none of this portal’s. It may be a maintainer’s or another portal’s: ask whoever gave you the file for their key, and compare.`);
    return { heading: "Unchanged, but not signed by this portal", sentences };
  }
  sentences.push(known.retired_at ? `It is signed by this portal’s key ${keyId}, which was retired since; what it signed before stays valid.` : `It is signed by this portal’s key ${keyId}.`);
  return { heading: "Valid", sentences, isGood: true };
}

function show({ heading, sentences, isGood }) {
  const answer = document.createElement("section");
  answer.className = isGood ? "notice notice-good" : "notice";
  const title = document.createElement("h2");
  title.textContent = heading;
  answer.append(title);
  for (const sentence of [...sentences, "Checked by your own browser; the file was not sent."]) {
    const line = document.createElement("p");
    line.textContent = sentence;
    answer.append(line);
  }
  document.getElementById("answer").replaceChildren(answer);
}

/** Whether this browser can check at all, by checking that it knows the algorithm. */
async function canVerify() {
  if (!globalThis.crypto?.subtle) return false;
  const key = fromHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  return crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]).then(() => true, () => false);
}

async function check(form, file) {
  const state = form.querySelector(".drop-state");
  state.textContent = `Checking ${file.name} …`;
  try {
    const response = await fetch("/.well-known/rollcall.json");
    if (!response.ok) throw new Error("no keys");
    show(told(await verify(new Uint8Array(await file.arrayBuffer()), await response.json())));
    state.textContent = `Checked: ${file.name}`;
  } catch {
    state.textContent = "This could not be checked here. Use the button: the portal then checks the file.";
    form.dataset.fallback = "yes";
  }
}

async function enhance(form) {
  const input = form.querySelector("input[type=file]");
  if (!(await canVerify())) {
    form.querySelector(".drop-state").textContent = "This browser cannot check Ed25519 signatures itself (or this page did not come by https). The file is sent to the portal instead, checked in memory, and forgotten.";
    return;
  }
  form.querySelector(".drop-hint").hidden = false;
  input.addEventListener("change", () => { if (input.files.length > 0) check(form, input.files[0]); });
  form.addEventListener("submit", (event) => {
    if (form.dataset.fallback) return;
    event.preventDefault();
    if (input.files.length > 0) check(form, input.files[0]);
  });
  for (const type of ["dragenter", "dragover"]) {
    form.addEventListener(type, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("over");
  });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    const [file] = event.dataTransfer.files;
    if (file) check(form, file);
  });
  form.dataset.ready = "yes";
}

// A file dropped beside the form must not make the browser leave the page.
for (const type of ["dragover", "drop"]) {
  addEventListener(type, (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
}

enhance(document.getElementById("verify"));
