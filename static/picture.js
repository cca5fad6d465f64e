// A picture's file to its fingerprints and checksums, in the browser, in a worker or in the page itself. Nothing of the
// file leaves this function but numbers that were worked out from it.

import { brightness } from "./brightness.js";
import { FORMS, areaAverage, code, frequencies, hex, quality } from "./fingerprint.js";
import { md5 } from "./md5.js";
import { Sums, insideBorder, parts } from "./parts.js";

/** Below this quality a fingerprint says too little to be compared: flat art matches flat art. The server's figure. */
export const QUALITY_MIN = 50;

/** Everything the server can be asked by: `{ quality, width, height, hashes }`. Throws a sentence for the visitor. */
export async function hashPicture(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes.length === 0) throw new Error("This file is empty. Choose the picture again.");
  const hashes = { md5: [md5(bytes)] };
  // Browsers give this to pages that came over a safe connection only.
  if (globalThis.crypto?.subtle) hashes.sha256 = [hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))];
  const luma = await brightness(file, bytes);
  const cells = areaAverage(luma);
  const answer = { quality: quality(cells), width: luma.width, height: luma.height, hashes };
  if (answer.quality >= QUALITY_MIN) hashes.pdqa = variants(luma, cells);
  return answer;
}

/** The whole picture in its eight forms, then its parts in theirs; no code twice, parts with little in them left out. */
export function variants(luma, cells) {
  const known = new Set();
  const all = [];
  const push = (values, part) => {
    for (const form of FORMS) {
      const digits = code(values, form);
      if (known.has(digits)) continue;
      known.add(digits);
      all.push({ code: digits, variant: label(part, form[0]) });
    }
  };
  push(frequencies(cells), null);
  const sums = new Sums(luma);
  const inside = insideBorder(luma);
  for (const part of [...(inside ? [inside] : []), ...parts(luma.width, luma.height)]) {
    const ofPart = sums.cells(part);
    if (quality(ofPart) >= QUALITY_MIN) push(frequencies(ofPart), part.name);
  }
  return all;
}

function label(part, form) {
  if (part === null) return form;
  return form === "as is" ? part : `${part}, ${form}`;
}
