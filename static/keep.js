// Where JavaScript runs, the receipt can be copied and printed with a button. Without this file the words can be
// selected and the page printed as any page can.

const tools = document.querySelector(".keep-tools");
if (tools) {
  const said = tools.querySelector("[role=status]");
  const words = (id) => document.getElementById(id).textContent.trim();
  tools.hidden = false;
  tools.querySelector("[data-print]").addEventListener("click", () => window.print());
  tools.querySelector("[data-copy]").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(`Case number: ${words("case-number")}\nPassphrase: ${words("case-passphrase")}\n`);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "Your browser did not allow it. Select the words and copy them.";
    }
  });
}
