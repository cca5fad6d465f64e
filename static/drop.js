// Makes the picture form nicer where JavaScript runs: drop and paste pictures, and keep the visitor's own picture
// beside the answer. The picture shown is read from the local file; the server never sends it back.
// Without this file the form works as any form does.

const shown = [];

/** Puts files into the form's own input, so that the form stays the one way to send them. */
function choose(input, files) {
  const pictures = [...files].filter((file) => file.type.startsWith("image/") || file.type === "");
  if (pictures.length === 0) return false;
  const transfer = new DataTransfer();
  for (const picture of pictures) transfer.items.add(picture);
  input.files = transfer.files;
  input.dispatchEvent(new Event("change"));
  return true;
}

function say(form, sentence) {
  form.querySelector(".drop-state").textContent = sentence;
}

/** Sends the form and puts the answer in place of this page's content, so that the local pictures stay at hand. */
async function send(form, input) {
  const files = [...input.files];
  const button = form.querySelector("button");
  button.disabled = true;
  say(form, files.length === 1 ? "Sending and comparing your picture …" : `Sending and comparing ${files.length} pictures …`);
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    const main = answer.querySelector("main");
    if (!main) throw new Error("no page came back");
    document.title = answer.title;
    document.querySelector("main").replaceWith(main);
    history.replaceState({ form: true }, "");
    history.pushState({ answer: true }, "", "/image");
    showPictures(main, files);
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  } catch {
    button.disabled = false;
    say(form, "The pictures could not be sent. Check the connection and try again; nothing was kept.");
  }
}

function showPictures(main, files) {
  for (const url of shown.splice(0)) URL.revokeObjectURL(url);
  for (const image of main.querySelectorAll("img[data-picture]")) {
    const file = files[Number(image.dataset.picture)];
    if (!file) continue;
    const url = URL.createObjectURL(file);
    shown.push(url);
    image.alt = `Your picture ${file.name}`;
    image.onload = () => { image.hidden = false; };
    image.src = url;
  }
}

function enhance(form) {
  const input = form.querySelector("input[type=file]");
  form.querySelector(".drop-hint").hidden = false;
  input.addEventListener("change", () => {
    const n = input.files.length;
    say(form, n === 0 ? "" : n === 1 ? `Chosen: ${input.files[0].name}` : `Chosen: ${n} pictures`);
  });
  for (const type of ["dragenter", "dragover"]) {
    form.addEventListener(type, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("over");
  });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (!choose(input, event.dataTransfer.files)) say(form, "That was not a picture file. Save the picture first, then drop the file.");
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length > 0 && form.isConnected) {
      event.preventDefault();
      choose(input, event.clipboardData.files);
    }
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); send(form, input); });
}

// Pictures dropped beside the form must not make the browser leave the page.
for (const type of ["dragover", "drop"]) {
  addEventListener(type, (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
}
// "Back" from an answer leads to the form again. Jumps within a page have no state of ours.
addEventListener("popstate", (event) => { if (event.state?.form || event.state?.answer) location.reload(); });

const form = document.getElementById("drop");
if (form) enhance(form);
