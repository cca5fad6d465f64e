// A picture's file to its brightness, a byte a pixel, and its colors, averaged down: the only part that decodes. Runs in a
// worker or in the page.

import { SmallColors } from "./content_box.js";

/** The server's bound; a larger picture would also be more than a phone's memory holds. */
const PIXELS_MAX = 100_000_000;
/** Larger pictures are read back in squares rather than whole. */
const RGB_PIXELS_MAX = 25_000_000;
/** Pixels are read back in squares of this side: a phone's canvas is bounded, and so is the memory for colors. */
const TILE_SIDE = 2048;

/** The picture as a person sees it, upright and laid on white: `{ width, height, pixels, colors }`, a byte a pixel. */
export async function brightness(file, bytes) {
  const stored = await storedBrightness(file, bytes);
  if (stored) return stored;
  let bitmap;
  try {
    // Color profiles are ignored, as the server and the field ignore them.
    bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" });
  } catch {
    throw new Error("Your browser could not open this file as a picture. It may be damaged, or of a kind the browser does not know, such as TIFF; those can be sent to the server instead.");
  }
  try {
    checkSize(bitmap.width, bitmap.height);
    return readBack(bitmap, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

function checkSize(width, height) {
  if (width * height > PIXELS_MAX) throw new Error("This picture has more than 100 million pixels. Save a smaller copy and check that: it is found just as well.");
}

/**
 * Brightness from the pixels as the file holds them, where a browser gives those out: a canvas would round colors by their
 * opacity. A JPEG holds brightness apart from colors, and the server reads that alone: made from red, green and blue
 * again, it would lack what was cut off at white and black. `null` where the browser or the file is not of the kind.
 */
async function storedBrightness(file, bytes) {
  const canTell = typeof ImageDecoder === "function" && typeof VideoFrame === "function" && "rotation" in VideoFrame.prototype;
  if (!canTell) return null;
  let decoder, image;
  try {
    decoder = new ImageDecoder({ data: bytes, type: file.type, colorSpaceConversion: "none", premultiplyAlpha: "none" });
    ({ image } = await decoder.decode());
  } catch {
    return null;
  } finally {
    decoder?.close();
  }
  try {
    const { fullRange, matrix } = image.colorSpace;
    const { width, height } = image.visibleRect;
    checkSize(width, height);
    const isYuv = /^I4(20|22|44)$/.test(image.format) && fullRange && matrix === "smpte170m";
    const isRgb = /^(RGB|BGR)[AX]$/.test(image.format) && width * height <= RGB_PIXELS_MAX;
    if (!isYuv && !isRgb) return null;
    const planes = new Uint8Array(image.allocationSize());
    const [{ offset, stride }, ...chroma] = await image.copyTo(planes);
    // I420 has one value of color for two pixels across and down, I422 across only.
    const [across, down] = [image.format === "I444" ? 0 : 1, image.format === "I420" ? 1 : 0];
    const pixels = new Uint8Array(width * height);
    const colors = new SmallColors(width, height);
    const chromaRows = chroma.map(() => new Uint8Array(width));
    for (let y = 0; y < height; y++) {
      const row = planes.subarray(offset + y * stride, offset + (y + 1) * stride);
      if (isYuv) {
        pixels.set(row.subarray(0, width), y * width);
        chroma.forEach((plane, at) => fullRow(planes, plane, y, { width, height, across, down }, chromaRows[at]));
        colors.addYuvRow(y, row, ...chromaRows);
      } else {
        brightnessOfRow(row, image.format, pixels.subarray(y * width, (y + 1) * width));
        colors.addRow(y, 0, row.subarray(0, width * 4), image.format.startsWith("RGB") ? [0, 1, 2] : [2, 1, 0], image.format.endsWith("X"));
      }
    }
    const turn = (plane) => upright(plane, image.rotation, image.flip);
    return { ...turn({ width, height, pixels }), colors: colors.planes().map(turn) };
  } finally {
    image.close();
  }
}

/**
 * A row of blueness or redness with a value for each pixel. Where one value stands for two pixels, three parts of it and one
 * of its neighbor are taken, down first and then across: as JPEG decoders do, the server's among them.
 */
function fullRow(planes, { offset, stride }, y, { width, height, across, down }, out) {
  const last = { x: (width - 1) >> across, y: (height - 1) >> down };
  const clamp = (at, end) => Math.max(0, Math.min(end, at));
  const near = offset + (y >> down) * stride;
  const far = offset + clamp((y >> 1) + (y % 2 === 0 ? -1 : 1), last.y) * stride;
  const at = down === 1 ? (x) => (3 * planes[near + x] + planes[far + x] + 2) >> 2 : (x) => planes[near + x];
  for (let x = 0; x < width; x++) {
    if (across === 0) out[x] = at(x);
    else out[x] = (3 * at(x >> 1) + at(clamp((x >> 1) + (x % 2 === 0 ? -1 : 1), last.x)) + 2) >> 2;
  }
}

/** Laid on white: what a visitor sees, and what hidden colors cannot disturb. */
function brightnessOfRow(row, format, pixels) {
  const [red, blue] = format.startsWith("RGB") ? [0, 2] : [2, 0];
  const isOpaque = format.endsWith("X");
  for (let x = 0, at = 0; x < pixels.length; x++, at += 4) {
    const plain = luma(row[at + red], row[at + 1], row[at + blue]);
    const opacity = isOpaque ? 255 : row[at + 3];
    pixels[x] = Math.floor((plain * opacity + 255 * (255 - opacity) + 127) / 255);
  }
}

/** A plane turned clockwise by a camera's note, then mirrored by it. */
function upright(luma, rotation, flip) {
  if (rotation === 0 && !flip) return luma;
  const isSideways = rotation === 90 || rotation === 270;
  const [width, height] = isSideways ? [luma.height, luma.width] : [luma.width, luma.height];
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = flip ? width - 1 - x : x;
      let from = y * luma.width + u;
      if (rotation === 90) from = (luma.height - 1 - u) * luma.width + y;
      else if (rotation === 180) from = (luma.height - 1 - y) * luma.width + luma.width - 1 - u;
      else if (rotation === 270) from = u * luma.width + luma.width - 1 - y;
      pixels[y * width + x] = luma.pixels[from];
    }
  }
  return { width, height, pixels };
}

function readBack(bitmap, width, height) {
  const context = newContext(Math.min(width, TILE_SIDE), Math.min(height, TILE_SIDE));
  const pixels = new Uint8Array(width * height);
  const colors = new SmallColors(width, height);
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
        colors.addRow(top + y, left, data.subarray(at, at + across * 4), [0, 1, 2], true);
        for (let x = 0; x < across; x++, at += 4) pixels[row + x] = luma(data[at], data[at + 1], data[at + 2]);
      }
    }
  }
  return { width, height, pixels, colors: colors.planes() };
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
