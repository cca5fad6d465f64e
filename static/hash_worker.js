// Works out fingerprints beside the page, so that the page stays fluid. One file in, one answer out.

import { hashPicture } from "./picture.js";

addEventListener("message", async ({ data: { file } }) => {
  try {
    postMessage({ hashed: await hashPicture(file) });
  } catch (error) {
    postMessage({ problem: error.message });
  }
});
