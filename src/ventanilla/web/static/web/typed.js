// What is typed stays in this tab (sessionStorage) until its form was taken: a token that no longer
// fits, a lost line or a page left by mistake loses no words. Texts about people must not outlive the
// session on a shared computer: signing out forgets them, and so does another person who signs in.
// The composer of a case keeps its own, on the server (composer.js); files are kept by nobody here.
"use strict";
{
  const KEPT = "escrito:";
  const SENT = "enviado";
  const TAKEN = ".notice.kept, .notice.taken, div[data-sent]"; // the page says that what was sent was taken
  const NEVER = "[type=hidden], [type=file], [type=password], [name=secret], [name=code], .trap *";
  // What stands at a door says who one is, and is no work of anybody.
  const FORMS = "form[method=post]:not([data-kind], [data-leaves], [data-door])";

  const who = () => document.querySelector("[data-who]")?.dataset.who ?? "";
  const fieldsOf = (form) => [...form.elements].filter((each) => each.name && "value" in each && each.type !== "submit" && !each.matches(NEVER));
  const isText = (field) => field.matches("textarea, input:not([type=checkbox], [type=radio])");

  // By where the form goes to: the page that answers it may have another address, and the same words.
  function keyOf(form) {
    const goes = form.getAttribute("action") || location.pathname + location.search;
    return `${KEPT}${goes}#${fieldsOf(form).find(isText)?.name ?? ""}`;
  }

  function chosen(field, isFirst) {
    if (field.type === "checkbox" || field.type === "radio") {
      return (isFirst ? field.defaultChecked : field.checked) ? [field.value] : [];
    }
    if (!field.options) return [isFirst ? field.defaultValue : field.value];
    const options = [...field.options];
    const picked = options.filter((each) => (isFirst ? each.defaultSelected : each.selected));
    // Where no option is marked, a list for one choice begins at its first.
    return (picked.length || field.multiple ? picked : options.slice(0, 1)).map((each) => each.value);
  }

  // What stands in the fields, by their names; ``isFirst``: what the server had put there.
  function valuesOf(form, isFirst = false) {
    const values = {};
    for (const field of fieldsOf(form)) (values[field.name] ??= []).push(...chosen(field, isFirst));
    return values;
  }

  function put(field, values) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.options) for (const each of field.options) each.selected = values.includes(each.value);
    else field.value = values[0] ?? "";
  }

  function read(key) {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  }

  // A full or forbidden store only means that this comfort is missing.
  function store(key, value) {
    try {
      if (value === undefined) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(value));
    } catch {}
  }

  const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  function keep(event) {
    const form = event.target.form;
    if (!form?.matches(FORMS) || event.target.matches(NEVER)) return;
    const key = keyOf(form);
    const [typed, first] = [valuesOf(form), valuesOf(form, true)];
    // A choice alone is quickly made again, and would surprise whoever comes back another day.
    const isWorth = fieldsOf(form).some((each) => isText(each) && !alike(typed[each.name], first[each.name]));
    if (read(SENT) === key) store(SENT);
    store(key, isWorth ? { who: who(), typed, first } : undefined);
  }

  // A form that its page answers has its words from the server.
  function bringBack(form) {
    const key = keyOf(form);
    const kept = read(key);
    if (!kept || form.querySelector("#motivo")) return;
    if (kept.who !== who()) return store(key);
    const [now, first] = [valuesOf(form), valuesOf(form, true)];
    const unfit = [];
    let isBack = false;
    for (const field of fieldsOf(form)) {
      const typed = kept.typed[field.name];
      if (!typed || alike(typed, now[field.name])) continue;
      // What somebody else changed meanwhile is not written over.
      if (isText(field) && first[field.name].some(Boolean) && !alike(first[field.name], kept.first[field.name])) {
        unfit.push(typed[0]);
        continue;
      }
      put(field, typed);
      field.closest("details")?.setAttribute("open", "");
      isBack = true;
    }
    if (isBack || unfit.length) tell(form, key, unfit);
  }

  function tell(form, key, unfit) {
    const box = document.getElementById("escrito")?.content.firstElementChild.cloneNode(true);
    if (!box || form.querySelector("[data-forget]")) return;
    box.querySelector("[data-unfit]").hidden = !unfit.length;
    box.querySelector("[data-unfit] blockquote").textContent = unfit.join("\n\n");
    box.querySelector("[data-forget]").addEventListener("click", () => {
      store(key);
      form.reset();
      box.remove();
      fieldsOf(form).find(isText)?.focus();
    });
    form.prepend(box);
    form.closest("details")?.setAttribute("open", "");
  }

  // A page that one goes back to still shows what it told before the form was sent.
  function begin(isOld) {
    const sent = read(SENT);
    store(SENT);
    if (sent && !isOld && document.querySelector(TAKEN)) store(sent);
    document.querySelectorAll(FORMS).forEach(bringBack);
  }

  document.addEventListener("input", keep);
  document.addEventListener("change", keep);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.matches("[data-leaves]")) sessionStorage.clear();
    else if (form.matches(FORMS)) store(SENT, keyOf(form));
  });
  document.addEventListener("DOMContentLoaded", () => begin(performance.getEntriesByType("navigation")[0]?.type === "back_forward"));
  document.addEventListener("ventanilla:page", () => begin(true));
  addEventListener("pageshow", (event) => event.persisted && begin(true));
}
