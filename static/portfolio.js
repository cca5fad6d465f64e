// Checks pictures, one or a thousand: fingerprints them here and asks by fingerprint, or sends them where the visitor
// prefers that. Batch after batch, in their order; a file that fails is one line of the answer, not its end.

import { openHasher } from "./hasher.js";

/** Pictures asked about at once: each brings up to 264 codes of 100 bytes, and the page has something to show soon. */
const BATCH_PICTURES = 10;
/** Bytes sent at once where pictures themselves are sent; a single larger one goes alone. */
const BATCH_BYTES = 16_000_000;
/** A busy server and a stumbling network are given this many chances, with a pause in between, in milliseconds. */
const TRIES = 4;
const PAUSE_MS = 1500;
const TOO_LITTLE = "This picture has too little in it (a blank, a plain colour, a few lines) to tell copies of it from other such pictures. Only the very same file was looked for.";
const UNSENT = "The server could not be asked about this picture. Check the connection and try again; nothing was kept.";

/**
 * Calls `take` with `{ number, name, quality, hits, problem }` for each file, in order. The server learns the number a
 * picture has here, never its name. Ends early, in silence, when `signal` says so.
 */
export async function check(files, { isSent, limits, signal, take }) {
  const batches = isSent ? batchesToSend(files, limits) : batchesToHash(files, limits);
  const hasher = isSent ? null : openHasher();
  try {
    const numbered = files.map((file, number) => ({ number, name: file.name, file }));
    // All are handed over at once: while one batch is asked about, the next is being fingerprinted.
    const hashing = hasher && numbered.map(({ file }) => hasher.hash(file));
    for (const [first, end] of batches) {
      const pictures = numbered.slice(first, end);
      const answers = isSent
        ? await ask(pictures, () => form(pictures), signal)
        : await askByHashes(pictures, await Promise.race([Promise.all(hashing.slice(first, end)), stopped(signal)]), signal);
      if (signal.aborted) return;
      answers.forEach(take);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    hasher?.close();
  }
}

function stopped(signal) {
  return new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason), { once: true }));
}

function batchesToHash(files, { atOnce }) {
  const size = Math.min(BATCH_PICTURES, atOnce);
  return Array.from({ length: Math.ceil(files.length / size) }, (_, i) => [i * size, Math.min(files.length, (i + 1) * size)]);
}

function batchesToSend(files, { atOnce }) {
  const batches = [];
  let [first, bytes] = [0, 0];
  files.forEach((file, i) => {
    if (i > first && (i - first >= Math.min(BATCH_PICTURES, atOnce) || bytes + file.size > BATCH_BYTES)) {
      batches.push([first, i]);
      [first, bytes] = [i, 0];
    }
    bytes += file.size;
  });
  if (first < files.length) batches.push([first, files.length]);
  return batches;
}

/** A picture that could not be fingerprinted is not asked about. */
async function askByHashes(pictures, hashed, signal) {
  const well = pictures.filter((_, i) => hashed[i].hashed);
  const queries = pictures.flatMap(({ number }, i) =>
    hashed[i].hashed ? [{ name: `picture ${number + 1}`, hashes: hashed[i].hashed.hashes }] : []);
  const body = () => ({ headers: { "content-type": "application/json" }, body: JSON.stringify({ queries }) });
  const answers = well.length > 0 ? await ask(well, body, signal) : [];
  return pictures.map(({ number, name }, i) => {
    if (!hashed[i].hashed) return { number, name, quality: null, hits: [], problem: hashed[i].problem };
    const answer = answers.find((one) => one.number === number);
    const { quality, hashes } = hashed[i].hashed;
    return { ...answer, quality, problem: answer.problem ?? (hashes.pdqa ? null : TOO_LITTLE) };
  });
}

function form(pictures) {
  const body = new FormData();
  for (const { file } of pictures) body.append("image", file);
  return { body };
}

/** One batch, asked until there is an answer or no more patience: then each of its pictures has a problem of its own. */
async function ask(pictures, request, signal) {
  let problem = UNSENT;
  for (let tried = 0; tried < TRIES && !signal.aborted; tried++) {
    if (tried > 0) await new Promise((done) => setTimeout(done, PAUSE_MS * tried));
    try {
      const response = await fetch("/api/v1/match", { method: "POST", signal, ...request() });
      const answer = await response.json();
      if (response.ok) {
        return pictures.map(({ number, name }, i) => ({ ...answer.queries[i], number, name }));
      }
      problem = answer.detail ?? UNSENT;
      if (response.status < 500 && response.status !== 429) break;
    } catch {
      problem = UNSENT;
    }
  }
  return pictures.map(({ number, name }) => ({ number, name, quality: null, hits: [], problem }));
}
