// Comfort for the pages of the portal; every one of them works without it.
"use strict";

const KEPT = "portal:";
const OFFER_AFTER_MS = 700;
const PROMISE_EVERY_MS = 60_000;
const LONGEST_Q = 300;

// Files: each goes up by itself as soon as it is chosen, dropped or pasted.
class Uploads {
  constructor(box) {
    this.box = box;
    this.list = box.querySelector("[data-files]");
    this.input = box.querySelector("input[type=file]");
    this.said = box.querySelector("[data-said]");
    this.open = 0;
    for (const each of box.querySelectorAll("[data-comfort]")) each.hidden = false;
    box.classList.add("scripted");
    this.input.addEventListener("change", () => {
      this.take([...this.input.files]);
      this.input.value = "";
    });
    const form = box.closest("form");
    for (const kind of ["dragenter", "dragover"]) form.addEventListener(kind, (event) => this.over(event, true));
    for (const kind of ["dragleave", "drop"]) form.addEventListener(kind, (event) => this.over(event, false));
    form.addEventListener("paste", (event) => this.take([...(event.clipboardData?.files ?? [])], event));
    form.addEventListener("submit", (event) => this.hold(event), { capture: true });
  }

  over(event, isOver) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.box.classList.toggle("over", isOver);
    if (event.type === "drop") this.take([...event.dataTransfer.files]);
  }

  take(files, event) {
    if (!files.length) return;
    event?.preventDefault();
    for (const file of files) this.add(file);
  }

  add(file) {
    const words = this.box.dataset;
    const row = this.box.querySelector("template[data-row]").content.firstElementChild.cloneNode(true);
    for (const name of row.querySelectorAll("[data-name]")) name.textContent = file.name;
    row.querySelector("[data-drop]").addEventListener("click", () => this.drop(row));
    this.list.append(row);
    row.bytes = file.size;
    const rows = [...this.list.children].filter((each) => !each.classList.contains("failed"));
    const total = rows.reduce((sum, each) => sum + (each.bytes ?? 0), 0);
    if (rows.length > Number(words.most)) return this.fail(row, words.tooMany);
    if (file.size === 0) return this.fail(row, words.empty);
    if (total > Number(words.bytes)) return this.fail(row, words.tooLarge);
    this.send(file, row);
  }

  send(file, row) {
    const request = new XMLHttpRequest();
    row.request = request;
    this.open += 1;
    request.open("POST", this.box.dataset.url);
    request.timeout = 10 * 60 * 1000;
    request.setRequestHeader("X-Formulario", this.box.dataset.token);
    request.setRequestHeader("X-Archivo", encodeURIComponent(file.name));
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) row.querySelector("progress").value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("loadend", () => {
      this.open -= 1;
      const told = read(request.responseText);
      if (request.status === 201) this.done(row, told);
      else if (row.isConnected) this.fail(row, told.message ?? this.box.dataset.failed);
    });
    request.send(file);
  }

  done(row, told) {
    if (!row.isConnected) return;
    row.querySelector("progress").remove();
    row.querySelector("[data-state]").textContent = told.size;
    const kept = document.createElement("input");
    kept.type = "hidden";
    kept.name = "archivo";
    kept.value = told.token;
    row.append(kept);
    this.said.textContent = `${told.name}: ${this.box.dataset.done}`;
  }

  fail(row, why) {
    row.classList.add("failed");
    row.querySelector("progress")?.remove();
    row.querySelector("[data-state]").textContent = why;
    this.said.textContent = why;
  }

  drop(row) {
    row.request?.abort();
    row.remove();
    this.input.focus();
  }

  hold(event) {
    const failed = this.list.querySelector(".failed");
    if (!this.open && !failed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const hold = event.target.querySelector("[data-hold]");
    if (hold) hold.textContent = failed ? this.box.dataset.unsent : this.box.dataset.waiting;
    failed?.querySelector("[data-drop]").focus();
  }
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

// What is typed stays in this tab until it was sent: a lost page loses no words.
function keep(form) {
  const key = KEPT + location.pathname;
  const fields = () => [...form.elements].filter((each) => each.name && !["hidden", "file", "checkbox"].includes(each.type) && !each.closest(".trap"));
  const kept = read(sessionStorage.getItem(key) ?? "");
  for (const field of fields()) {
    if (kept[field.name] === undefined) continue;
    if (field.type === "radio") field.checked ||= kept[field.name] === field.value;
    else field.value ||= kept[field.name];
  }
  form.addEventListener("input", () => {
    const typed = {};
    for (const field of fields()) if (field.type !== "radio" || field.checked) typed[field.name] = field.value;
    try {
      sessionStorage.setItem(key, JSON.stringify(typed));
    } catch {
      // A full or forbidden store only means that this comfort is missing.
    }
  });
}

// The message that was sent is no draft any more.
function forgetSent() {
  const sent = document.querySelector("[data-sent], .notice.kept");
  if (!sent) return;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(KEPT)) sessionStorage.removeItem(key);
}

function guard(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", "true");
  });
}

async function region(place, url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) return;
  const html = (await answer.text()).trim();
  if (place.innerHTML.trim() !== html) place.innerHTML = html;
}

// Articles about what is being written; what is shown is left alone while one does not type.
function offer(place) {
  const form = place.closest("form");
  let timer = 0;
  let asked = "";
  form.addEventListener("input", (event) => {
    if (!event.target.matches("[name=subject], textarea")) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const texts = [form.elements.subject, ...form.querySelectorAll("textarea")];
      const q = texts.map((each) => each.value).join(" ").trim().slice(0, LONGEST_Q);
      if (q === asked || q.length < 8) return;
      asked = q;
      region(place, `${place.dataset.offers}?q=${encodeURIComponent(q)}`).catch(() => {});
    }, OFFER_AFTER_MS);
  });
}

// The promise is for what is sent now, and now moves on.
function promise(place) {
  const renew = () => document.hidden || region(place, place.dataset.promise).catch(() => {});
  setInterval(renew, PROMISE_EVERY_MS);
  document.addEventListener("visibilitychange", renew);
}

function copy(button) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const texts = document.querySelectorAll(`#${button.dataset.copy} [data-text]`);
    await navigator.clipboard.writeText([...texts].map((each) => each.textContent).join("\n"));
    button.querySelector("[data-words]").textContent = button.dataset.copied;
  });
}

forgetSent();
document.querySelectorAll("[data-uploads]").forEach((box) => new Uploads(box));
document.querySelectorAll("form[data-keep]").forEach(keep);
document.querySelectorAll("form[data-guard]").forEach(guard);
document.querySelectorAll("[data-offers]").forEach(offer);
document.querySelectorAll("[data-promise]").forEach(promise);
document.querySelectorAll("[data-copy]").forEach(copy);
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
document.querySelector("#motivo")?.focus();
