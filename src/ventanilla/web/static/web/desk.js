// Comfort on top of pages that work without it.
"use strict";

const DRAFT = "borrador:";

// What composer.js keeps in this tab is dropped only when the page after the POST says that it was kept.
function dropKeptDrafts() {
  const folio = location.pathname.split("/")[2];
  for (const mark of document.querySelectorAll(".notice[class*='draft-']")) {
    const noun = [...mark.classList].find((each) => each.startsWith("draft-")).slice("draft-".length);
    const key = `${folio}/${noun}`;
    // Where the form stands again, its composer knows whether something was written after it was sent.
    if (!document.querySelector(`form[data-kind][data-draft="${key}"]`)) sessionStorage.removeItem(DRAFT + key);
  }
}

// The control of the browser speaks the browser's language; ours says which files were chosen.
function nameChosen(event) {
  const words = event.target.closest(".attach")?.querySelector("[data-chosen]");
  if (!words) return;
  const files = [...event.target.files];
  words.dataset.empty ??= words.textContent;
  words.textContent = files.length > 1 ? words.dataset.many.replace("{n}", files.length) : (files[0]?.name ?? words.dataset.empty);
  words.title = files.map((file) => file.name).join("\n");
}

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.target.closest("form")?.requestSubmit();
  }
}

// Where the conversation has a pane of its own, it opens at its end.
function openAtEnd() {
  const pane = document.querySelector(".case-body");
  if (pane && !location.hash && getComputedStyle(pane).overflowY === "auto") pane.scrollTop = pane.scrollHeight;
}

document.addEventListener("DOMContentLoaded", () => {
  dropKeptDrafts();
  document.getElementById("motivo")?.focus();
  openAtEnd();
});
// Another case came into the page (queue.js): what begins with a page begins again.
document.addEventListener("ventanilla:page", () => {
  dropKeptDrafts();
  openAtEnd();
});
document.addEventListener("keydown", onKey);
document.addEventListener("change", nameChosen);
