// Comfort for the pages of the portal; every one of them works without it.
"use strict";

const KEPT = "portal:";
const OFFER_AFTER_MS = 700;
const PROMISE_EVERY_MS = 60_000;
const LONGEST_Q = 300;
const SILENCE_MS = 45_000;
const FULL = new Set([429, 507]);

// Files: each goes up by itself as soon as it is chosen, dropped or pasted.
class Uploads {
  constructor(box) {
    this.box = box;
    this.list = box.querySelector("[data-files]");
    this.input = box.querySelector("input[type=file]");
    this.said = box.querySelector("[data-said]");
    this.open = 0;
    this.carried = new Map();
    // By where the form goes to: the page that answers it has another address, and the same files.
    this.key = KEPT + box.closest("form").getAttribute("action");
    for (const each of box.querySelectorAll("[data-comfort]")) each.hidden = false;
    box.classList.add("scripted");
    this.input.addEventListener("change", () => {
      const carried = [...this.carried.values()];
      this.take([...this.input.files].filter((file) => !carried.includes(file)));
      this.carry();
    });
    addEventListener("online", () => this.list.querySelectorAll("[data-again]:not([hidden])").forEach((each) => each.click()));
    this.restore();
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

  row(name) {
    const row = this.box.querySelector("template[data-row]").content.firstElementChild.cloneNode(true);
    for (const each of row.querySelectorAll("[data-name]")) each.textContent = name;
    row.querySelector("[data-drop]").addEventListener("click", () => this.drop(row));
    this.list.append(row);
    return row;
  }

  add(file) {
    const words = this.box.dataset;
    const row = this.row(file.name);
    row.bytes = file.size;
    row.querySelector("[data-again]").addEventListener("click", () => this.send(file, row));
    const rows = [...this.list.children].filter((each) => !each.classList.contains("failed"));
    const total = rows.reduce((sum, each) => sum + (each.bytes ?? 0), 0);
    if (rows.length > Number(words.most)) return this.fail(row, words.tooMany);
    if (file.size === 0) return this.fail(row, words.empty);
    if (total > Number(words.bytes)) return this.fail(row, words.tooLarge);
    this.send(file, row);
  }

  send(file, row) {
    const request = new XMLHttpRequest();
    const bar = row.querySelector("progress");
    row.request = request;
    row.classList.remove("failed");
    row.querySelector("[data-again]").hidden = true;
    row.querySelector("[data-state]").textContent = "";
    bar.hidden = false;
    bar.value = 0;
    this.open += 1;
    request.open("POST", this.box.dataset.url);
    request.setRequestHeader("X-Formulario", this.box.dataset.token);
    request.setRequestHeader("X-Archivo", encodeURIComponent(file.name));
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    // A line that dies without a word is given up; one that is only slow is not.
    let silence = setTimeout(() => request.abort(), SILENCE_MS);
    request.upload.addEventListener("progress", (event) => {
      clearTimeout(silence);
      silence = setTimeout(() => request.abort(), SILENCE_MS);
      if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("loadend", () => {
      clearTimeout(silence);
      this.open -= 1;
      if (row.isConnected) this.came(row, file, request.status, read(request.responseText));
    });
    request.send(file);
  }

  came(row, file, status, told) {
    if (status === 201) return this.done(row, told);
    if (FULL.has(status)) return this.carry(row, file);
    this.fail(row, told.message ?? this.box.dataset.failed);
    row.querySelector("[data-again]").hidden = status !== 0 && status < 500;
  }

  done(row, told) {
    row.querySelector("progress").hidden = true;
    row.querySelector("[data-state]").textContent = told.size;
    const kept = document.createElement("input");
    kept.type = "hidden";
    kept.name = "archivo";
    kept.value = told.token;
    row.append(kept);
    row.told = told;
    this.remember();
    this.said.textContent = `${told.name}: ${this.box.dataset.done}`;
  }

  // Where no more waits beforehand, a file goes with the form itself.
  carry(row, file) {
    if (row) {
      this.carried.set(row, file);
      row.querySelector("progress").hidden = true;
      row.querySelector("[data-state]").textContent = this.box.dataset.carried;
      this.said.textContent = `${file.name}: ${this.box.dataset.carried}`;
    }
    const all = new DataTransfer();
    for (const each of this.carried.values()) all.items.add(each);
    this.input.files = all.files;
  }

  fail(row, why) {
    row.classList.add("failed");
    row.querySelector("progress").hidden = true;
    row.querySelector("[data-state]").textContent = why;
    this.said.textContent = why;
  }

  drop(row) {
    row.remove();
    row.request?.abort();
    this.carried.delete(row);
    this.carry();
    this.remember();
    this.input.focus();
  }

  // A page that is lost and loaded again finds its files; one that answers a form shows them itself.
  remember() {
    const told = [...this.list.children].map((row) => row.told).filter(Boolean);
    store(this.key, told.length ? told : undefined);
  }

  restore() {
    const kept = load(this.key);
    if ("back" in this.box.dataset) return store(this.key, undefined);
    for (const told of kept) this.done(this.row(told.name), told);
  }

  hold(event) {
    const words = this.box.dataset;
    const failed = this.list.querySelector(".failed");
    const why = failed ? words.unsent : this.open ? words.waiting : navigator.onLine ? "" : words.offline;
    const hold = event.target.querySelector("[data-hold]");
    if (hold) hold.textContent = why;
    if (!why) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    failed?.querySelector("button:not([hidden])").focus();
  }
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

// The files that a page kept; none where the browser forbids to keep anything, or keeps something else.
function load(key) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key));
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

function store(key, value) {
  try {
    if (value === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden store only means that this comfort is missing.
  }
}

// The files of a message that was sent wait for none any more.
function forgetSent() {
  const sent = document.querySelector("[data-sent], .notice.kept");
  if (!sent) return;
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(KEPT)) sessionStorage.removeItem(key);
  } catch {
    // Where nothing may be kept, nothing is to be forgotten.
  }
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
document.querySelectorAll("[data-offers]").forEach(offer);
document.querySelectorAll("[data-promise]").forEach(promise);
document.querySelectorAll("[data-copy]").forEach(copy);
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
document.querySelector("#motivo")?.focus();
