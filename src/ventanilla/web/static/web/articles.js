// An article goes into the answer at the cursor; that the answer used it goes to the server.
"use strict";

document.addEventListener("submit", (event) => {
  const words = event.target.dataset?.insert;
  if (!words) return;
  const form = document.querySelector("form[data-kind=reply]");
  const area = form?.elements.text;
  if (!area) return;
  form.closest("details").open = true;
  // A text nobody has put the cursor into yet is gone on with at its end.
  if (area.selectionEnd === 0) area.setSelectionRange(area.value.length, area.value.length);
  const before = area.value.slice(0, area.selectionStart);
  const gap = before && !/\s$/.test(before) ? (words.includes("\n") ? "\n\n" : " ") : "";
  area.setRangeText(gap + words, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}, { capture: true });
