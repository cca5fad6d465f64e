// The picture files among what was chosen or dropped, folders and their folders included.

/** Files at most: more would make a page that no browser shows well. */
export const FILES_MAX = 1000;
/** Folders within folders, at most: deeper than any collection of pictures, and an end for links that lead in circles. */
const DEPTH_MAX = 16;

/** `{ pictures, others }`: what to check, and how many files are no pictures by their kind. */
export function sorted(files) {
  const pictures = [...files].filter(isPicture);
  return { pictures: pictures.slice(0, FILES_MAX), others: files.length - pictures.length, beyond: Math.max(0, pictures.length - FILES_MAX) };
}

/** Browsers go by the ending. A file they know nothing of may be a picture, unless its name says that it is hidden. */
function isPicture(file) {
  return file.type.startsWith("image/") || (file.type === "" && !file.name.startsWith(".") && !/\.(db|ini|txt|xmp|aae)$/i.test(file.name));
}

/** All files of a drop or a paste. Must be called before anything is awaited: browsers empty a transfer after its event. */
export async function filesOf(transfer) {
  const entries = [...(transfer.items ?? [])].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.());
  const plain = [...transfer.files];
  if (!entries.some((entry) => entry?.isDirectory)) return plain;
  const found = [];
  for (const entry of entries) if (entry) await collect(entry, found, 0);
  return found;
}

async function collect(entry, found, depth) {
  if (found.length > 2 * FILES_MAX || depth > DEPTH_MAX) return;
  try {
    if (entry.isFile) {
      found.push(await new Promise((done, fail) => entry.file(done, fail)));
      return;
    }
    const reader = entry.createReader();
    // A reader gives a hundred entries at a time, and none at the end.
    for (;;) {
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (some.length === 0) return;
      some.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const child of some) await collect(child, found, depth + 1);
    }
  } catch {
    // What cannot be read (a link to nowhere, a folder without permission) is left out; the rest goes on.
  }
}
