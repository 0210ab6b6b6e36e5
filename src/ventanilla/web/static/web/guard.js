// The second of two quick clicks never leaves; the server would take it for the first anyway.
// A lost line or «Stop» tells no page that its form did not leave, so a form is locked for seconds
// only, and never when one comes back to its page.
"use strict";
{
  const LOCKED_MS = 8_000;

  function lock(form, isLocked) {
    if (isLocked) form.dataset.sent = "1";
    else delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[type=submit]")) {
      if (isLocked) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    // Stopped by another script, which says why; htmx stops what it sends itself.
    if (event.defaultPrevented && !form.matches("[hx-post]")) return;
    lock(form, true);
    setTimeout(() => lock(form, false), LOCKED_MS);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => lock(form, false)));
}
