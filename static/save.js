// An answer as a file, made in the page: the server keeps no answers that it could give again.

const COLUMNS = ["picture", "found", "verdict", "dataset", "revision", "file", "row", "record", "url", "caption", "author", "created_at", "matched_by", "distance", "variant", "problem"];

/** One row a match; a picture without one has a row of its own. */
export function csv(pictures) {
  const rows = pictures.flatMap(({ name, hits, problem }) => {
    if (hits.length === 0) return [{ picture: name, found: "no", problem }];
    return hits.map((hit) => ({ ...hit, picture: name, found: hit.verdict === "maybe" ? "maybe" : "yes", record: hit.id, problem }));
  });
  const lines = [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column] ?? ""))];
  return lines.map((line) => line.map(cell).join(",") + "\r\n").join("");
}

/** Spreadsheets take a text that begins like a formula for one; a quote mark before it keeps it a text. */
function cell(value) {
  const text = String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** As `POST /api/v1/match` answers, with the pictures' names. */
export function json(pictures) {
  return JSON.stringify({ queries: pictures.map(({ name, quality, hits, problem }) => ({ name, quality, hits, problem })) }, null, 2);
}

/** Gives the visitor a file. */
export function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  // The browser reads the text when it has asked where to put it; a minute is enough for that.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
