// What somebody types, in the one writing in which addresses and accounts are compared: the same rules as the server's
// (src/web_address.rs, src/identifier.rs), so that their digests are the same.

const encoder = new TextEncoder();
const ADDRESS_BYTES_MAX = 8 * 1024;
const HOST_LENGTH_MAX = 253;
const LABEL_LENGTH_MAX = 63;
/** Characters of an address that decoding would give another meaning: % # ? and controls. */
const KEPT_ENCODED = (byte) => byte === 0x25 || byte === 0x23 || byte === 0x3f || byte < 0x20 || byte === 0x7f;

/** `example.org/a/b?q=1` of any writing of that address; `null` where there is no plausible host. */
export function addressOf(typed) {
  const text = typed.trim();
  if (text === "" || encoder.encode(text).length > ADDRESS_BYTES_MAX) return null;
  const rest = withoutScheme(text);
  if (rest === null) return null;
  const end = rest.search(/[/?#]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  // Without a scheme, a@b.example is somebody's e-mail address.
  if (authority.includes("@") && !text.includes("://")) return null;
  const host = hostOf(authority);
  if (host === null) return null;
  let tail = decoded(end < 0 ? "" : rest.slice(end).split("#", 1)[0]);
  if (tail.startsWith("/?")) tail = tail.slice(1);
  return host + tail.replace(/[/\s]+$/u, "");
}

/** The accounts that something may name, as they are written in the index: none, one or two. */
export function accountsOf(typed) {
  const text = typed.trim();
  if (text === "") return [];
  if (/\s/u.test(text)) return nameOf(text);
  if (text.startsWith("did:")) return /^did:[a-z0-9]+:./su.test(text) ? [text] : [];
  const number = text.match(/^(\d{5,12})@([Nn]\d\d)$/);
  if (number) return [`${number[1]}@${number[2].toUpperCase()}`];
  const reddit = text.match(/^(?:\/u\/|u\/|user\/)(.*)$/su);
  if (reddit) return isUserName(reddit[1]) ? [`u/${reddit[1].toLowerCase()}`] : [];
  if (text.startsWith("@")) {
    const names = text.slice(1).split("@");
    return names.length <= 2 && names.every(isHandle) ? [`@${text.slice(1).toLowerCase()}`] : [];
  }
  if (text.toLowerCase().endsWith(".bsky.social") && isHandle(text)) return [`@${text.toLowerCase()}`];
  const slash = text.indexOf("/");
  if (slash >= 0) {
    const [owner, repo] = [text.slice(0, slash), text.slice(slash + 1)];
    return isUserName(owner) && !/[._]/.test(owner) && isUserName(repo) ? [text.toLowerCase()] : [];
  }
  return isHandle(text) ? [`@${text.toLowerCase()}`, ...nameOf(text)] : [];
}

/** A person's name in plain letters; folding accents and other scripts takes the server's tables. */
function nameOf(text) {
  return /^[A-Za-z\s]+$/.test(text) ? [text.trim().toLowerCase().replace(/\s+/g, " ")] : [];
}

function withoutScheme(text) {
  const at = text.indexOf("://");
  if (at < 0) return text.startsWith("//") ? text.slice(2) : text;
  const scheme = text.slice(0, at);
  if (/^(https?|ftp)$/i.test(scheme)) return text.slice(at + 3);
  // example.org/?u=ftp://other has no scheme of its own.
  return /[./?]/.test(scheme) ? text : null;
}

function hostOf(authority) {
  let name = authority.slice(authority.lastIndexOf("@") + 1);
  const colon = name.lastIndexOf(":");
  if (colon >= 0) {
    if (!/^\d*$/.test(name.slice(colon + 1))) return null;
    name = name.slice(0, colon);
  }
  name = name.replace(/\.+$/, "");
  let ascii = name.toLowerCase();
  if (/[^\0-\x7f]/.test(name)) {
    try {
      ascii = new URL(`ftp://${name}/`).hostname;
    } catch {
      return null;
    }
  }
  if (ascii.startsWith("www.") && ascii.slice(4).includes(".")) ascii = ascii.slice(4);
  const isLabel = (label) => label.length <= LABEL_LENGTH_MAX && /^[a-z0-9_-]+$/.test(label);
  return ascii.length <= HOST_LENGTH_MAX && ascii.includes(".") && ascii.split(".").every(isLabel) ? ascii : null;
}

/** Percent-decodes what can be decoded without changing where the parts of an address begin; composes Unicode. */
function decoded(tail) {
  if (/^[^%\x80-\uffff]*$/.test(tail)) return tail;
  const bytes = encoder.encode(tail);
  const out = [];
  for (let i = 0; i < bytes.length; i++) {
    const pair = String.fromCharCode(...bytes.subarray(i + 1, i + 3));
    if (bytes[i] !== 0x25 || !/^[0-9a-f]{2}$/i.test(pair)) {
      out.push(bytes[i]);
      continue;
    }
    const byte = parseInt(pair, 16);
    if (KEPT_ENCODED(byte)) out.push(...encoder.encode(`%${pair.toUpperCase()}`));
    else out.push(byte);
    i += 2;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(out)).normalize("NFC");
  } catch {
    // An old Latin-1 path: compared as written, in upper-case escapes.
    return tail.normalize("NFC").replace(/%[^%]{0,2}/gu, (escape) => escape.replace(/[a-z]/g, (letter) => letter.toUpperCase()));
  }
}

function isUserName(text) {
  return /^[A-Za-z0-9._-]{1,100}$/.test(text);
}

function isHandle(text) {
  return /^[\p{Alphabetic}\p{N}._-]+$/u.test(text) && encoder.encode(text).length <= HOST_LENGTH_MAX;
}
