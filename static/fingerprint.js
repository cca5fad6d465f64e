// `pdqa`, the fingerprint of a picture, computed as the server computes it (src/image_hash: pdqa.rs, transform.rs).
// Numbers in, numbers out: no page, no canvas. Sums run in the server's order, so that equal brightness gives equal codes.

/** Cells on a side of the reduced picture. */
export const SIDE = 64;
const FREQUENCIES = 16;
/** Frequencies are rounded to this step, so that noise in those that are zero says nothing. */
const STEP = 1 / 1024;
/** PDQ's own figure: the sum of steps between neighboring cells that counts as one point of quality. */
const QUALITY_DIVISOR = 90;

/** Row `i` holds the cosine of frequency `i + 1` at 64 places. */
const COSINES = Array.from({ length: FREQUENCIES }, (_, i) =>
  Float64Array.from({ length: SIDE }, (_, j) => Math.sqrt(2 / SIDE) * Math.cos((Math.PI / 128) * ((i + 1) * (2 * j + 1)))));

/** The eight ways a picture can lie: name, axes swapped, odd frequencies negated down and across. */
export const FORMS = [
  ["as is", false, false, false],
  ["rotated 90", true, false, true],
  ["rotated 180", false, true, true],
  ["rotated 270", true, true, false],
  ["mirrored", false, false, true],
  ["flipped", false, true, false],
  ["transposed", true, false, false],
  ["transversed", true, true, true],
];

/** Averages brightness down to 64 x 64 cells, pixels at a cell's edge counted by the share inside. All sums are whole. */
export function areaAverage({ width, height, pixels }) {
  const area = width * height;
  const cells = new Float64Array(SIDE * SIDE);
  const columns = new Uint32Array(width);
  for (let down = 0; down < SIDE; down++) {
    columns.fill(0);
    const [first, end] = covered(down, height);
    for (let y = first; y < end; y++) {
      const weight = share(down, y, height);
      const row = y * width;
      for (let x = 0; x < width; x++) columns[x] += weight * pixels[row + x];
    }
    for (let across = 0; across < SIDE; across++) {
      const [left, right] = covered(across, width);
      let sum = 0;
      for (let x = left; x < right; x++) sum += columns[x] * share(across, x, width);
      cells[down * SIDE + across] = sum / area;
    }
  }
  return cells;
}

/** The pixels a cell touches along a side: first, and one past the last. */
function covered(cell, length) {
  return [Math.floor((cell * length) / SIDE), Math.ceil(((cell + 1) * length) / SIDE)];
}

/** How much of a pixel lies in a cell, in 64ths of a pixel. */
function share(cell, pixel, length) {
  const from = Math.max(cell * length, pixel * SIDE);
  const to = Math.min((cell + 1) * length, (pixel + 1) * SIDE);
  return Math.max(0, to - from);
}

/** PDQ's quality, 0 to 100: how much neighboring cells differ. The server works it out in 32 bits; so does this. */
export function quality(cells) {
  const step = (a, b) => Math.trunc(Math.abs(Math.fround(Math.fround(Math.fround(a - b) * 100) / 255)));
  let sum = 0;
  for (let k = 0; k < SIDE * SIDE; k++) {
    if (k + SIDE < SIDE * SIDE) sum += step(cells[k], cells[k + SIDE]);
    if (k % SIDE < SIDE - 1) sum += step(cells[k], cells[k + 1]);
  }
  return Math.min(100, Math.trunc(sum / QUALITY_DIVISOR));
}

/** The 16 x 16 lowest frequencies but the constant one: first the one down the picture, then the one across. */
export function frequencies(cells) {
  const values = new Float64Array(FREQUENCIES * FREQUENCIES);
  const half = new Float64Array(SIDE);
  for (let i = 0; i < FREQUENCIES; i++) {
    half.fill(0);
    for (let j = 0; j < SIDE; j++) {
      const cosine = COSINES[i][j];
      for (let x = 0; x < SIDE; x++) half[x] += cosine * cells[j * SIDE + x];
    }
    for (let j = 0; j < FREQUENCIES; j++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += half[x] * COSINES[j][x];
      const steps = Math.sign(sum) * Math.floor(Math.abs(sum) / STEP + 0.5);
      values[i * FREQUENCIES + j] = steps * STEP + 0;
    }
  }
  return values;
}

/** The code of the picture turned into a form, as 64 hexadecimal digits. Mirroring changes signs, turning swaps axes. */
export function code(values, [, swap, oddDown, oddAcross]) {
  const turned = new Float64Array(values.length);
  for (let k = 0; k < values.length; k++) {
    const i = Math.floor(k / FREQUENCIES);
    const j = k % FREQUENCIES;
    const value = swap ? values[j * FREQUENCIES + i] : values[k];
    // Place 0 is frequency 1, an odd one, which a mirror negates.
    const negate = (oddDown && i % 2 === 0) !== (oddAcross && j % 2 === 0);
    turned[k] = negate ? 0 - value : value;
  }
  // PDQ takes the lower of the two middle values.
  const median = turned.slice().sort()[127];
  const bytes = new Uint8Array(32);
  for (let k = 0; k < turned.length; k++) if (turned[k] > median) bytes[31 - (k >> 3)] |= 1 << (k & 7);
  return hex(bytes);
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
