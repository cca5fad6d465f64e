// The parts of a picture that a copy may consist of, as the server cuts them (src/image_hash: windows.rs, trim.rs): same
// places, same names. All are averaged from one table of sums.

import { SIDE } from "./fingerprint.js";

/** Longest side of the plane the sums are taken over; larger pictures are averaged down first. */
const PLANE_SIDE_MAX = 1024;
/** Parts smaller than this many pixels on a side say nothing of their own. */
const PART_SIDE_MIN = 32;
/** Margins cut off on all sides, in per cent. */
const INSETS = [
  ["inner 95 %", 2.5],
  ["inner 90 %", 5],
  ["inner 85 %", 7.5],
  ["inner 80 %", 10],
  ["inner 70 %", 15],
  ["inner 60 %", 20],
  ["inner 50 %", 25],
];
/** Proportions of crops, and where along the longer side they are taken: 0 at its begin, 1 at its end. */
const CROPS = [
  ["centre square", 1, 0.5],
  ["centre 16:9", 16 / 9, 0.5],
  ["centre 4:5", 0.8, 0.5],
  ["centre 9:16", 9 / 16, 0.5],
  ["centre 2:3", 2 / 3, 0.5],
  ["centre 4:3", 4 / 3, 0.5],
  ["centre 2:1", 2, 0.5],
  ["upper 16:9", 16 / 9, 0.25],
  ["lower 16:9", 16 / 9, 0.75],
];
/** One side cut, in per cent. */
const CUTS = [5, 10, 20, 30];

/** Further crops for a query that looks harder, off the centre, and where along the longer side they are taken. */
const CROPS_OFF_CENTRE = [
  ["square off the centre", 1],
  ["4:5 off the centre", 0.8],
  ["5:4 off the centre", 1.25],
  ["4:3 off the centre", 4 / 3],
  ["3:4 off the centre", 0.75],
  ["2:3 off the centre", 2 / 3],
  ["9:16 off the centre", 9 / 16],
  ["16:9 off the centre", 16 / 9],
];
const PLACES_OFF_CENTRE = [0, 0.25, 0.75, 1];
/** Further cuts of one side, and cuts of two that face each other, in per cent. */
const CUTS_FURTHER = [15, 25, 40];
const CUTS_OF_TWO_SIDES = [5, 10, 15, 20];
/** Parts of the picture's own proportions off its centre, in per cent of each side. */
const PARTS_OFF_CENTRE = [90, 80, 70, 60, 50];

const WHOLE = { left: 0, top: 0, right: 1, bottom: 1 };

/** The parts of a picture of these proportions; those that would be nearly the whole picture are left out. */
export function parts(width, height) {
  const all = INSETS.map(([name, percent]) => cut(name, percent / 100, "left", "top", "right", "bottom"));
  for (const [name, aspect, along] of CROPS) all.push(crop(name, width / height, aspect, along));
  for (const percent of CUTS) all.push(...cutsOfOneSide(percent));
  return all.filter((part) => saysSomething(part, width, height));
}

/** 92 more, for a query that looks harder. */
export function furtherParts(width, height) {
  const all = [];
  for (const [name, aspect] of CROPS_OFF_CENTRE) {
    for (const along of PLACES_OFF_CENTRE) all.push(crop(name, width / height, aspect, along));
  }
  for (const percent of CUTS_FURTHER) all.push(...cutsOfOneSide(percent));
  for (const percent of CUTS_OF_TWO_SIDES) {
    all.push(cut(`${percent} % cut left and right`, percent / 100, "left", "right"));
    all.push(cut(`${percent} % cut above and below`, percent / 100, "top", "bottom"));
  }
  for (const percent of PARTS_OFF_CENTRE) {
    const share = percent / 100;
    for (let place = 0; place < 9; place++) {
      if (place === 4) continue;
      const [left, top] = [((1 - share) * (place % 3)) / 2, ((1 - share) * Math.floor(place / 3)) / 2];
      all.push({ name: `${percent} % off the centre`, left, top, right: left + share, bottom: top + share });
    }
  }
  return all.filter((part) => saysSomething(part, width, height));
}

function cutsOfOneSide(percent) {
  return ["left", "top", "right", "bottom"].map((side) => cut(`${side} ${percent} % cut`, percent / 100, side));
}

function cut(name, share, ...sides) {
  const part = { name, ...WHOLE };
  for (const side of sides) part[side] = side === "left" || side === "top" ? share : 1 - share;
  return part;
}

/** The largest part with the proportions `aspect` of a picture with the proportions `of`. */
function crop(name, of, aspect, along) {
  const share = of > aspect ? aspect / of : of / aspect;
  const from = (1 - share) * along;
  return of > aspect ? { name, ...WHOLE, left: from, right: from + share } : { name, ...WHOLE, top: from, bottom: from + share };
}

/** Neither too small to say something nor the whole picture. */
export function saysSomething(part, width, height) {
  const across = (part.right - part.left) * width;
  const down = (part.bottom - part.top) * height;
  return across >= PART_SIDE_MIN && down >= PART_SIDE_MIN && (across < width * 0.99 || down < height * 0.99);
}

/** Sums of brightness over all rectangles from the top left corner: any part's mean in four look-ups. */
export class Sums {
  constructor({ width, height, pixels }) {
    const times = Math.max(1, Math.ceil(Math.max(width, height) / PLANE_SIDE_MAX));
    this.width = Math.max(1, Math.floor(width / times));
    this.height = Math.max(1, Math.floor(height / times));
    const line = this.width + 1;
    this.table = new Float64Array(line * (this.height + 1));
    // A side shorter than a block has nothing to be averaged down from.
    const across = Math.min(times, width);
    const down = Math.min(times, height);
    for (let y = 0; y < this.height; y++) {
      let row = 0;
      for (let x = 0; x < this.width; x++) {
        let sum = 0;
        for (let v = y * times; v < y * times + down; v++) {
          for (let u = x * times; u < x * times + across; u++) sum += pixels[v * width + u];
        }
        row += sum / (times * times);
        this.table[(y + 1) * line + x + 1] = this.table[y * line + x + 1] + row;
      }
    }
  }

  /** The part averaged to 64 x 64 cells. */
  cells(part) {
    const [left, right] = [part.left * this.width, part.right * this.width];
    const [top, bottom] = [part.top * this.height, part.bottom * this.height];
    const edge = (from, to, i) => from + ((to - from) * i) / SIDE;
    const area = ((right - left) * (bottom - top)) / (SIDE * SIDE);
    const line = (y) => {
      const sums = new Float64Array(SIDE + 1);
      for (let x = 0; x <= SIDE; x++) sums[x] = this.until(edge(left, right, x), y);
      return sums;
    };
    const cells = new Float64Array(SIDE * SIDE);
    let above = line(top);
    for (let y = 1; y <= SIDE; y++) {
      const below = line(edge(top, bottom, y));
      for (let x = 0; x < SIDE; x++) {
        cells[(y - 1) * SIDE + x] = (below[x + 1] - below[x] - above[x + 1] + above[x]) / area;
      }
      above = below;
    }
    return cells;
  }

  /** Sum over the rectangle from the corner to a place between pixels: exact, since a pixel is flat. */
  until(right, bottom) {
    const x = Math.min(Math.floor(right), this.width - 1);
    const y = Math.min(Math.floor(bottom), this.height - 1);
    const along = Math.min(1, Math.max(0, right - x));
    const down = Math.min(1, Math.max(0, bottom - y));
    const at = y * (this.width + 1) + x;
    const below = at + this.width + 1;
    const upper = this.table[at] * (1 - along) + this.table[at + 1] * along;
    const lower = this.table[below] * (1 - along) + this.table[below + 1] * along;
    return upper * (1 - down) + lower * down;
  }
}

/** How far a pixel of a border may be from the border's own brightness: what JPEG adds. */
const TOLERANCE = 14;
/** Share of a line's pixels that must be of the border's brightness, in thousandths. */
const LINE_PERMILLE = 985;
/** At most this share of a side is taken for border, in hundredths. */
const SIDE_PERCENT_MAX = 47;
/** What is left must be at least this share of each side, in hundredths. */
const LEFT_PERCENT_MIN = 20;
/** A frame inside a letterbox takes two rounds. */
const ROUNDS = 2;

/** The part inside a plain border; `null` where there is no border. */
export function insideBorder(luma) {
  const { width, height } = luma;
  if (width < 32 || height < 32) return null;
  const inner = { left: 0, top: 0, right: width, bottom: height };
  for (let round = 0; round < ROUNDS; round++) {
    const before = { ...inner };
    const row = (y) => luma.pixels.subarray(y * width + inner.left, y * width + inner.right);
    const column = (x) =>
      Uint8Array.from({ length: inner.bottom - inner.top }, (_, y) => luma.pixels[(inner.top + y) * width + x]);
    inner.top += run(inner.bottom - inner.top, height, (n) => row(inner.top + n));
    inner.bottom -= run(inner.bottom - inner.top, height, (n) => row(inner.bottom - 1 - n));
    inner.left += run(inner.right - inner.left, width, (n) => column(inner.left + n));
    inner.right -= run(inner.right - inner.left, width, (n) => column(inner.right - 1 - n));
    const tooSmall =
      (inner.right - inner.left) * 100 < width * LEFT_PERCENT_MIN || (inner.bottom - inner.top) * 100 < height * LEFT_PERCENT_MIN;
    if (tooSmall) return null;
    if (same(inner, before)) break;
  }
  if (same(inner, { left: 0, top: 0, right: width, bottom: height })) return null;
  // One pixel more than the border is shaved: scaling and JPEG blur its edge.
  return {
    name: "border trimmed",
    left: (inner.left + (inner.left === 0 ? 0 : 1)) / width,
    top: (inner.top + (inner.top === 0 ? 0 : 1)) / height,
    right: (inner.right - (inner.right === width ? 0 : 1)) / width,
    bottom: (inner.bottom - (inner.bottom === height ? 0 : 1)) / height,
  };
}

function same(a, b) {
  return a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;
}

/** How many lines from the edge inwards are of one brightness: that of the outermost. */
function run(length, side, line) {
  const most = Math.min(length, Math.floor((side * SIDE_PERCENT_MAX) / 100));
  let color = null;
  let n = 0;
  while (n < most) {
    const pixels = line(n);
    color ??= pixels.slice().sort()[Math.floor(pixels.length / 2)];
    let alike = 0;
    for (const pixel of pixels) if (Math.abs(pixel - color) <= TOLERANCE) alike++;
    if (alike * 1000 < pixels.length * LINE_PERMILLE) break;
    n++;
  }
  return n;
}
