// Finding the picture inside a screenshot, as the server does (src/image_hash/content_box.rs), where it has more than 384 px: the ground is the commonest
// color along the edges; rows that are mostly something else are the picture's rows, and of those the columns.
// Colors are looked at, not brightness: cream paper on a white page is hardly darker than the page.

/** Longest side of the planes that are looked at: larger pictures are averaged down, smaller ones are no screenshots. */
const PLANE_SIDE_MAX = 384;
/** A smaller plane shows no screenshot. */
const PLANE_SIDE_MIN = 16;
/** How far a pixel of the ground may be from the ground's color, in any channel. */
const TOLERANCE = 6;
/** Bits of a channel that do not count when the commonest color is looked for. */
const STEP_BITS = 3;
/** Share of a row that must be something else, tried in this order. */
const ROW_SHARES = [0.5, 0.25];
/** Share of a column, within the rows found. */
const COLUMN_SHARE = 0.5;
/** Share of a row, within the columns found: drops rows of text beside the picture. */
const ROW_SHARE_WITHIN = 0.6;
/** Lines of ground that a picture may have inside. */
const ROW_GAP = 2;
const COLUMN_GAP = 4;
/** Least share of each side that is a picture and not a button. */
const SIDE_SHARE_MIN = 0.15;
/** A box of at least this share of both sides is the whole picture. */
const WHOLE_SHARE = 0.98;

/** Red, green and blue averaged over square blocks of a picture, whose rows come from above, whole or in pieces. */
export class SmallColors {
  constructor(width, height) {
    this.times = Math.ceil(Math.max(width, height) / PLANE_SIDE_MAX);
    const isLarge = this.times > 1;
    this.width = isLarge ? Math.floor(width / this.times) : 0;
    this.height = isLarge ? Math.floor(height / this.times) : 0;
    this.sums = [0, 1, 2].map(() => new Uint32Array(this.width * this.height));
  }

  /** Where a pixel of a row belongs, -1 for what is left over at the right and lower edge. */
  #rowStart(y) {
    const row = Math.floor(y / this.times);
    return row < this.height ? row * this.width : -1;
  }

  /** Pixels of four bytes, laid on white by the last of them unless they are opaque. */
  addRow(y, left, row, [red, green, blue], isOpaque) {
    const start = this.#rowStart(y);
    if (start < 0) return;
    const end = Math.min(left + row.length / 4, this.width * this.times);
    const [reds, greens, blues] = this.sums;
    for (let x = left, at = 0; x < end; x++, at += 4) {
      const cell = start + Math.floor(x / this.times);
      const opacity = isOpaque ? 255 : row[at + 3];
      reds[cell] += onWhite(row[at + red], opacity);
      greens[cell] += onWhite(row[at + green], opacity);
      blues[cell] += onWhite(row[at + blue], opacity);
    }
  }

  /** A row as JPEG keeps it: brightness, blueness and redness of each pixel. */
  addYuvRow(y, lumas, blueness, redness) {
    const start = this.#rowStart(y);
    if (start < 0) return;
    const [reds, greens, blues] = this.sums;
    for (let x = 0; x < this.width * this.times; x++) {
      const cell = start + Math.floor(x / this.times);
      const cb = blueness[x] - 128;
      const cr = redness[x] - 128;
      reds[cell] += byte(lumas[x] + 1.402 * cr);
      greens[cell] += byte(lumas[x] - 0.344136 * cb - 0.714136 * cr);
      blues[cell] += byte(lumas[x] + 1.772 * cb);
    }
  }

  /** Three planes of `{ width, height, pixels }`. */
  planes() {
    const area = this.times * this.times;
    return this.sums.map((sums) => ({ width: this.width, height: this.height, pixels: Uint8Array.from(sums, (sum) => Math.floor(sum / area)) }));
  }
}

function onWhite(channel, opacity) {
  return Math.floor((channel * opacity + 255 * (255 - opacity)) / 255);
}

function byte(value) {
  return Math.max(0, Math.min(255, Math.round(value)));
}

/** Where the content may be, in shares of the sides: none, one or two guesses. */
export function contents(planes) {
  const { width, height } = planes[0];
  if (Math.min(width, height) < PLANE_SIDE_MIN) return [];
  const ground = groundOf(planes);
  const differs = new Uint8Array(width * height);
  for (let k = 0; k < differs.length; k++) {
    differs[k] = planes.some(({ pixels }, channel) => Math.abs(pixels[k] - ground[channel]) > TOLERANCE) ? 1 : 0;
  }
  const found = [];
  for (const share of ROW_SHARES) {
    const part = content({ width, height, differs }, share);
    const isNew = part && !found.some((known) => ["left", "top", "right", "bottom"].every((side) => known[side] === part[side]));
    if (isNew) found.push(part);
  }
  return found;
}

/** The commonest color along the edges. */
function groundOf(planes) {
  const { width, height } = planes[0];
  const edge = [];
  for (let x = 0; x < width; x++) edge.push(x, (height - 1) * width + x);
  for (let y = 0; y < height; y++) edge.push(y * width, y * width + width - 1);
  const steps = new Map();
  for (const k of edge) {
    const color = planes.map(({ pixels }) => pixels[k]);
    const key = color.reduce((all, channel) => all * 256 + (channel >> STEP_BITS), 0);
    const step = steps.get(key) ?? { key, n: 0, sums: [0, 0, 0] };
    step.n++;
    color.forEach((channel, at) => (step.sums[at] += channel));
    steps.set(key, step);
  }
  // Of equally common ones the brightest, as the server takes it.
  const [commonest] = [...steps.values()].sort((a, b) => b.n - a.n || b.key - a.key);
  return commonest.sums.map((sum) => Math.floor(sum / commonest.n));
}

function content({ width, height, differs }, rowShare) {
  const ofRow = (y, [from, to]) => {
    let n = 0;
    for (let x = from; x < to; x++) n += differs[y * width + x];
    return n / (to - from);
  };
  const ofColumn = (x, [from, to]) => {
    let n = 0;
    for (let y = from; y < to; y++) n += differs[y * width + x];
    return n / (to - from);
  };
  const isLong = ([from, to], side) => (to - from) / side >= SIDE_SHARE_MIN;
  let rows = longest(height, ROW_GAP, (y) => ofRow(y, [0, width]) > rowShare);
  if (!isLong(rows, height)) return null;
  const columns = longest(width, COLUMN_GAP, (x) => ofColumn(x, rows) > COLUMN_SHARE);
  if (!isLong(columns, width)) return null;
  const within = longest(height, ROW_GAP, (y) => ofRow(y, columns) > ROW_SHARE_WITHIN);
  if (isLong(within, height)) rows = within;
  const part = {
    name: "content of the screenshot",
    left: columns[0] / width,
    top: rows[0] / height,
    right: columns[1] / width,
    bottom: rows[1] / height,
  };
  return part.right - part.left >= WHOLE_SHARE && part.bottom - part.top >= WHOLE_SHARE ? null : part;
}

/** The longest run of lines, bridging up to `gap` others inside: first, and one past the last. */
function longest(n, gap, isIn) {
  let best = [0, 0];
  let run = null;
  for (let at = 0; at < n; at++) {
    if (!isIn(at)) continue;
    run = run && at - run[1] <= gap ? [run[0], at + 1] : [at, at + 1];
    if (run[1] - run[0] > best[1] - best[0]) best = run;
  }
  return best;
}
