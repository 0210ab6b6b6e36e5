// Live updates: one connection per browser, shared by its tabs, told on as DOM events.
//
// Events on document: live:case {folio, seq} · live:queue {folios, mine} · live:presence [{name, typing}]
// live:lost {reason} · live:back · live:gone {folio}. docs/live.md says what they mean.
//
// A browser opens at most six connections to a host, so tabs must not hold one each. Whoever holds
// the lock leads: it opens the stream for the cases of all tabs that are looked at, and passes what
// it hears through a BroadcastChannel. Where locks do not exist (plain http on a name other than
// localhost) every visible tab holds its own.
"use strict";

(() => {
  const root = document.getElementById("en-vivo");
  if (!root || !window.EventSource) return;

  const url = root.dataset.url;
  const shared = `ventanilla-vivo-${root.dataset.who}`;
  const me = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  const ASLEEP_AFTER = 60_000; // a tab that nobody has looked at for so long wants no news
  const SILENT_AFTER = 45_000; // the server says something every 15 s
  const LOST_AFTER = 3_000; // shorter gaps are nobody's business
  const FEW = 50;

  const channel = "BroadcastChannel" in window ? new BroadcastChannel(shared) : null;
  const canShare = channel !== null && "locks" in navigator;
  const tabs = new Map(); // of the leader: who is awake, and which case they show
  const known = new Map(); // of the leader: the last word about each case
  let queues = []; // of the leader: the last changes of the queue

  let source = null; // only the leader has one
  let streamId = "";
  let heardAt = 0; // by our clock, when anything was heard last
  let awake = false;
  let release = null; // gives the lock back
  let asking = null; // aborts waiting for the lock
  let asleepTimer, reopenTimer, retryTimer, lostTimer;
  let retryIn = 2_000;
  let isLost = false;
  let here = "";

  const caseOnPage = () => document.querySelector("[data-live-case]")?.dataset.liveCase ?? "";
  const pageDrawnAt = () =>
    Math.max(0, ...[...document.querySelectorAll("[data-live-since]")].map((each) => Number(each.dataset.liveSince) || 0));
  const token = () => root.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  const dispatch = (name, detail) =>
    document.dispatchEvent(new CustomEvent(`live:${name}`, { detail, cancelable: true }));

  // What every tab does with news, heard by itself or passed on by the leader.
  function take(name, detail) {
    heardAt = Date.now();
    if (name === "case" || name === "gone") {
      if (detail.folio === here) dispatch(name, detail);
    } else if (name === "presence") {
      if (detail.folio === here) dispatch("presence", detail.people);
    } else if (name === "queue") {
      if (detail.at > pageDrawnAt()) dispatch("queue", { folios: detail.folios, mine: detail.mine });
    } else if (name === "lost") {
      noteLost(detail.reason ?? "");
    } else if (name === "back") {
      noteBack();
    }
  }

  function noteLost(reason) {
    if (reason) {
      clearTimeout(lostTimer);
      isLost = true;
      dispatch("lost", { reason });
    } else if (!isLost && !lostTimer) {
      lostTimer = setTimeout(() => {
        isLost = true;
        dispatch("lost", { reason: "" });
      }, LOST_AFTER);
    }
  }

  function noteBack() {
    clearTimeout(lostTimer);
    lostTimer = undefined;
    if (isLost) dispatch("back", {});
    isLost = false;
  }

  function tell(name, detail) {
    take(name, detail);
    channel?.postMessage({ kind: "news", name, detail });
  }

  // ---- The leader

  function open() {
    clearTimeout(retryTimer);
    source?.close();
    const cases = [...new Set([here, ...[...tabs.values()].map((each) => each.folio)])].filter(Boolean);
    const since = Math.min(pageDrawnAt(), ...[...tabs.values()].map((each) => each.since));
    const query = new URLSearchParams(cases.map((folio) => ["caso", folio]));
    query.set("desde", String(since));
    if (streamId) query.set("antes", streamId);
    known.clear();
    source = new EventSource(`${url}?${query}`);
    heardAt = Date.now();
    source.addEventListener("hello", (event) => {
      streamId = JSON.parse(event.data).stream;
      retryIn = 2_000;
      tell("back", {});
    });
    for (const name of ["case", "presence", "queue", "gone", "lost", "back", "beat"]) {
      source.addEventListener(name, (event) => hear(name, JSON.parse(event.data)));
    }
    source.addEventListener("end", () => close("probe"));
    source.addEventListener("error", onError);
  }

  function hear(name, detail) {
    if (detail.folio) known.set(detail.folio, { ...known.get(detail.folio), [name]: detail });
    if (name === "queue") queues = [...queues, detail].slice(-FEW);
    tell(name, detail);
  }

  // The browser tries again by itself after a break, but never after a refusal.
  function onError() {
    if (!source) return;
    tell("lost", {});
    if (source.readyState === EventSource.CLOSED) close("probe");
  }

  function close(then) {
    source?.close();
    source = null;
    if (then === "probe" && release) retryTimer = setTimeout(probe, retryIn);
  }

  // Why were we refused? Only a page that may be shown again asks on.
  async function probe() {
    let status = 0;
    let wait = retryIn;
    try {
      const answer = await fetch(url, { method: "HEAD", cache: "no-store" });
      status = answer.status;
      const asked = 1_000 * Number(answer.headers.get("Retry-After")) || 0;
      wait = Math.max(wait, Math.min(asked, 60_000));
    } catch {
      // the server is away: ask again later
    }
    retryIn = Math.min(retryIn * 2, 15_000);
    if (status === 401 || status === 403) tell("lost", { reason: "session" });
    if (release && !source) {
      if (status === 200) open();
      else retryTimer = setTimeout(probe, wait * (1 + Math.random() / 2)); // not all at once
    }
  }

  function reopenSoon() {
    clearTimeout(reopenTimer);
    reopenTimer = setTimeout(() => release && open(), 150);
  }

  function lead(lock) {
    if (!awake) return undefined;
    return new Promise((resolve) => {
      release = resolve;
      tabs.clear();
      channel?.postMessage({ kind: "roll" });
      open();
      void lock;
    });
  }

  function stopLeading() {
    if (!release) return;
    const held = release;
    release = null;
    clearTimeout(reopenTimer);
    clearTimeout(retryTimer);
    close();
    if (streamId) navigator.sendBeacon?.(url, new URLSearchParams({ cierre: streamId, csrfmiddlewaretoken: token() }));
    streamId = "";
    held();
  }

  function seekLead({ steal = false } = {}) {
    if (!canShare) {
      if (!release) lead(null);
      return;
    }
    asking?.abort();
    asking = new AbortController();
    const options = steal ? { steal: true } : { signal: asking.signal };
    navigator.locks.request(shared, options, lead).catch(() => {
      // Not needed any more, or taken over by a tab that heard nothing from us.
      if (release) stopLeading();
      if (awake && !asking?.signal.aborted) setTimeout(() => awake && seekLead(), 1_000);
    });
  }

  // ---- Every tab

  function announceHere() {
    channel?.postMessage({ kind: "here", tab: me, folio: here, since: pageDrawnAt() });
  }

  function onMessage({ data }) {
    if (data.kind === "news") {
      if (!release) take(data.name, data.detail);
    } else if (data.kind === "roll") {
      if (awake && !release) announceHere();
    } else if (data.kind === "here" && release) {
      welcome(data);
    } else if (data.kind === "gone" && release && tabs.delete(data.tab)) {
      reopenSoon();
    }
  }

  function welcome({ tab, folio, since }) {
    const before = tabs.get(tab);
    tabs.set(tab, { folio, since });
    const word = known.get(folio);
    if (folio && before?.folio !== folio && !word) reopenSoon();
    for (const [name, detail] of Object.entries(word ?? {})) channel.postMessage({ kind: "news", name, detail });
    for (const detail of queues.filter((each) => each.at > since)) channel.postMessage({ kind: "news", name: "queue", detail });
  }

  function wake() {
    clearTimeout(asleepTimer);
    if (awake) return;
    awake = true;
    here = caseOnPage();
    heardAt = Date.now();
    announceHere();
    seekLead();
  }

  function sleep() {
    if (!awake) return;
    awake = false;
    channel?.postMessage({ kind: "gone", tab: me });
    asking?.abort();
    stopLeading();
  }

  function onVisibility() {
    clearTimeout(asleepTimer);
    if (document.visibilityState === "visible") wake();
    else asleepTimer = setTimeout(sleep, canShare ? ASLEEP_AFTER : ASLEEP_AFTER / 6);
  }

  // A pane may show another case without a new page.
  function onSettled() {
    const now = caseOnPage();
    if (now === here) return;
    here = now;
    if (release) reopenSoon();
    else announceHere();
  }

  // Nothing for so long means a network that died without a word, or a leader that is frozen.
  function watch() {
    if (!awake || Date.now() - heardAt < SILENT_AFTER) return;
    if (release) {
      if (!source) return; // a probe is under way
      tell("lost", {});
      open();
    } else if (canShare) {
      seekLead({ steal: true });
    }
    heardAt = Date.now();
  }

  // ---- Telling that one types: at most every four seconds; the server forgets it after eight.
  let typedAt = 0;
  function onInput(event) {
    if (event.target.closest?.("form.draft, [data-live-typing]")) tellTyping();
  }

  function tellTyping() {
    const place = document.querySelector("[data-presence-url]");
    if (!place || Date.now() - typedAt < 4_000) return;
    typedAt = Date.now();
    const body = new URLSearchParams({ escribe: "1", csrfmiddlewaretoken: token() });
    fetch(place.dataset.presenceUrl, { method: "POST", body, keepalive: true }).catch(() => {});
  }

  channel?.addEventListener("message", onMessage);
  document.addEventListener("visibilitychange", onVisibility);
  document.addEventListener("htmx:afterSettle", onSettled);
  document.addEventListener("ventanilla:page", onSettled);
  document.addEventListener("ventanilla:typing", tellTyping);
  document.addEventListener("input", onInput);
  addEventListener("pagehide", sleep);
  addEventListener("pageshow", onVisibility);
  addEventListener("online", () => release && open());
  addEventListener("offline", () => awake && noteLost(""));
  setInterval(watch, 5_000);
  document.addEventListener("DOMContentLoaded", onVisibility);
})();
