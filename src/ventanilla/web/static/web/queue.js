// The queue: choosing rows, walking them, news that waits to be asked for, and the pane beside a case.
// The page works without it: links, checkboxes and forms are the page's own.
"use strict";

(() => {
  const KEPT = "cola";
  const NEWS_PAUSE = 3000;
  const PAGES_BACK = 10;
  const WIDE = matchMedia("(min-width: 80rem)");

  const keys = window.ventanillaKeys;
  const text = (name) => keys.texts()[name] ?? "";
  const side = () => document.getElementById("cola-lado");
  const queue = () => document.querySelector("#cola, #cola-lado .queue");
  const rows = () => [...(queue()?.querySelectorAll(".row") ?? [])];
  const linkOf = (row) => row?.querySelector(".row-title");
  const rowInFocus = () => document.activeElement?.closest(".row") ?? null;
  const folioHere = () => decodeURIComponent(/^\/casos\/([^/]+)\/$/.exec(location.pathname)?.[1] ?? "");

  function say(words) {
    const place = document.getElementById("anuncio");
    if (place) place.textContent = words;
  }

  // ── What one came from, for this tab only ────────────────────────────────────────────────────

  function kept() {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
    } catch {
      return {};
    }
  }

  function keep(changes) {
    sessionStorage.setItem(KEPT, JSON.stringify({ ...kept(), ...changes }));
  }

  function keepQueue(folio) {
    const here = queue();
    if (!here) return;
    const folios = rows().map((row) => row.dataset.folio);
    keep({ url: here.dataset.queue, name: here.dataset.name, folios, more: here.querySelector("#mas") !== null, folio: folio ?? kept().folio });
  }

  // ── Choosing ─────────────────────────────────────────────────────────────────────────────────

  let lastPick = null;
  const picks = () => [...document.querySelectorAll('#cola input[name="caso"]')];

  function pick(box, { range = false, wanted = !box.checked } = {}) {
    const all = picks();
    const from = range && lastPick?.isConnected ? all.indexOf(lastPick) : all.indexOf(box);
    const to = all.indexOf(box);
    for (const each of all.slice(Math.min(from, to), Math.max(from, to) + 1)) each.checked = wanted;
    lastPick = box;
    count();
  }

  function count() {
    const place = document.querySelector(".bulk-count");
    if (!place) return;
    const chosen = picks().filter((each) => each.checked).length;
    place.textContent = chosen === 1 ? place.dataset.one : place.dataset.many.replace("%n", chosen);
  }

  function onPick(event) {
    const box = event.target.closest?.('#cola input[name="caso"]');
    if (box) pick(box, { range: event.shiftKey, wanted: box.checked });
  }

  // ── Walking ──────────────────────────────────────────────────────────────────────────────────

  function step(by) {
    const all = rows();
    const now = all.indexOf(rowInFocus());
    const next = all[now < 0 ? (by > 0 ? 0 : all.length - 1) : now + by];
    if (next) {
      linkOf(next).focus();
      next.scrollIntoView({ block: "nearest" });
    } else if (by > 0) {
      queue()?.querySelector("#mas a")?.click();
    }
  }

  // On a case the neighbours are known from the pane, or from the queue one came from.
  function neighbours() {
    const here = folioHere();
    if (!here) return null;
    const fromPane = side()?.querySelector(".queue");
    const folios = fromPane ? rows().map((row) => row.dataset.folio) : kept().folios ?? [];
    const at = folios.indexOf(here);
    return { at, folios, name: fromPane?.dataset.name ?? kept().name ?? "", before: folios[at - 1], after: folios[at + 1] };
  }

  function drawWalk() {
    const place = document.getElementById("recorrido");
    const known = neighbours();
    if (!place || !known || known.at < 0) return;
    const many = known.folios.length + (kept().more ? "+" : "");
    place.querySelector("[data-place]").textContent = text("place").replace("%n", known.at + 1).replace("%m", many);
    for (const [name, folio] of [["previous", known.before], ["next", known.after]]) {
      const link = place.querySelector(`[data-${name}]`);
      if (folio) link.href = `/casos/${encodeURIComponent(folio)}/`;
      else link.removeAttribute("href");
      link.toggleAttribute("data-key", Boolean(folio));
      if (folio) link.dataset.key = name === "next" ? "j" : "k";
    }
    place.hidden = false;
    const back = document.querySelector(".case-crumbs .crumb");
    if (!back || !kept().url) return;
    back.href = kept().url;
    back.lastChild.textContent = ` ${known.name}`;
  }

  // A neighbour in the pane is opened as if its row were clicked: only the case changes.
  function onWalk(event) {
    const link = event.target.closest?.("#recorrido a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !side()?.querySelector(".queue")) return;
    const row = rows().find((each) => `/casos/${encodeURIComponent(each.dataset.folio)}/` === link.getAttribute("href"));
    if (!row) return;
    event.preventDefault();
    linkOf(row).click();
  }

  function markHere() {
    const here = folioHere();
    for (const row of rows()) {
      const isHere = row.dataset.folio === here;
      row.classList.toggle("here", isHere);
      if (!isHere) {
        linkOf(row).removeAttribute("aria-current");
        continue;
      }
      linkOf(row).setAttribute("aria-current", "page");
      row.classList.remove("unread");
      linkOf(row).querySelector(".unseen")?.remove();
      row.scrollIntoView({ block: "nearest" });
    }
    if (here) keep({ folio: here });
  }

  // ── The pane beside a case ───────────────────────────────────────────────────────────────────

  async function fillPane() {
    const pane = side();
    if (!pane || !WIDE.matches || pane.childElementCount) return;
    const url = new URL(kept().url ?? pane.dataset.home, location.origin);
    if (url.origin !== location.origin) return;
    url.searchParams.set("parte", "panel");
    await window.htmx.ajax("GET", url.pathname + url.search, { target: pane, swap: "innerHTML" });
    if (!pane.querySelector(".queue")) return;
    keepQueue(folioHere());
    markHere();
    drawWalk();
  }

  function onSwap(event) {
    if (event.detail.target?.id === "filtros") onFilterShown();
    if (event.detail.target?.id === "contenido" || event.target.id === "contenido") onPage();
    else if (event.target.closest?.("#cola-lado")) {
      keepQueue();
      drawWalk();
    }
  }

  function onPage() {
    fillPane();
    markHere();
    drawWalk();
    openAtHash();
    say(document.title);
    document.dispatchEvent(new CustomEvent("ventanilla:page", { detail: { folio: folioHere() } }));
  }

  // What is being written is kept before its page goes.
  function onLeave(event) {
    if (event.detail.target?.id === "contenido") document.dispatchEvent(new CustomEvent("ventanilla:leave"));
  }

  function openAtHash() {
    const key = { "#responder": "r", "#nota": "n" }[location.hash];
    if (key) keys.all().find((each) => each.key === key)?.run();
  }

  // The menu of views is kept by the browser for a moment; where views are changed it is asked anew.
  async function renewViews() {
    const place = document.getElementById("menu-vistas");
    if (!place || !location.pathname.startsWith("/vistas/")) return;
    const answer = await fetch("/vistas/menu/", { cache: "reload" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    for (const old of [...place.children].slice(1)) old.remove();
    place.append(...fresh.childNodes);
  }

  // A page that is one form on a case begins in its first field.
  function focusForm() {
    if (!/^\/casos\/[^/]+\/[a-z-]+\/$/.test(location.pathname) || document.activeElement !== document.body) return;
    document.querySelector("main form.form :is(textarea, select, input:not([type=hidden]))")?.focus();
  }

  // The filter form opens in place and closes by the same button.
  function onFilter(event) {
    const link = event.target.closest?.("#filtrar");
    const place = document.getElementById("filtros");
    if (!link || !place?.childElementCount) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    place.replaceChildren();
    link.setAttribute("aria-expanded", "false");
  }

  function onFilterShown() {
    document.getElementById("filtrar")?.setAttribute("aria-expanded", "true");
    document.querySelector("#filtros input:not([type=hidden])")?.focus();
  }

  // ── Coming back ──────────────────────────────────────────────────────────────────────────────

  async function goBackToRow() {
    const here = document.getElementById("cola");
    const { url, folio } = kept();
    if (!here || !folio || url !== here.dataset.queue) return;
    let row = null;
    for (let page = 0; page < PAGES_BACK; page += 1) {
      row = rows().find((each) => each.dataset.folio === folio);
      const more = here.querySelector("#mas a");
      if (row || !more || !kept().folios?.includes(folio)) break;
      await window.htmx.ajax("GET", more.getAttribute("href"), { target: "#mas", swap: "outerHTML" });
    }
    if (!row) return;
    row.scrollIntoView({ block: "center" });
    linkOf(row).focus({ preventScroll: true });
  }

  // ── News ─────────────────────────────────────────────────────────────────────────────────────

  let newsTimer = 0;
  let newsAt = 0;

  function onNews(event) {
    if (queue()) event.preventDefault();
    if (document.hidden || newsTimer || !queue()?.hasAttribute("data-live")) return;
    newsTimer = setTimeout(askNews, Math.max(0, newsAt + NEWS_PAUSE - Date.now()));
  }

  async function askNews() {
    newsTimer = 0;
    newsAt = Date.now();
    const here = queue();
    if (!here) return;
    const url = new URL(here.dataset.queue, location.origin);
    url.searchParams.set("parte", "novedades");
    url.searchParams.set("vistos", rows().slice(0, 120).map((row) => `${row.id.replace("caso-", "")}.${row.dataset.seq}`).join(","));
    let news;
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      news = await answer.json();
    } catch {
      return; // the connection tells of itself; the next event asks again
    }
    const bar = here.querySelector(".queue-news");
    if (!bar || !here.isConnected) return;
    bar.hidden = news.count === 0;
    if (bar.querySelector("[role=status]").textContent !== news.words) bar.querySelector("[role=status]").textContent = news.count ? news.words : "";
    for (const row of rows()) mark(row, news.rows[row.id.replace("caso-", "")]);
  }

  function mark(row, words) {
    let sign = row.querySelector(".moved");
    if (!words) {
      sign?.remove();
      return;
    }
    if (!sign) {
      sign = document.createElement("span");
      sign.className = "pill near moved";
      linkOf(row).after(sign);
    }
    if (sign.textContent !== words) sign.textContent = words;
  }

  async function refresh(event) {
    const here = event.target.closest(".queue");
    const url = new URL(here.dataset.queue, location.origin);
    url.searchParams.set("parte", "panel");
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".rows");
    const list = here.querySelector(".rows");
    if (!fresh || !list) {
      location.reload();
      return;
    }
    const chosen = new Set(picks().filter((each) => each.checked).map((each) => each.closest(".row").id));
    list.replaceChildren(...fresh.children);
    window.htmx.process(list);
    for (const box of picks()) box.checked = chosen.has(box.closest(".row").id);
    here.querySelector(".queue-news").hidden = true;
    count();
    markHere();
    linkOf(rows()[0])?.focus();
    say(text("refreshed"));
  }

  // ── Keys ─────────────────────────────────────────────────────────────────────────────────────

  function registerKeys() {
    const inQueue = () => document.getElementById("cola") !== null && rows().length > 0;
    const inList = () => inQueue() || (side()?.querySelector(".row") ?? null) !== null;
    const onRow = () => inQueue() && rowInFocus() !== null;
    const box = () => rowInFocus()?.querySelector('input[name="caso"]');
    const at = (rest) => () => {
      keepQueue(rowInFocus().dataset.folio);
      location.assign(new URL(rest, linkOf(rowInFocus()).href));
    };
    for (const command of [
      { key: "j", label: text("next"), when: inList, run: () => step(1) },
      { key: "k", label: text("previous"), when: inList, run: () => step(-1) },
    ]) keys.register({ group: text("rows"), ...command });
    // The sheet names these before a row has the focus as well: that is when one looks for them.
    for (const command of [
      { key: "o", label: text("open"), when: onRow, run: () => linkOf(rowInFocus()).click() },
      { key: "x", label: text("select"), when: () => Boolean(box()), run: () => pick(box()) },
      { key: "Shift+X", label: text("range"), when: () => Boolean(box()), run: () => pick(box(), { range: true, wanted: true }) },
      { key: "a", label: text("assign"), when: onRow, run: at("asignacion/") },
      { key: "e", label: text("resolve"), when: onRow, run: at("resolucion/") },
      { key: "r", label: text("reply"), when: onRow, run: at("#responder") },
      { key: "n", label: text("note"), when: onRow, run: at("#nota") },
    ]) keys.register({ group: text("chosen"), told: inQueue, ...command });
  }

  document.addEventListener("DOMContentLoaded", () => {
    registerKeys();
    count();
    goBackToRow();
    fillPane();
    drawWalk();
    openAtHash();
    focusForm();
    renewViews();
  });
  document.addEventListener("click", onFilter, { capture: true });
  document.addEventListener("click", onPick);
  document.addEventListener("click", onWalk);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".row-title");
    if (link) keepQueue(link.closest(".row").dataset.folio);
    if (event.target.closest?.(".queue-news button")) refresh(event);
  });
  document.addEventListener("reset", () => setTimeout(count));
  document.addEventListener("live:queue", onNews);
  document.addEventListener("visibilitychange", onNews);
  document.addEventListener("htmx:beforeSwap", onLeave);
  document.addEventListener("htmx:afterSettle", onSwap);
  document.addEventListener("htmx:historyRestore", onPage);
  addEventListener("popstate", () => document.dispatchEvent(new CustomEvent("ventanilla:leave")), { capture: true });
  WIDE.addEventListener("change", fillPane);
  addEventListener("pagehide", () => { if (document.getElementById("cola")) keepQueue(); });
})();
