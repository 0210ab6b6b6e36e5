// Keys. Whatever stands on the page with data-key is reached by it; scripts may register more:
// ventanillaKeys.register({key, label, run, when, told, group}). One letter, a sequence ("g m"), "Shift+X".
// Letters can be switched off in the help sheet (WCAG 2.1.4); what was chosen stays in this browser.
"use strict";

window.ventanillaKeys = (() => {
  const OFF = "ventanilla:teclas";
  const PATIENCE = 1200;
  const registered = [];
  let pending = "";
  let timer = 0;

  const texts = () => document.getElementById("textos")?.dataset ?? {};
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });
  const lettersOn = () => localStorage.getItem(OFF) !== "no";

  function isTyping(target) {
    return target instanceof Element
      && target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])") !== null;
  }

  function labelOf(element) {
    return (element.dataset.command || element.getAttribute("aria-label") || element.textContent).replace(/\s+/g, " ").trim();
  }

  function activate(element) {
    if (element.matches("input, textarea, select")) {
      element.focus();
      element.select?.();
    } else if (element.matches("summary")) {
      element.parentElement.open = true;
      (element.parentElement.querySelector("textarea") ?? element).focus();
    } else {
      element.click();
    }
  }

  // A dialog in front has its own keys and hides those of the page.
  function onPage() {
    const scope = document.querySelector("dialog[open]") ?? document;
    return [...scope.querySelectorAll("[data-key]")].filter(isSeen).map((element) => ({
      key: element.dataset.key,
      label: labelOf(element),
      group: element.closest("nav") ? texts().go : texts().page,
      element,
      run: () => activate(element),
    }));
  }

  function all() {
    const usable = document.querySelector("dialog[open]") ? [] : registered.filter((each) => !each.when || each.when());
    return [...onPage(), ...usable];
  }

  // What the sheet tells: what works now, and what would once something is chosen.
  function told() {
    if (document.querySelector("dialog[open]")) return all();
    return [...onPage(), ...registered.filter((each) => !each.when || each.when() || each.told?.())];
  }

  function nameOf(event) {
    if (event.key.length > 1) return event.key;
    return event.shiftKey && /\p{L}/u.test(event.key) ? `Shift+${event.key.toUpperCase()}` : event.key;
  }

  function onKey(event) {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      const found = registered.find((each) => each.key === `Ctrl+${event.key.toUpperCase()}`);
      if (found) {
        event.preventDefault();
        found.run(event);
      }
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    const name = nameOf(event);
    if (name.replace("Shift+", "").length === 1 && !lettersOn()) return;
    const wanted = pending ? `${pending} ${name}` : name;
    clearTimeout(timer);
    const commands = all();
    const found = commands.find((each) => each.key === wanted);
    pending = !found && commands.some((each) => each.key.startsWith(`${wanted} `)) ? wanted : "";
    if (pending) timer = setTimeout(() => { pending = ""; }, PATIENCE);
    if (!found) return;
    event.preventDefault();
    found.run(event);
  }

  // One dialog at a time, focus back where it was.
  function show(id) {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return null;
    for (const other of document.querySelectorAll("dialog[open]")) other.close();
    const before = document.activeElement;
    dialog.addEventListener("close", () => { if (before?.isConnected) before.focus(); }, { once: true });
    dialog.showModal();
    return dialog;
  }

  function help() {
    const commands = told();
    const dialog = show("ayuda-teclas");
    if (!dialog) return;
    const place = dialog.querySelector("[data-groups]");
    place.replaceChildren();
    const groups = Map.groupBy ? Map.groupBy(commands, (each) => each.group) : groupBy(commands);
    for (const [name, members] of groups) place.append(section(name, members));
    const letters = dialog.querySelector("[data-letters]");
    letters.checked = lettersOn();
    letters.onchange = () => localStorage.setItem(OFF, letters.checked ? "si" : "no");
  }

  function groupBy(commands) {
    const groups = new Map();
    for (const each of commands) groups.set(each.group, [...(groups.get(each.group) ?? []), each]);
    return groups;
  }

  function section(name, members) {
    const part = document.createElement("section");
    const title = document.createElement("h3");
    title.textContent = name ?? texts().page;
    const list = document.createElement("dl");
    const known = new Set();
    for (const { key, label } of members) {
      if (known.has(key)) continue;
      known.add(key);
      const term = document.createElement("dt");
      term.append(keycaps(key));
      const meaning = document.createElement("dd");
      meaning.textContent = label;
      list.append(term, meaning);
    }
    part.append(title, list);
    return part;
  }

  function keycaps(key) {
    const caps = document.createDocumentFragment();
    for (const part of key.split(/[ +]/)) {
      const cap = document.createElement("kbd");
      cap.textContent = { Escape: "Esc", Shift: texts().shift, Ctrl: /Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl" }[part] ?? part;
      caps.append(cap, " ");
    }
    return caps;
  }

  const api = {
    register(command) {
      registered.push({ group: texts().page, ...command });
    },
    all, show, help, keycaps, texts,
  };

  document.addEventListener("keydown", onKey);
  document.addEventListener("DOMContentLoaded", () => {
    const said = texts();
    api.register({ key: "?", label: said.help, group: said.everywhere, run: help });
    const box = () => [...document.querySelectorAll("#q, #menu-q")].find(isSeen);
    api.register({ key: "/", label: said.search, group: said.everywhere, when: box, run: () => activate(box()) });
    api.register({ key: "u", label: said.back, group: said.everywhere, when: () => document.querySelector(".crumb") !== null, run: () => document.querySelector(".crumb").click() });
    for (const button of document.querySelectorAll("[data-help]")) button.addEventListener("click", help);
    for (const each of document.querySelectorAll("[data-scripted]")) each.hidden = false;
  });
  return api;
})();
