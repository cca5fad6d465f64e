// The answer to a check as the page shows it. The markup comes from the server, as an answer with one empty picture; this
// fills copies of it. Text goes in as text, so nothing a dataset says is ever read as markup.

import * as words from "./words.js";

/** As lists on the server's own pages (src/web/hits.rs). */
const CAPTION_CHARS_MAX = 420;
const URL_CHARS_MAX = 300;

/** Forms that a style can show a picture in without changing the room it takes. */
const TURNS = { mirrored: "turned-mirrored", flipped: "turned-flipped", "rotated 180": "turned-around" };

/** Fetches the empty answer: with it comes what is held at this moment, and so what can be compared. */
export async function openAnswer(files, isSent) {
  const response = await fetch(isSent ? "/image/blank?sent=1" : "/image/blank");
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const main = page.querySelector("main");
  if (!main?.querySelector(".picture")) throw new Error("no empty answer came");
  return new Answer(document.adoptNode(main), files);
}

class Answer {
  constructor(main, files) {
    this.main = main;
    this.files = files;
    this.urls = [];
    this.ticks = 0;
    this.pictures = [];
    this.blank = main.querySelector(".picture");
    this.blank.remove();
    this.titles = new Map([...main.querySelectorAll(".coverage tbody th a")].map((link) => [link.getAttribute("href"), link.textContent]));
    const alone = files.length === 1;
    main.querySelector(".missed").classList.toggle("alone", alone);
    main.querySelector(".missed").open = alone;
    main.querySelector(".progress").hidden = false;
    main.querySelector(".after").hidden = true;
    main.querySelector(".ask").hidden = true;
    main.querySelector("progress").max = files.length;
    main.querySelector("h1").textContent = alone ? "Checking your picture …" : `Checking your ${words.count(files.length)} pictures …`;
    main.addEventListener("click", (event) => this.clicked(event));
  }

  /** One picture's answer, put behind the others of its kind. */
  add(picture) {
    this.pictures.push(picture);
    const section = this.section(picture);
    const kind = kindOf(picture);
    const place = this.main.querySelector(`.${kind}`);
    place.hidden = false;
    place.append(section);
    this.main.querySelector("progress").value = this.pictures.length;
    this.main.querySelector(".progress-said").textContent = `${words.count(this.pictures.length)} of ${words.count(this.files.length)} checked`;
    this.main.querySelector(".missed > summary").textContent = this.missedTitle();
  }

  missedTitle() {
    const n = this.pictures.filter((picture) => kindOf(picture) === "missed").length;
    return `${words.counted(n, "picture was", "pictures were")} not found`;
  }

  /** The summary, when all is done or the visitor had enough. */
  finish() {
    const found = this.pictures.filter((picture) => kindOf(picture) === "found");
    const failed = this.pictures.filter((picture) => kindOf(picture) === "failed");
    const unsure = this.pictures.filter((picture) => kindOf(picture) === "missed" && picture.hits.length > 0);
    const tally = new Map();
    for (const picture of found) {
      for (const slug of new Set(picture.hits.filter(words.isSure).map((hit) => hit.dataset))) tally.set(slug, (tally.get(slug) ?? 0) + 1);
    }
    const asked = this.pictures.length;
    const unchecked = this.files.length - asked;
    let sentence = words.summary(found.length, asked, tally.size);
    if (asked === 1 && failed.length === 1) sentence = "Your picture could not be checked.";
    if (asked === 0) sentence = "No picture was checked.";
    this.main.querySelector("h1").textContent = sentence;
    const stopped = unchecked > 0 ? `You stopped before ${words.counted(unchecked, "picture was", "pictures were")} checked. ` : "";
    const said = this.main.querySelector(".summary-note");
    said.textContent = stopped + (asked === 1 ? "" : words.note(unsure.length, failed.length));
    said.hidden = said.textContent === "";
    const list = this.main.querySelector(".by-dataset");
    list.hidden = this.files.length === 1 || tally.size === 0;
    for (const [slug, n] of [...tally].sort((a, b) => b[1] - a[1])) {
      const item = document.createElement("li");
      const link = Object.assign(document.createElement("a"), { href: `/datasets/${encodeURIComponent(slug)}`, textContent: this.title(slug) });
      item.append(link, `: ${words.counted(n, "picture", "pictures")}`);
      list.append(item);
    }
    this.main.querySelector(".progress").hidden = true;
    this.main.querySelector(".after").hidden = false;
    this.main.querySelector(".ask").hidden = this.ticks === 0;
    this.main.querySelector(".save").hidden = asked === 0;
    this.main.querySelector(".advice").hidden = asked === 0 || found.length === asked;
    document.title = `${sentence} · Rollcall`;
  }

  title(slug) {
    return this.titles.get(`/datasets/${encodeURIComponent(slug)}`) ?? slug;
  }

  section(picture) {
    const section = this.blank.cloneNode(true);
    const heading = section.querySelector("h2");
    heading.id = `picture-${picture.number + 1}`;
    heading.textContent = picture.name;
    section.setAttribute("aria-labelledby", heading.id);
    this.show(section.querySelector("img.asked"), picture.number);
    say(section.querySelector(".problem"), picture.problem);
    say(section.querySelector(".sentence"), picture.problem && picture.hits.length === 0 ? null : words.pictureSentence(picture.hits));
    for (const group of section.querySelectorAll(".verdict")) {
      const hits = picture.hits.filter((hit) => hit.verdict === group.dataset.verdict);
      if (hits.length === 0) {
        group.remove();
        continue;
      }
      group.querySelector(".count").textContent = words.counted(hits.length, "record", "records");
      const list = group.querySelector(".hit-list");
      const blank = list.firstElementChild;
      list.replaceChildren(...hits.map((hit) => this.hit(blank.cloneNode(true), hit, picture)));
      const all = group.querySelector("button[name=take]");
      if (all && hits.length > 1) {
        all.value = hits.map((hit) => `r:${hit.id}`).join(" ");
        all.textContent = `Take all ${words.counted(hits.length, "record", "records")} of this kind`;
      } else {
        all?.parentElement.remove();
      }
    }
    return section;
  }

  hit(item, hit, picture) {
    const href = `/records/${encodeURIComponent(hit.id)}`;
    say(item.querySelector(".quote p"), hit.caption && words.shortened(hit.caption, CAPTION_CHARS_MAX));
    if (!hit.caption) item.querySelector(".quote")?.replaceWith(Object.assign(document.createElement("p"), { className: "quiet", textContent: "This record has no text." }));
    say(item.querySelector(".whose .id"), hit.author && words.shortened(hit.author, URL_CHARS_MAX), ".whose");
    say(item.querySelector(".address"), hit.url && words.shortened(hit.url, URL_CHARS_MAX));
    const dataset = item.querySelector(".place a");
    dataset.href = `/datasets/${encodeURIComponent(hit.dataset)}`;
    dataset.textContent = this.title(hit.dataset);
    const day = hit.created_at ? ` · ${words.date(hit.created_at)}` : "";
    item.querySelector(".place .id").textContent = `revision ${hit.revision} · ${hit.file} · row ${words.number(hit.row)}${day}`;
    say(item.querySelector(".variant"), words.variantSentence(hit.variant));
    item.querySelector(".record-link").href = href;
    const matched = new URLSearchParams({ by: hit.matched_by, hash: hit.query_hash, radius: String(hit.radius) });
    item.querySelector(".evidence-link").href = `${href}/evidence?${matched}`;
    const tick = item.querySelector(".tick input");
    tick.value = `r:${hit.id}`;
    tick.id = `tick-${++this.ticks}`;
    item.querySelector(".tick label").htmlFor = tick.id;
    item.querySelector(".how").textContent = words.howSentence(hit);
    const mine = item.querySelector(".mine");
    mine.hidden = false;
    const turn = TURNS[hit.variant.split(", ").at(-1)];
    if (turn) {
      mine.querySelector("img").classList.add(turn);
      mine.querySelector("figcaption").textContent = "Your picture, shown from your device, turned as the record’s is";
    }
    this.show(mine.querySelector("img"), picture.number);
    const site = hit.url && words.siteOf(hit.url);
    item.querySelector(".has-address").hidden = !site;
    item.querySelector(".has-no-address").hidden = Boolean(site);
    for (const place of item.querySelectorAll(".host")) place.textContent = site ?? "";
    item.querySelector(".load").href = `${href}/picture`;
    return item;
  }

  /** The visitor's own picture, read from their own device. One a browser cannot show is left out. */
  show(image, number) {
    const file = this.files[number];
    this.urls[number] ??= URL.createObjectURL(file);
    image.alt = `Your picture ${file.name}`;
    image.hidden = false;
    image.onerror = () => { image.hidden = true; };
    image.src = this.urls[number];
  }

  /** Loads a record's picture where the visitor asks for it, in a frame: this page itself may never load from outside. */
  clicked(event) {
    const link = event.target.closest("a.load");
    if (!link) return;
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.title = `Picture at ${link.querySelector(".host").textContent}`;
    frame.setAttribute("sandbox", "allow-same-origin");
    frame.referrerPolicy = "no-referrer";
    frame.src = `${link.getAttribute("href")}?framed=1`;
    link.closest(".has-address").replaceChildren(frame);
  }

  forget() {
    for (const url of this.urls.splice(0)) if (url) URL.revokeObjectURL(url);
  }
}

/** A picture with too little in it may still be found as the very same file. */
function kindOf({ hits, problem }) {
  if (hits.some(words.isSure)) return "found";
  return problem ? "failed" : "missed";
}

/** Text into its place; a place without text is taken away, or what surrounds it. */
function say(place, text, around) {
  if (text) place.textContent = text;
  else (around ? place.closest(around) : place).remove();
}
