// Hands files to workers that fingerprint them, and gives the answers back in any order. Where a browser has no such
// workers, the page does the work itself, one picture at a time, with a pause between two for whatever else it has to do.

/** Workers at most: decoded pictures are large, and a phone has little memory. */
const WORKERS_MAX = 4;
/** A picture that takes longer than this, in milliseconds, has hung its worker. */
const PATIENCE_MS = 60_000;

/** `hash(file)` gives `{ hashed }` or `{ problem }`, always; `close()` ends the workers and leaves what waits undone. */
export function openHasher() {
  const waiting = [];
  const workers = [];
  const most = canWork() ? Math.max(1, Math.min(WORKERS_MAX, (navigator.hardwareConcurrency ?? 2) - 1)) : 1;
  let busy = 0;
  let closed = false;
  const next = async () => {
    if (closed || busy === most || waiting.length === 0) return;
    busy++;
    const { file, done } = waiting.shift();
    done(await (canWork() ? inWorker(workers, file) : inPage(file)));
    busy--;
    next();
  };
  return {
    hash: (file) => new Promise((done) => {
      waiting.push({ file, done });
      next();
    }),
    close: () => {
      closed = true;
      for (const worker of workers.splice(0)) worker.terminate();
    },
  };
}

function canWork() {
  return typeof Worker === "function" && typeof OffscreenCanvas === "function";
}

/** A worker that fails (a picture too large for the memory, a browser without module workers) is replaced for the next. */
function inWorker(idle, file) {
  return new Promise((done) => {
    const worker = idle.pop() ?? new Worker(new URL("./hash_worker.js", import.meta.url), { type: "module" });
    const finish = (answer, isWell) => {
      clearTimeout(timer);
      worker.onmessage = worker.onerror = null;
      if (isWell) idle.push(worker);
      else worker.terminate();
      done(answer);
    };
    const timer = setTimeout(() => finish({ problem: "This picture took too long. Try a smaller copy of it." }, false), PATIENCE_MS);
    worker.onmessage = ({ data }) => finish(data, true);
    worker.onerror = async (event) => {
      event.preventDefault();
      finish(await inPage(file), false);
    };
    worker.postMessage({ file });
  });
}

async function inPage(file) {
  await new Promise((done) => setTimeout(done));
  try {
    const { hashPicture } = await import("./picture.js");
    return { hashed: await hashPicture(file) };
  } catch (error) {
    return { problem: error.message };
  }
}
