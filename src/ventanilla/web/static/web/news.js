// What live updates look like: a line about the connection, who else is here, and bars that announce
// and wait for the click. Nothing on the page moves by itself. Words come from the server.
"use strict";

(() => {
  const root = document.getElementById("en-vivo");
  if (!root) return;
  const banner = root.querySelector("[data-live-banner]");
  const words = (name) => root.querySelector(`template[data-live-text="${name}"]`)?.content.cloneNode(true);
  const language = document.documentElement.lang || "es";

  function fill(place, name) {
    const found = name ? words(name) : null;
    place.replaceChildren(...(found ? [found] : []));
    place.hidden = !found;
  }

  // ---- The connection
  document.addEventListener("live:lost", ({ detail }) => fill(banner, detail.reason || "lost"));
  document.addEventListener("live:back", () => fill(banner, ""));

  // ---- The queue: a page with its own idea of what to do calls preventDefault.
  document.addEventListener("live:queue", (event) => {
    setTimeout(() => {
      const place = document.querySelector("[data-live-queue]");
      if (!event.defaultPrevented && place && place.hidden !== false) fill(place, "queue");
    });
  });

  // ---- Who else is here
  function sentence(place, kind, people) {
    if (!people.length) return "";
    const names = new Intl.ListFormat(language, { type: "conjunction" }).format(people.map((each) => each.name));
    return (people.length > 1 ? place.dataset[`${kind}Many`] : place.dataset[`${kind}One`]).replace("{names}", names);
  }

  document.addEventListener("live:presence", ({ detail: people }) => {
    const place = document.querySelector("[data-live-people]");
    if (!place) return;
    const typing = people.filter((each) => each.typing);
    const looking = people.filter((each) => !each.typing);
    const said = [sentence(place, "typing", typing), sentence(place, "looking", looking)].filter(Boolean).join(" ");
    const line = place.querySelector("[data-live-names]");
    if (line.textContent !== said) line.textContent = said;
    place.hidden = !said;
    place.classList.toggle("typing", typing.length > 0);
  });

  // ---- News of the case: asked for when something happened, shown when the bar is clicked.
  let asked = 0;
  const ofCase = () => document.querySelector("[data-live-case]");
  const shownSeq = (place) => Number(place.dataset.seq);

  async function ask() {
    const place = ofCase();
    const region = document.getElementById("novedades");
    if (!place || !region || !window.htmx) return;
    const turn = ++asked;
    try {
      const answer = await fetch(`${place.dataset.newsUrl}?desde=${shownSeq(place)}`, { headers: { "HX-Request": "true" } });
      const html = answer.ok && !answer.redirected ? await answer.text() : "";
      if (turn !== asked) return;
      const bar = new DOMParser().parseFromString(html, "text/html").body;
      if (region.textContent.trim() === bar.textContent.trim()) return;
      region.replaceChildren(...bar.childNodes);
      htmx.process(region);
    } catch {
      // no connection: the banner says so, and coming back asks again
    }
  }

  document.addEventListener("live:case", ({ detail }) => {
    const place = ofCase();
    if (place && place.dataset.liveCase === detail.folio && detail.seq > shownSeq(place)) ask();
  });
  document.addEventListener("live:gone", () => {
    const region = document.getElementById("novedades");
    if (region) fill(region, "gone");
  });

  // The server says how far the page is now. Forms know what was shown, so that sending is no clash.
  document.addEventListener("live:shown", ({ detail }) => {
    const place = ofCase();
    if (!place) return;
    const before = place.dataset.seq;
    place.dataset.seq = detail.seq;
    document.getElementById("novedades")?.replaceChildren();
    for (const field of document.querySelectorAll("input[name=expected_seq]")) {
      if (field.value === before) field.value = detail.seq;
    }
    const first = document.getElementById(detail.first);
    if (!first) return;
    first.setAttribute("tabindex", "-1");
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  });

  // Without a live connection (or while it is lost) ask now and then.
  setInterval(() => {
    const isAlone = !banner.hidden || !window.EventSource;
    if (isAlone && document.visibilityState === "visible") ask();
  }, 60_000);
})();
