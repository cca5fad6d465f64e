// A picture's file to its fingerprints and checksums, in the browser, in a worker or in the page itself. Nothing of the
// file leaves this function but numbers that were worked out from it.

import { brightness } from "./brightness.js";
import { contents } from "./content_box.js";
import { FORMS, areaAverage, code, frequencies, hex, quality } from "./fingerprint.js";
import { md5 } from "./md5.js";
import { Sums, furtherParts, insideBorder, parts, saysSomething as isPart } from "./parts.js";

/** Below this quality a fingerprint says too little to be compared: flat art matches flat art. The server's figure. */
export const QUALITY_MIN = 50;

/** Everything the server can be asked by: `{ quality, width, height, hashes }`. Throws a sentence for the visitor. */
export async function hashPicture(file, isHarder = false) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes.length === 0) throw new Error("This file is empty. Choose the picture again.");
  const hashes = { md5: [md5(bytes)] };
  // Browsers give this to pages that came over a safe connection only.
  if (globalThis.crypto?.subtle) hashes.sha256 = [hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))];
  const luma = await brightness(file, bytes);
  const cells = areaAverage(luma);
  const answer = { quality: quality(cells), width: luma.width, height: luma.height, hashes };
  const all = variants(luma, cells, isHarder);
  if (all.length > 0) hashes.pdqa = all;
  return answer;
}

/**
 * The whole picture in its eight forms, then its parts in theirs; no code twice, and nothing with too little in it: a picture
 * in a wide blank border is asked by what is inside.
 */
export function variants(luma, cells, isHarder) {
  const known = new Set();
  const all = [];
  const push = (ofPart, part) => {
    const saysSomething = quality(ofPart) >= QUALITY_MIN;
    if (part !== null && !saysSomething) return;
    const values = frequencies(ofPart);
    for (const form of FORMS) {
      const digits = code(values, form);
      if (known.has(digits)) continue;
      known.add(digits);
      if (saysSomething) all.push({ code: digits, variant: label(part, form[0]) });
    }
  };
  push(cells, null);
  const sums = new Sums(luma);
  const inside = insideBorder(luma);
  const ofScreenshot = contents(luma.colors).filter((part) => isPart(part, luma.width, luma.height));
  const ofPicture = [...(inside ? [inside] : []), ...ofScreenshot, ...parts(luma.width, luma.height)];
  if (isHarder) ofPicture.push(...furtherParts(luma.width, luma.height));
  for (const part of ofPicture) push(sums.cells(part), part.name);
  return all;
}

function label(part, form) {
  if (part === null) return form;
  return form === "as is" ? part : `${part}, ${form}`;
}
