// Where JavaScript runs, the queue can be walked by keys: j and k move, Enter opens, x ticks, / goes to the search. On a
// case, u leads back to the queue and n to the next case. Without this file everything is reached with Tab and the pointer.

const lines = [...document.querySelectorAll(".queue tbody tr")];
const links = lines.map((line) => line.querySelector("a.number"));
const keys = document.querySelector(".keys");
if (keys) keys.hidden = false;

// A key that is typed into a field is a letter, and one with a modifier belongs to the browser.
const isTyping = (element) => element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");

const move = (step) => {
  const here = lines.findIndex((line) => line.contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : lines.length - 1) : Math.min(Math.max(here + step, 0), lines.length - 1);
  if (links[next]) {
    links[next].focus();
    lines[next].scrollIntoView({ block: "nearest" });
  }
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const line = lines.find((candidate) => candidate.contains(document.activeElement));
  const acts = {
    j: () => move(1),
    k: () => move(-1),
    x: () => line?.querySelector("input[name=pick]")?.click(),
    "/": () => {
      const field = document.getElementById("q");
      if (!field) return;
      field.closest("details").open = true;
      field.focus();
    },
    u: () => document.querySelector("[data-back]")?.click(),
    n: () => document.querySelector("[data-next]")?.click(),
  };
  const act = Object.hasOwn(acts, event.key) ? acts[event.key] : null;
  if (act) {
    event.preventDefault();
    act();
  }
});
