// Looks addresses, accounts and files up without saying which: five digits of a digest go out, everything that begins so
// comes back, and the comparing is done here.

import { hex } from "./fingerprint.js";
import { md5 } from "./md5.js";
import { accountsOf, addressOf } from "./readings.js";
import { counted } from "./words.js";

const PREFIX_DIGITS = 5;
const LINES_MAX = 100;
const FILES_MAX = 100;
const FILE_BYTES_MAX = 256 * 2 ** 20;

const sha256 = async (bytes) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
const digestOf = (text) => sha256(new TextEncoder().encode(text));

/** What to look up: `{ name, ways: [{ kind, as, digest }] }` for each line and file. */
async function asked(lines, files) {
  const all = [];
  for (const line of lines) {
    const ways = [];
    const address = addressOf(line);
    if (address !== null) ways.push({ kind: "url", as: "as an address", digest: await digestOf(address) });
    for (const account of accountsOf(line)) ways.push({ kind: "identifier", as: `as the account or name ${account}`, digest: await digestOf(account) });
    if (/^[0-9a-f]{64}$/i.test(line)) ways.push({ kind: "sha256", as: "as a file’s SHA-256", digest: line.toLowerCase() });
    if (/^[0-9a-f]{32}$/i.test(line)) ways.push({ kind: "md5", as: "as a file’s MD5", digest: line.toLowerCase() });
    all.push({ name: line, search: line, ways });
  }
  for (const file of files) {
    if (file.size > FILE_BYTES_MAX) {
      all.push({ name: file.name, ways: [], problem: "This file is too large to be read here." });
      continue;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const digests = [await sha256(bytes), md5(bytes)];
    all.push({ name: file.name, search: digests[0], ways: ["sha256", "md5"].map((kind, i) => ({ kind, as: `by its ${["SHA-256", "MD5"][i]}`, digest: digests[i] })) });
  }
  return all;
}

/** How many records each dataset has for a digest. */
async function look(way, answers) {
  const address = `/api/v1/range/${way.kind}/${way.digest.slice(0, PREFIX_DIGITS)}`;
  if (!answers.has(address)) {
    const response = await fetch(address, { referrerPolicy: "no-referrer" });
    if (!response.ok) throw new Error(`${response.status}`);
    answers.set(address, (await response.json()).suffixes);
  }
  const suffix = way.digest.slice(PREFIX_DIGITS);
  return answers.get(address).find((entry) => entry.suffix === suffix)?.datasets ?? {};
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function shown({ name, search, ways, problem }) {
  const item = element("li");
  item.append(element("p", name, "id private-name"));
  if (problem || ways.length === 0) {
    item.append(element("p", problem ?? "This is neither an address nor an account that can be recognised. Words are looked up openly only."));
    return { item, isFound: false };
  }
  const found = ways.filter((way) => Object.keys(way.datasets).length > 0);
  for (const way of found) {
    const line = element("p", `Listed, ${way.as}: `);
    Object.entries(way.datasets).forEach(([slug, records], i) => {
      const link = element("a", slug);
      link.href = `/datasets/${encodeURIComponent(slug)}`;
      line.append(i > 0 ? ", " : "", `${counted(Number(records), "record", "records")} in `, link);
    });
    line.append(".");
    item.append(line);
  }
  if (found.length > 0) {
    const line = element("p");
    const link = element("a", "See the records");
    link.href = `/search?${new URLSearchParams({ q: search })}`;
    line.append(link, " – this tells the portal what you look for.");
    item.append(line);
  } else {
    item.append(element("p", `Not listed, ${ways.map((way) => way.as).join(" or ")}.`));
  }
  return { item, isFound: found.length > 0 };
}

async function lookUp(form, say) {
  const lines = form.querySelector("#asked").value.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const files = [...form.querySelector("#files").files];
  if (lines.length + files.length === 0) return say("Write a line or choose a file first.");
  if (lines.length > LINES_MAX || files.length > FILES_MAX) return say(`At most ${LINES_MAX} lines and ${FILES_MAX} files at once.`);
  say("Looking up …");
  const answers = new Map();
  const items = await asked(lines, files);
  for (const way of items.flatMap((item) => item.ways)) way.datasets = await look(way, answers);
  const all = items.map(shown);
  const n = all.filter(({ isFound }) => isFound).length;
  const list = element("ul", null, "private-list");
  list.append(...all.map(({ item }) => item));
  const section = element("section", null, "private-answer");
  section.append(element("h2", n === 0 ? "Nothing of this is listed here" : `${n} of ${all.length} listed here`), list);
  document.getElementById("answer").replaceChildren(section);
  const sent = [...answers.keys()].map((address) => address.split("/").slice(-2).join(" ")).join(", ");
  return say(sent === "" ? "Nothing was sent." : `Looked up. All that was sent: ${sent}.`);
}

function enhance(form) {
  const say = (sentence) => { form.querySelector(".drop-state").textContent = sentence; };
  if (!globalThis.crypto?.subtle) {
    document.getElementById("unable").hidden = false;
    return;
  }
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      await lookUp(form, say);
    } catch {
      say("This server could not be reached, or one of the files could not be read. Try again.");
    }
    button.disabled = false;
  });
}

enhance(document.getElementById("private"));
