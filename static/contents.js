// The picture inside a screenshot, found as the server finds it (src/image_hash/content_box.rs): what is left when the plain
// ground of an app or a page is taken away.

/** Longest side of the plane that is looked at; larger ones are averaged down. */
const PLANE_SIDE_MAX = 384;
/** How far a pixel of the ground may be from the ground's brightness. */
const TOLERANCE = 10;
/** Steps of brightness that count as one when the commonest is looked for. */
const STEP = 8;
/** Share of a row that must be something else, tried in this order. */
const ROW_SHARES = [0.5, 0.25];
const COLUMN_SHARE = 0.5;
/** Share of a row, within the columns found. */
const ROW_SHARE_WITHIN = 0.6;
/** Lines of ground that a picture may have inside. */
const ROW_GAP = 2;
const COLUMN_GAP = 4;
/** Least share of each side that is a picture and not a button. */
const SIDE_SHARE_MIN = 0.15;
/** A box of at least this share of both sides is the whole picture. */
const WHOLE_SHARE = 0.98;

/** Where the content may be: none, one or two guesses. */
export function contents(luma) {
  const plane = averaged(luma);
  if (Math.min(plane.width, plane.height) < 16) return [];
  const ground = groundOf(plane);
  const differs = Uint8Array.from(plane.cells, (cell) => (Math.abs(Math.fround(cell - ground)) > TOLERANCE ? 1 : 0));
  const found = [];
  for (const share of ROW_SHARES) {
    const part = content(plane, differs, share);
    const isNew = part && !found.some((known) => ["left", "top", "right", "bottom"].every((side) => known[side] === part[side]));
    if (isNew) found.push(part);
  }
  return found;
}

function averaged({ width, height, pixels }) {
  const times = Math.max(1, Math.ceil(Math.max(width, height) / PLANE_SIDE_MAX));
  const plane = { width: Math.floor(width / times), height: Math.floor(height / times) };
  plane.cells = new Float32Array(plane.width * plane.height);
  for (let y = 0; y < plane.height; y++) {
    for (let x = 0; x < plane.width; x++) {
      let sum = 0;
      for (let v = y * times; v < (y + 1) * times; v++) {
        for (let u = x * times; u < (x + 1) * times; u++) sum += pixels[v * width + u];
      }
      plane.cells[y * plane.width + x] = sum / (times * times);
    }
  }
  return plane;
}

/** The commonest brightness along the edges. */
function groundOf({ width, height, cells }) {
  const counts = new Uint32Array(256 / STEP);
  const sums = new Float32Array(256 / STEP);
  const take = (at) => {
    const step = Math.min(Math.floor(Math.floor(cells[at]) / STEP), 256 / STEP - 1);
    counts[step]++;
    sums[step] += cells[at];
  };
  for (let x = 0; x < width; x++) {
    take(x);
    take((height - 1) * width + x);
  }
  for (let y = 0; y < height; y++) {
    take(y * width);
    take(y * width + width - 1);
  }
  let most = 0;
  for (let step = 1; step < counts.length; step++) if (counts[step] >= counts[most]) most = step;
  return Math.fround(sums[most] / Math.max(1, counts[most]));
}

function content({ width, height }, differs, rowShare) {
  const share = (lines, n) => Math.fround(lines / n);
  const ofRow = (y, from, to) => {
    let n = 0;
    for (let x = from; x < to; x++) n += differs[y * width + x];
    return share(n, to - from);
  };
  const ofColumn = (x, from, to) => {
    let n = 0;
    for (let y = from; y < to; y++) n += differs[y * width + x];
    return share(n, to - from);
  };
  const isTall = ([from, to]) => share(to - from, height) >= Math.fround(SIDE_SHARE_MIN);
  let rows = longest(height, (y) => ofRow(y, 0, width) > rowShare, ROW_GAP);
  if (!isTall(rows)) return null;
  const columns = longest(width, (x) => ofColumn(x, rows[0], rows[1]) > COLUMN_SHARE, COLUMN_GAP);
  if (share(columns[1] - columns[0], width) < Math.fround(SIDE_SHARE_MIN)) return null;
  const within = longest(height, (y) => ofRow(y, columns[0], columns[1]) > Math.fround(ROW_SHARE_WITHIN), ROW_GAP);
  if (isTall(within)) rows = within;
  const part = {
    name: "content of the screenshot",
    left: columns[0] / width,
    top: rows[0] / height,
    right: columns[1] / width,
    bottom: rows[1] / height,
  };
  const isWhole = part.right - part.left >= WHOLE_SHARE && part.bottom - part.top >= WHOLE_SHARE;
  return isWhole ? null : part;
}

/** The longest run of lines, bridging up to `gap` others inside: first, and one past the last. */
function longest(n, isIn, gap) {
  let best = [0, 0];
  let run = null;
  for (let at = 0; at < n; at++) {
    if (!isIn(at)) continue;
    run = run && at - run[1] <= gap ? [run[0], at + 1] : [at, at + 1];
    if (run[1] - run[0] > best[1] - best[0]) best = run;
  }
  return best;
}
