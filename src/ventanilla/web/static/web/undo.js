// What was done to many cases can be taken back: ten seconds over the page, longer under the pointer or
// the focus. Without a script the same words are a link to the page of the deed, where the button is.
"use strict";

(() => {
  const UNDO_SECONDS = 10;

  function showToasts() {
    for (const link of document.querySelectorAll("#avisos a.undo")) {
      const notice = link.closest(".notice");
      if (notice.classList.contains("toast")) continue;
      notice.classList.add("toast");
      link.replaceWith(undoButton(link));
      let left = UNDO_SECONDS;
      const tick = setInterval(() => {
        if (notice.matches(":hover, :focus-within")) return;
        left -= 1;
        if (left > 0 && notice.isConnected) return;
        clearInterval(tick);
        notice.remove();
      }, 1000);
    }
  }

  // Without a script it is a link to the page of the deed, where the button is.
  function undoButton(link) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "linkish undo";
    Object.assign(button.dataset, link.dataset);
    button.textContent = link.textContent;
    return button;
  }

  function onUndo(event) {
    const link = event.target.closest?.("button[data-undo]");
    if (!link) return;
    const form = document.createElement("form");
    form.method = "post";
    form.action = link.dataset.undo;
    const fields = {
      csrfmiddlewaretoken: document.querySelector('input[name="csrfmiddlewaretoken"]')?.value ?? "",
      volver: location.pathname + location.search,
    };
    for (const [name, value] of Object.entries(fields)) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    form.requestSubmit();
  }

  document.addEventListener("DOMContentLoaded", showToasts);
  document.addEventListener("click", onUndo);
})();
