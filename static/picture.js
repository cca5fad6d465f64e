// A picture's file to its fingerprints and checksums, in the browser, in a worker or in the page itself. Nothing of the
// file leaves this function but numbers that were worked out from it.

import { FORMS, areaAverage, code, frequencies, hex, quality } from "./fingerprint.js";
import { md5 } from "./md5.js";
import { Sums, insideBorder, parts } from "./parts.js";

/** Below this quality a fingerprint says too little to be compared: flat art matches flat art. The server's figure. */
export const QUALITY_MIN = 50;
/** The server's bounds; a larger picture would also be more than a phone's memory holds. */
const PIXELS_MAX = 100_000_000;
/** Pixels are read back in squares of this side: a phone's canvas is bounded, and so is the memory for colors. */
const TILE_SIDE = 2048;

/** Everything the server can be asked by: `{ quality, width, height, hashes }`. Throws a sentence for the visitor. */
export async function hashPicture(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes.length === 0) throw new Error("This file is empty. Choose the picture again.");
  const hashes = { md5: [md5(bytes)] };
  // Browsers give this to pages that came over a safe connection only.
  if (globalThis.crypto?.subtle) hashes.sha256 = [hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))];
  const luma = await brightness(file);
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

/** The picture as a person sees it, upright and laid on white, as a plane of brightness. */
async function brightness(file) {
  let bitmap;
  try {
    // Color profiles are ignored, as the server and the field ignore them.
    bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" });
  } catch {
    throw new Error("Your browser could not open this file as a picture. It may be damaged, or of a kind the browser does not know, such as TIFF; those can be sent to the server instead.");
  }
  try {
    const { width, height } = bitmap;
    if (width * height > PIXELS_MAX) throw new Error("This picture has more than 100 million pixels. Save a smaller copy and check that: it is found just as well.");
    return readBack(bitmap, width, height);
  } finally {
    bitmap.close();
  }
}

function readBack(bitmap, width, height) {
  const context = newContext(Math.min(width, TILE_SIDE), Math.min(height, TILE_SIDE));
  const pixels = new Uint8Array(width * height);
  for (let top = 0; top < height; top += TILE_SIDE) {
    for (let left = 0; left < width; left += TILE_SIDE) {
      const [across, down] = [Math.min(TILE_SIDE, width - left), Math.min(TILE_SIDE, height - top)];
      context.fillStyle = "#fff";
      context.fillRect(0, 0, across, down);
      context.drawImage(bitmap, left, top, across, down, 0, 0, across, down);
      const { data } = context.getImageData(0, 0, across, down);
      for (let y = 0; y < down; y++) {
        let at = y * across * 4;
        const row = (top + y) * width + left;
        for (let x = 0; x < across; x++, at += 4) pixels[row + x] = luma(data[at], data[at + 1], data[at + 2]);
      }
    }
  }
  return { width, height, pixels };
}

/** Pillow's brightness, as the server's: 16-bit fixed point, rounded. */
function luma(red, green, blue) {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

function newContext(width, height) {
  const inWorker = typeof document === "undefined";
  const canvas = inWorker ? new OffscreenCanvas(width, height) : Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
  if (!context) throw new Error("Your browser does not let this page read pictures. They can be sent to the server instead.");
  context.imageSmoothingEnabled = false;
  return context;
}

/** Some browsers guard against being recognised by giving pages made-up pixels: fingerprints of those would say nothing. */
export function pixelsCanBeRead() {
  try {
    const context = newContext(16, 16);
    for (let i = 0; i < 256; i++) {
      context.fillStyle = `rgb(${i}, ${255 - i}, ${(i * 7) % 256})`;
      context.fillRect(i % 16, i >> 4, 1, 1);
    }
    const { data } = context.getImageData(0, 0, 16, 16);
    let off = 0;
    for (let i = 0; i < 256; i++) {
      off += Math.abs(data[i * 4] - i) + Math.abs(data[i * 4 + 1] - (255 - i)) + Math.abs(data[i * 4 + 2] - ((i * 7) % 256));
    }
    // A little noise, as some add, moves no fingerprint.
    return off <= 256 * 3 * 2;
  } catch {
    return false;
  }
}
