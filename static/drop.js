// Makes the picture form more where JavaScript runs: pictures are fingerprinted here and stay on the device, folders and
// whole portfolios can be dropped, and the visitor's own pictures stand beside the answer.
// Without this file the form sends the pictures, as any form does.

import { openAnswer } from "./answer.js";
import { pixelsCanBeRead } from "./brightness.js";
import { FILES_MAX, filesOf, sorted } from "./files.js";
import { check } from "./portfolio.js";
import { csv, json, save } from "./save.js";
import { counted } from "./words.js";

/** What was chosen or dropped last; a file input alone cannot hold what comes out of dropped folders. */
let chosen = [];
let answer = null;

function say(form, sentence) {
  form.querySelector(".drop-state").textContent = sentence;
}

function choose(form, files) {
  const { pictures, others, beyond } = sorted(files);
  chosen = pictures;
  if (pictures.length === 0) {
    if (others > 0) say(form, "There was no picture file among that. Save the picture first, then drop the file.");
    else say(form, "");
    return;
  }
  const left = others > 0 ? ` ${counted(others, "other file is", "other files are")} left out.` : "";
  const cut = beyond > 0 ? ` The first ${FILES_MAX.toLocaleString("en")} are taken, ${beyond.toLocaleString("en")} more are not.` : "";
  say(form, (pictures.length === 1 ? `Chosen: ${pictures[0].name}` : `Chosen: ${counted(pictures.length, "picture", "pictures")}`) + (left || cut ? `.${left}${cut}` : ""));
}

/** Checks what was chosen and puts the answer in place of this page's content, so that the pictures stay at hand. */
async function begin(form) {
  const files = chosen;
  const isSent = form.querySelector("#send-pictures").checked;
  const button = form.querySelector("button[type=submit]");
  if (files.length === 0) {
    say(form, "Choose a picture first.");
    return;
  }
  button.disabled = true;
  try {
    answer?.forget();
    answer = await openAnswer(files, isSent);
  } catch {
    button.disabled = false;
    say(form, "This server could not be reached. Check the connection and try again; nothing was sent.");
    return;
  }
  const { main } = answer;
  document.querySelector("main").replaceWith(main);
  history.replaceState({ form: true }, "");
  history.pushState({ answer: true }, "", "/image");
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
  const stop = new AbortController();
  main.querySelector(".stop").addEventListener("click", () => stop.abort());
  for (const choice of main.querySelectorAll("[data-save]")) choice.addEventListener("click", () => keep(choice.dataset.save));
  const limits = { atOnce: Number(form.dataset.atOnce) };
  await check(files, { isSent, limits, signal: stop.signal, take: (picture) => answer.add(picture) });
  answer.finish();
}

function keep(kind) {
  if (kind === "csv") save("rollcall-pictures.csv", "text/csv;charset=utf-8", csv(answer.pictures));
  else save("rollcall-pictures.json", "application/json", json(answer.pictures));
}

/** Says what happens to the pictures: nothing is sent but where the visitor asks for that, or where it cannot be helped. */
function explain(form) {
  const box = form.querySelector("#send-pictures");
  for (const kept of document.querySelectorAll(".stays")) kept.hidden = box.checked;
  for (const sent of document.querySelectorAll(".is-sent")) sent.hidden = !box.checked;
  form.querySelector("button[type=submit]").textContent = box.checked ? "Send and search" : "Search by picture";
}

function enhance(form) {
  const input = form.querySelector("#image");
  const folder = form.querySelector("#folder");
  const box = form.querySelector("#send-pictures");
  for (const hidden of form.querySelectorAll(".with-script")) hidden.hidden = false;
  if (!pixelsCanBeRead()) {
    box.checked = true;
    box.disabled = true;
    form.querySelector(".unreadable").hidden = false;
  }
  explain(form);
  box.addEventListener("change", () => explain(form));
  input.addEventListener("change", () => choose(form, [...input.files]));
  folder.addEventListener("change", () => choose(form, [...folder.files]));
  for (const type of ["dragenter", "dragover"]) {
    form.addEventListener(type, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("over");
  });
  form.addEventListener("drop", async (event) => {
    event.preventDefault();
    form.classList.remove("over");
    choose(form, await filesOf(event.dataTransfer));
  });
  document.addEventListener("paste", async (event) => {
    if (event.clipboardData.files.length > 0 && form.isConnected) {
      event.preventDefault();
      choose(form, await filesOf(event.clipboardData));
    }
  });
  // The script knows of dropped pictures that the input does not.
  input.required = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); begin(form); });
  if (input.files.length > 0) choose(form, [...input.files]);
}

// Pictures dropped beside the form must not make the browser leave the page.
for (const type of ["dragover", "drop"]) {
  addEventListener(type, (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
}
// "Back" from an answer leads to the form again. Jumps within a page have no state of ours.
addEventListener("popstate", (event) => { if (event.state?.form || event.state?.answer) location.reload(); });

const form = document.getElementById("drop");
if (form) enhance(form);
