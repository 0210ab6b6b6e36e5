// The command palette: what the page offers, places, saved views and cases, found by typing.
// The server decides what is offered (/comandos/); this filters and draws it as a combobox.
"use strict";

(() => {
  const PAUSE = 160;
  let places = null;
  let options = [];
  let at = -1;
  let timer = 0;
  let asked = 0;

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const dialog = () => document.getElementById("paleta");
  const input = () => dialog().querySelector("input");
  const list = () => dialog().querySelector("[role=listbox]");

  async function fetchOffers(query) {
    const url = new URL(dialog().dataset.url, location.href);
    if (query) url.searchParams.set("q", query);
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).groups;
  }

  // What can be done here: every link and button of the page that names itself a command.
  function deeds() {
    const seen = [...document.querySelectorAll("[data-command], main [data-key]")].filter((each) => each.checkVisibility() && !each.closest("dialog"));
    const items = seen.map((element) => ({
      name: (element.dataset.command || element.textContent).replace(/\s+/g, " ").trim(),
      key: element.dataset.key,
      run: () => element.click(),
    }));
    return { name: window.ventanillaKeys.texts().page, items };
  }

  function fitting(groups, query) {
    const words = plain(query).split(/\s+/).filter(Boolean);
    return groups
      .map((group) => ({ ...group, items: group.items.filter((item) => words.every((word) => plain(item.name).includes(word))) }))
      .filter((group) => group.items.length);
  }

  function draw(groups) {
    options = [];
    const parts = groups.map((group, number) => {
      const part = document.createElement("div");
      part.setAttribute("role", "group");
      part.setAttribute("aria-labelledby", `paleta-g${number}`);
      const title = document.createElement("p");
      title.id = `paleta-g${number}`;
      title.className = "palette-group";
      title.textContent = group.name;
      part.append(title, ...group.items.map(option));
      return part;
    });
    list().replaceChildren(...parts);
    const { found, nothing } = dialog().dataset;
    dialog().querySelector("[role=status]").textContent = options.length ? found.replace("%n", options.length) : nothing;
    dialog().querySelector(".palette-nothing").hidden = options.length > 0;
    choose(options.length ? 0 : -1);
  }

  function option(item) {
    const row = document.createElement("div");
    row.setAttribute("role", "option");
    row.id = `paleta-o${options.length}`;
    const name = document.createElement("bdi");
    name.textContent = item.name;
    row.append(name);
    if (item.hint) {
      const hint = document.createElement("span");
      hint.className = "soft small";
      hint.textContent = item.hint;
      row.append(hint);
    }
    if (item.key) {
      const keys = document.createElement("span");
      keys.className = "palette-key";
      keys.append(window.ventanillaKeys.keycaps(item.key));
      row.append(keys);
    }
    row.addEventListener("click", () => go(item));
    row.addEventListener("mousemove", () => choose(options.findIndex((each) => each.row === row)));
    options.push({ item, row });
    return row;
  }

  function choose(index) {
    options[at]?.row.removeAttribute("aria-selected");
    at = index;
    const chosen = options[at]?.row;
    chosen?.setAttribute("aria-selected", "true");
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) input().setAttribute("aria-activedescendant", chosen.id);
    else input().removeAttribute("aria-activedescendant");
  }

  function go(item) {
    dialog().close();
    if (item.run) item.run();
    else location.assign(item.url);
  }

  function near(query) {
    return fitting([deeds(), ...(places ?? [])], query);
  }

  async function look() {
    const query = input().value.trim();
    draw(near(query));
    clearTimeout(timer);
    if (!query) return;
    const turn = ++asked;
    timer = setTimeout(async () => {
      try {
        const cases = await fetchOffers(query);
        if (turn === asked && dialog().open) draw([...near(query), ...cases]);
      } catch {
        // What is here already can still be chosen; the search page tells what went wrong.
      }
    }, PAUSE);
  }

  function onKey(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves && options.length) {
      event.preventDefault();
      choose((at + moves[event.key] + options.length) % options.length);
    } else if (event.key === "Enter" && options[at]) {
      event.preventDefault();
      go(options[at].item);
    }
  }

  async function open() {
    if (!window.ventanillaKeys.show("paleta")) return;
    input().value = "";
    await look();
    if (!places) {
      try {
        places = await fetchOffers("");
      } catch {
        return;
      }
      if (dialog().open) await look();
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!dialog()) return;
    input().addEventListener("input", look);
    input().addEventListener("keydown", onKey);
    const { palette, everywhere } = window.ventanillaKeys.texts();
    window.ventanillaKeys.register({ key: "Ctrl+K", label: palette, group: everywhere, run: open });
    for (const button of document.querySelectorAll("[data-palette]")) button.addEventListener("click", open);
  });
})();
