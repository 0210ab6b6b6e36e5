// Writing: drafts that are kept while one types, files, the answer on its way, templates, mentions.
// Everything here works without it too, by the buttons of the same forms.
"use strict";

// Begins with the page, and again when another case comes into it; the one before stops listening.
let composing = null;

function startComposer() {
  composing?.abort();
  composing = new AbortController();
  const { signal } = composing;
  const root = document.querySelector("[data-composer]");
  if (!root) return;

  const SAVE_AFTER = 800;
  const TYPING_EVERY = 3_000;
  const LONGEST_SAVE = 5_000;
  const RELEASE_AFTER = 15_000; // a page that still stands then was not left
  const KEPT = "borrador:";
  const urls = root.dataset;
  const words = Object.fromEntries(
    [...root.querySelector("#composer-words").content.querySelectorAll("li")].map((each) => [each.dataset.name, each.textContent]),
  );
  const said = (name, ...values) => values.reduce((text, value) => text.replace("%s", value), words[name] ?? "");
  const token = () => root.querySelector("input[name=csrfmiddlewaretoken]").value;

  function post(url, fields, options = {}) {
    const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
    return fetch(url, {
      method: "POST",
      body,
      redirect: "manual",
      headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
      ...options,
    });
  }

  // What changes the draft beside its text and is not there yet; each becomes whether it went well.
  const underway = new Set();

  function track(doing) {
    const settled = doing.catch(() => false);
    underway.add(settled);
    settled.then(() => underway.delete(settled));
    return settled;
  }

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  // ---- Drafts: on the server while one writes, in this tab until the server has them ----

  class DraftKeeper {
    constructor(form) {
      this.form = form;
      this.area = form.elements.text;
      this.key = KEPT + form.dataset.draft;
      this.told = form.querySelector("[data-saved]");
      this.kept = this.now(); // what the server has
      this.timer = 0;
      this.saving = null;
      this.stopped = false;
      this.area.addEventListener("input", () => this.changed());
      form.addEventListener("change", (event) => event.target.name === "then" && this.changed());
      this.area.addEventListener("blur", () => this.flush());
      form.addEventListener("submit", (event) => this.isReady(event) && this.leave());
      this.restore();
    }

    get revision() {
      return Number(this.form.elements.revision.value);
    }

    now() {
      return { text: this.area.value, then: this.form.elements.then?.value ?? "" };
    }

    isKept() {
      const now = this.now();
      return now.text === this.kept.text && now.then === this.kept.then;
    }

    changed() {
      if (this.stopped) this.unlock(); // whoever goes on writing has not left
      announceTyping();
      if (this.isKept()) return sessionStorage.removeItem(this.key);
      this.keepHere(this.now());
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), SAVE_AFTER);
    }

    flush(keepalive = false) {
      clearTimeout(this.timer);
      if (!this.isKept()) this.save(keepalive);
    }

    // The form says what its page shows: what is on its way to the server comes into it first.
    isReady(event) {
      if (this.waited || !(this.waiting || this.saving || underway.size)) return true;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!this.waiting) this.sendAfter(event.submitter);
      return false;
    }

    async sendAfter(submitter) {
      this.waiting = true;
      clearTimeout(this.timer);
      if (underway.size) this.tell(said("waiting"));
      const went = await Promise.all(underway);
      await Promise.race([this.saving, pause(LONGEST_SAVE)]);
      this.stopSaving?.abort(); // what comes later would only stand in the way of what is sent
      this.waiting = false;
      this.tell("");
      if (this.clash || !went.every(Boolean)) return; // the page says what is wrong
      this.waited = true;
      this.form.requestSubmit(submitter?.isConnected ? submitter : null);
      this.waited = false;
    }

    // The form was not left after all: its sending was stopped, or one came back to it.
    unlock() {
      this.stopped = false;
      delete this.form.dataset.sent; // the guard against double clicks, of guard.js
      for (const button of this.form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
    }

    // The page goes away. If the form was sent, that is why, and its text is no draft any more; if it
    // was not, this tab still has it.
    goAway() {
      if (!this.left) this.flush(true);
    }

    release() {
      if (this.stopped) this.unlock();
      this.flush();
    }

    // The page is about to send the form: nothing may be saved behind its back any more.
    leave() {
      clearTimeout(this.timer);
      const now = this.now();
      this.stopped = this.left = true;
      this.handed = now.text;
      setTimeout(() => this.release(), RELEASE_AFTER);
      if (now.text) this.keepHere(now);
    }

    // In this tab, with what tells the server which text it is, and from which form if that was sent.
    keepHere(now) {
      const sentBy = this.left ? this.form.elements.request_key.value : "";
      sessionStorage.setItem(this.key, JSON.stringify({ ...now, revision: this.revision, sentBy, handed: this.handed }));
    }

    async save(keepalive = false) {
      if (this.stopped || this.waiting || this.clash) return;
      if (this.saving && !keepalive) {
        this.again = true;
        return;
      }
      const sent = this.now();
      const fields = { ...sent, kind: this.form.dataset.kind, revision: this.revision, request_key: this.form.elements.request_key.value };
      const stop = (this.stopSaving = new AbortController());
      this.saving = post(urls.save, fields, { keepalive, signal: stop.signal }).then(
        (answer) => this.heard(answer, sent),
        () => stop.signal.aborted || this.tell(said("offline"), true),
      );
      await this.saving;
      this.saving = null;
      if (this.again) {
        this.again = false;
        this.flush();
      } else if (!this.isKept() && this.lost) {
        this.timer = setTimeout(() => this.save(), 5_000);
      }
    }

    async heard(answer, sent) {
      this.lost = false;
      if (answer.status === 200) return this.confirm(await answer.json(), sent);
      if (answer.status === 409) return this.offerChoice(await answer.json());
      if (answer.status === 410) return this.offerAnew(await answer.json());
      if (answer.status === 422) return this.tell((await answer.json()).message);
      if (answer.type === "opaqueredirect" || answer.status === 403) return this.tellSignedOut();
      return this.tell(said("offline"), true);
    }

    confirm(answer, sent) {
      this.left = false;
      this.form.elements.revision.value = answer.revision;
      this.kept = sent;
      if (this.isKept()) sessionStorage.removeItem(this.key);
      this.tell(sent.text ? answer.saved : "");
      if (this.form.dataset.kind === "reply") showGuidelines(answer.guidelines);
    }

    tell(text, isLost = false) {
      this.lost = isLost;
      this.told.classList.toggle("near", isLost);
      this.told.textContent = text;
      if (isLost) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.save(), 5_000);
      }
    }

    tellSignedOut() {
      const link = document.createElement("a");
      link.href = `/cuenta/login/?next=${encodeURIComponent(location.pathname)}`;
      link.textContent = said("enter");
      this.tell(said("signedout"));
      this.told.classList.add("near");
      this.told.append(" ", link);
      // Signed in again in another tab, the next word saves everything.
    }

    // Two tabs wrote: both texts are shown, nothing is decided by us.
    offerChoice(other) {
      if (this.clash) return;
      const box = document.querySelector("#composer-clash").content.firstElementChild.cloneNode(true);
      box.querySelector("[data-when]").textContent = other.saved;
      box.querySelector("[data-other]").textContent = other.text;
      box.addEventListener("click", (event) => {
        const take = event.target.closest("[data-take]")?.dataset.take;
        if (!take) return;
        if (take === "other") this.area.value = other.text;
        if (take === "both") this.area.value = `${other.text.trim()}\n\n${this.area.value.trim()}`;
        this.form.elements.revision.value = other.revision;
        this.kept = { text: other.text, then: this.kept.then };
        this.goOn();
      });
      this.ask(box);
    }

    // It was sent or thrown away in another tab: it becomes a draft again only if its writer says so.
    offerAnew(gone) {
      if (this.clash) return;
      const box = document.querySelector("#composer-gone").content.firstElementChild.cloneNode(true);
      box.querySelector("[data-message]").textContent = gone.message;
      box.querySelector("[data-anew]").addEventListener("click", () => {
        this.form.elements.revision.value = 0;
        this.form.elements.request_key.value = gone.request_key;
        this.kept = { text: "", then: "" };
        this.left = false;
        this.goOn();
      });
      this.ask(box);
    }

    // Nothing is kept until the question above the text has its answer.
    ask(box) {
      this.clash = box;
      this.area.before(box);
      this.tell("");
    }

    goOn() {
      this.clash.remove();
      this.clash = null;
      this.area.focus();
      this.changed();
      this.flush();
    }

    // What this tab has and the server has not: after a crash, an expired session, a lost connection.
    restore() {
      let local;
      try {
        local = JSON.parse(sessionStorage.getItem(this.key));
      } catch {
        local = null;
      }
      const wasSent = document.querySelector(`.draft-${this.form.dataset.draft.split("/").pop()}`);
      if (wasSent && (local?.handed ?? local?.text) === local?.text) {
        sessionStorage.removeItem(this.key); // the page says so, and nothing was written after it
        return;
      }
      if (!local?.text || local.text === this.area.value) return;
      if (this.form.querySelector("#motivo")) return; // it came back with what was sent
      const closed = this.form.closest("details");
      if (closed) closed.open = true;
      if (local.revision === this.revision || !this.area.value) {
        // Nobody saved since: this is what came after. If its form was sent, the server knows.
        this.area.value = local.text;
        this.form.elements.revision.value = local.revision;
        if (local.sentBy) this.form.elements.request_key.value = local.sentBy;
        if (local.then && this.form.elements.then) this.form.elements.then.value = local.then;
        this.changed();
      } else {
        const here = this.area.value;
        this.area.value = local.text;
        this.offerChoice({ text: here, revision: this.revision, saved: this.told.textContent });
      }
    }
  }

  let typedAt = 0;
  function announceTyping() {
    if (Date.now() - typedAt < TYPING_EVERY) return;
    typedAt = Date.now();
    document.dispatchEvent(new CustomEvent("ventanilla:typing"));
  }

  function showGuidelines(html) {
    const place = document.getElementById("respuesta-pautas");
    if (!place || html === undefined) return;
    const wasOpen = place.querySelector("details")?.open ?? false;
    place.innerHTML = html; // from our own server, drawn by a template
    const details = place.querySelector("details");
    if (details && wasOpen) details.open = true;
  }

  const keepers = [...root.querySelectorAll("form[data-kind]")].map((form) => new DraftKeeper(form));
  const reply = root.querySelector("form[data-kind=reply]");
  const replyKeeper = keepers.find((each) => each.form === reply);
  const flushAll = () => keepers.forEach((each) => each.goAway());
  addEventListener("pagehide", flushAll, { signal });
  document.addEventListener("ventanilla:leave", flushAll, { signal });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flushAll(), { signal });
  addEventListener("online", () => keepers.forEach((each) => each.flush()), { signal });
  addEventListener("pageshow", () => keepers.forEach((each) => each.release()), { signal });

  // ---- Files ----

  const filesPlace = document.getElementById("respuesta-archivos");
  // One after the other: each answer shows all the files there are, and the last must show the last.
  let uploads = Promise.resolve();

  function upload(file) {
    const line = document.createElement("p");
    line.className = "uploading small";
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    const label = document.createElement("span");
    label.textContent = said("uploading", file.name);
    bar.setAttribute("aria-label", label.textContent);
    line.append(label, bar);
    filesPlace.after(line);
    const fields = new FormData();
    fields.append("file", file, file.name);
    const request = new XMLHttpRequest();
    const ended = new Promise((done) => request.addEventListener("loadend", () => done(line.isConnected === false)));
    track(ended);
    request.open("POST", urls.files);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("X-Requested-With", "fetch");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && (bar.value = event.loaded / event.total));
    const fail = (why) => {
      bar.remove();
      line.classList.add("sign", "broken");
      line.setAttribute("role", "alert");
      label.textContent = why || said("failed", file.name);
      setTimeout(() => line.remove(), 12_000);
    };
    request.addEventListener("load", () => {
      if (request.status === 200 && !request.responseURL.includes("/cuenta/")) {
        filesPlace.innerHTML = request.responseText; // from our own server
        line.remove();
        return;
      }
      let why = "";
      try {
        why = JSON.parse(request.responseText).message;
      } catch {
        // not ours: the general words say it
      }
      fail(why);
    });
    request.addEventListener("error", () => fail(""));
    uploads = uploads.then(() => {
      request.send(fields);
      return ended;
    });
  }

  if (reply) {
    const chooser = reply.querySelector("input[type=file]");
    chooser.addEventListener("change", () => {
      [...chooser.files].forEach(upload);
      chooser.value = "";
    });
    reply.addEventListener("paste", (event) => {
      const files = [...event.clipboardData.files];
      if (!files.length || event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      files.forEach(upload);
    });
    root.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      root.classList.add("dropping");
      root.dataset.dropWords = said("drop");
    });
    root.addEventListener("dragleave", (event) => !root.contains(event.relatedTarget) && root.classList.remove("dropping"));
    root.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      root.classList.remove("dropping");
      reply.closest("details").open = true;
      [...event.dataTransfer.files].forEach(upload);
    });
    reply.addEventListener("click", onReplyClick);
  }

  async function showFrom(asked, place) {
    const answer = await asked;
    if (answer.ok) place.innerHTML = await answer.text(); // from our own server
    return answer.ok;
  }

  async function onReplyClick(event) {
    const button = event.target.closest("button, a[data-pick-template]");
    if (!button) return;
    if (button.dataset.remove) {
      event.preventDefault();
      await track(showFrom(post(button.dataset.remove, {}), filesPlace));
      replyKeeper.area.focus();
    } else if ("preview" in button.dataset) {
      event.preventDefault();
      togglePreview(button);
    } else if (button.name === "plantilla") {
      event.preventDefault();
      track(useDeeds(""));
    } else if ("pickTemplate" in button.dataset) {
      event.preventDefault();
      openPicker();
    }
  }

  async function togglePreview(button) {
    const place = document.getElementById("respuesta-vista");
    if (!place.hidden) {
      place.hidden = true;
      replyKeeper.area.hidden = false;
      button.setAttribute("aria-pressed", "false");
      replyKeeper.area.focus();
      return;
    }
    const answer = await post(urls.preview, { text: replyKeeper.area.value });
    if (!answer.ok) return;
    place.innerHTML = await answer.text(); // from our own server, sanitised there
    place.hidden = false;
    replyKeeper.area.hidden = true;
    button.setAttribute("aria-pressed", "true");
  }

  // ---- On its way ----

  const leaving = document.getElementById("envios");
  let sentUntil = 0; // for so long a sent answer is told, also when the place is drawn anew

  function countDown() {
    if (!leaving) return; // a form on a page of its own
    for (const each of leaving.querySelectorAll("[data-at]")) {
      each.drawnAt ??= Date.now();
      const elapsed = Date.now() - each.drawnAt;
      const left = Math.ceil((Number(each.dataset.at) - Number(each.dataset.server) - elapsed) / 1000);
      const place = each.querySelector("[data-left]");
      if (place) place.textContent = left > 0 ? said("left", left) : said("going");
      if (left <= 0 && !each.asked) {
        each.asked = true;
        setTimeout(() => refreshLeaving(10), 1_500);
      }
    }
  }

  async function refreshLeaving(tries = 0) {
    const before = [...leaving.querySelectorAll("[data-at]:not([data-theirs])")].map((each) => each.dataset.leaving);
    let answer;
    try {
      answer = await fetch(urls.leaving, { headers: { "X-Requested-With": "fetch" }, redirect: "manual" });
    } catch {
      answer = null;
    }
    if (!answer?.ok) {
      if (tries) setTimeout(() => refreshLeaving(tries - 1), 3_000);
      return;
    }
    const focused = leaving.contains(document.activeElement);
    leaving.innerHTML = await answer.text(); // from our own server
    const after = new Set([...leaving.querySelectorAll("[data-leaving]")].map((each) => each.dataset.leaving));
    if (before.some((id) => !after.has(id))) sentUntil = Date.now() + 15_000;
    if (Date.now() < sentUntil) tellSent();
    else if (tries && leaving.querySelector("[data-at]")) setTimeout(() => refreshLeaving(tries - 1), 2_000);
    if (focused) replyKeeper?.area.focus();
    countDown();
  }

  function tellSent() {
    const line = document.createElement("div");
    line.className = "leaving sent";
    line.setAttribute("role", "status");
    const text = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = said("sent");
    const link = document.createElement("a");
    link.href = location.pathname;
    link.textContent = said("show");
    text.append(strong, " ", link);
    line.append(text);
    leaving.append(line);
    setTimeout(() => line.remove(), sentUntil - Date.now());
  }

  const ticking = setInterval(countDown, 500);
  signal.addEventListener("abort", () => clearInterval(ticking));
  countDown();
  if (leaving) document.addEventListener("live:case", () => refreshLeaving(), { signal });

  // ---- A list that one types into: templates in a dialog, colleagues below the text ----

  const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function insert(area, text, from = area.selectionStart, to = area.selectionEnd) {
    area.setRangeText(text, from, to, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  }

  function choose(options, at) {
    options.forEach((each, index) => each.setAttribute("aria-selected", String(index === at)));
    options[at]?.scrollIntoView({ block: "nearest" });
    return options[at]?.id ?? "";
  }

  let picker = null;

  async function openPicker() {
    const answer = await fetch(urls.templates, { headers: { "X-Requested-With": "fetch" }, redirect: "manual" });
    if (!answer.ok) return;
    picker ??= makePicker();
    picker.list.innerHTML = await answer.text(); // from our own server
    picker.search.value = "";
    picker.filter();
    picker.dialog.showModal();
    picker.search.focus();
  }

  function makePicker() {
    const dialog = document.createElement("dialog");
    dialog.className = "template-picker";
    const title = reply.querySelector("[data-pick-template]").textContent.trim();
    dialog.setAttribute("aria-label", title);
    const head = document.createElement("div");
    head.className = "cluster";
    const search = document.createElement("input");
    search.type = "search";
    search.placeholder = title;
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "true", "aria-controls": "plantillas-lista", "aria-autocomplete": "list", "aria-label": title, autocomplete: "off" })) search.setAttribute(name, value);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button small quiet";
    close.textContent = said("close");
    close.addEventListener("click", () => dialog.close());
    head.append(search, close);
    const list = document.createElement("ul");
    list.id = "plantillas-lista";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", title);
    const nothing = document.createElement("p");
    nothing.className = "soft";
    nothing.setAttribute("role", "status");
    dialog.append(head, list, nothing);
    document.body.append(dialog);
    const made = { dialog, list, search, at: 0 };
    const shown = () => [...list.querySelectorAll("[role=option]:not([hidden])")];
    made.filter = () => {
      const wanted = bare(search.value).split(/\s+/).filter(Boolean);
      for (const each of list.querySelectorAll("[role=option]")) {
        const text = bare(each.textContent);
        each.hidden = !wanted.every((word) => text.includes(word));
      }
      made.at = 0;
      nothing.textContent = shown().length ? "" : said("nothing");
      search.setAttribute("aria-activedescendant", choose(shown(), 0));
    };
    search.addEventListener("input", made.filter);
    search.addEventListener("keydown", (event) => {
      const options = shown();
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        made.at = (made.at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % Math.max(options.length, 1);
        search.setAttribute("aria-activedescendant", choose(options, made.at));
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (options[made.at]) take(options[made.at]);
      }
    });
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) take(option);
    });
    dialog.addEventListener("close", () => replyKeeper.area.focus());
    function take(option) {
      dialog.close();
      const area = replyKeeper.area;
      insert(area, option.querySelector("[data-text]").textContent);
      if (option.dataset.then) reply.elements.then.value = option.dataset.then;
      if (option.querySelector(".pill")) track(useDeeds(option.dataset.id));
      replyKeeper.changed();
    }
    return made;
  }

  async function useDeeds(id) {
    await replyKeeper.saving;
    return showFrom(post(urls.templates, { plantilla: id }), document.getElementById("respuesta-ademas"));
  }

  // ---- Mentions ----

  let people = null;
  const note = root.querySelector("form[data-kind=note]");

  if (note) {
    const area = note.elements.text;
    const list = document.createElement("ul");
    list.id = "nota-colegas";
    list.className = "mentions card";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", said("colleagues"));
    area.after(list);
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", list.id);
    let at = 0;
    const options = () => [...list.children];
    const close = () => {
      list.hidden = true;
      area.removeAttribute("aria-activedescendant");
    };
    const begun = () => /(?:^|[\s(])@([\p{L}\p{M}.' -]{0,40})$/u.exec(area.value.slice(0, area.selectionStart));
    const take = (option) => {
      const found = begun();
      const blank = /\s/.test(area.value.charAt(area.selectionStart)) ? "" : " ";
      if (found) insert(area, option.textContent + blank, area.selectionStart - found[1].length, area.selectionStart);
      close();
    };
    area.addEventListener("input", async () => {
      const found = begun();
      if (!found) return close();
      try {
        people ??= (await (await fetch(urls.colleagues)).json()).people;
      } catch {
        return close();
      }
      const wanted = bare(found[1]);
      const fitting = people.filter((name) => bare(name).split(" ").some((part, index, parts) => parts.slice(index).join(" ").startsWith(wanted))).slice(0, 8);
      const isDone = people.some((name) => bare(found[1]).startsWith(bare(name)));
      if (!fitting.length || isDone) return close();
      list.replaceChildren(
        ...fitting.map((name, index) => {
          const option = document.createElement("li");
          option.id = `nota-colega-${index}`;
          option.setAttribute("role", "option");
          option.textContent = name;
          return option;
        }),
      );
      at = 0;
      list.hidden = false;
      area.setAttribute("aria-activedescendant", choose(options(), at));
    });
    area.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        at = (at + (event.key === "ArrowDown" ? 1 : -1) + list.children.length) % list.children.length;
        area.setAttribute("aria-activedescendant", choose(options(), at));
      } else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") {
        take(options()[at]);
      } else if (event.key === "Escape") {
        close();
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) take(option);
    });
    area.addEventListener("blur", close);
  }

  // ---- Keys inside the text ----

  function wrap(area, before, after = before) {
    const { selectionStart: from, selectionEnd: to } = area;
    const chosen = area.value.slice(from, to);
    insert(area, `${before}${chosen}${after}`, from, to);
    if (!chosen) area.setSelectionRange(from + before.length, from + before.length);
  }

  function onKey(event) {
    const area = event.target;
    const form = area.form;
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && event.shiftKey && event.key === "Enter") {
      if (form.elements.then) form.elements.then.value = "resolve";
      form.requestSubmit();
    } else if (isCommand && event.key === "Enter") {
      form.requestSubmit();
    } else if (isCommand && event.key.toLowerCase() === "b") {
      wrap(area, "**");
    } else if (isCommand && event.key.toLowerCase() === "i") {
      wrap(area, "*");
    } else if (isCommand && event.shiftKey && event.key.toLowerCase() === "k") {
      const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
      wrap(area, chosen ? "[" : `[${said("link")}`, "](https://)");
    } else if (form === reply && ((isCommand && event.key === "/") || (event.key === "/" && !isCommand && startsLine(area)))) {
      openPicker();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  const startsLine = (area) => {
    const before = area.value.slice(0, area.selectionStart);
    return (before === "" || before.endsWith("\n")) && area.selectionStart === area.selectionEnd;
  };

  if (leaving) for (const each of keepers) each.area.addEventListener("keydown", onKey);
}

startComposer();
document.addEventListener("ventanilla:page", startComposer);
