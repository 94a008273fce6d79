// The editor's screen: what a snapshot does without, links that jump to a field in its tab, the preview in the tab's language.
(() => {
  const panelOf = (element) => element.closest('[role="tabpanel"]');
  const tabOf = (panel) => panel && document.querySelector(`[role="tab"][aria-controls="${panel.id}"], [role="tab"][href="#${panel.id}"]`);

  // Panels of the full record are hidden while that depth is chosen, and never emptied; so is a tab that holds nothing else.
  const depth = () => document.querySelector('select[name="record_depth"]');
  const applyDepth = () => {
    const select = depth();
    if (!select) return;
    const snapshot = select.value === "snapshot";
    document.body.classList.toggle("snapshot-only", snapshot);
    document.querySelectorAll('[role="tabpanel"]').forEach((panel) => {
      const sections = [...panel.querySelectorAll(".w-panel")].filter((one) => !one.parentElement.closest(".w-panel"));
      const tab = tabOf(panel);
      if (tab && sections.length && sections.every((one) => one.classList.contains("full-record"))) tab.hidden = snapshot;
    });
  };

  // "#id_summary_fr", "#id_conditions-ADD", "#id_modalities": a field, the button that adds a row, boxes to tick.
  const targetOf = (hash) => {
    const name = decodeURIComponent(hash.replace(/^#id_/, ""));
    const add = document.getElementById(`id_${name}-ADD`);
    const field = document.querySelector(`form[data-edit-form] [data-contentpath="${CSS.escape(name)}"]`);
    return field || add || document.getElementById(`id_${name}`);
  };
  const jump = (hash) => {
    const target = hash.startsWith("#id_") && targetOf(hash);
    if (!target) return false;
    tabOf(panelOf(target))?.click();
    for (let one = target.closest("[data-panel]"); one; one = one.parentElement.closest("[data-panel]")) {
      const toggle = one.querySelector("[data-panel-toggle]");
      if (toggle && toggle.getAttribute("aria-expanded") === "false") toggle.click();
    }
    requestAnimationFrame(() => {
      target.scrollIntoView({ block: "center" });
      const focusable = target.matches("button, input, select, textarea")
        ? target
        : target.querySelector('[contenteditable="true"], textarea:not([hidden]), input:not([type="hidden"]), select, button');
      focusable?.focus({ preventScroll: true });
    });
    return true;
  };

  // The preview speaks the language of the tab that is open.
  const followTab = () => {
    const open = document.querySelector('[role="tabpanel"]:not([hidden]) [data-language]');
    const mode = document.querySelector('select[name="preview_mode"]');
    if (!open || !mode || mode.value === open.dataset.language) return;
    mode.value = open.dataset.language;
    mode.dispatchEvent(new Event("change", { bubbles: true }));
  };

  document.addEventListener("change", (event) => { if (event.target === depth()) applyDepth(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-jump]");
    if (link && jump(link.hash)) event.preventDefault();
    if (event.target.closest('[role="tab"]')) requestAnimationFrame(followTab);
    if (event.target.closest('[data-side-panel-toggle="preview"]')) followTab();
  });
  // What was chosen takes the place of the button that opened the window of choices: the keyboard goes on there, not at the top.
  let chooser = null;
  document.addEventListener("focusin", ({ target }) => { chooser = target.closest(".modal") ? chooser : target.closest(".chooser"); });
  window.jQuery?.(document).on("hidden.bs.modal", () => {
    if (document.activeElement === document.body) chooser?.querySelector(".chosen button")?.focus();
  });

  // A record opens where it is written: at the tab of its original language.
  const openOriginal = () => {
    const original = document.querySelector('form[data-edit-form] [name="original_language"]');
    const panel = original && document.querySelector(`[data-language="${CSS.escape(original.value)}"]`)?.closest('[role="tabpanel"]');
    if (panel?.hidden && !window.location.hash) tabOf(panel)?.click();
  };

  const start = () => {
    applyDepth();
    setTimeout(openOriginal, 100);
    if (window.location.hash.startsWith("#id_")) setTimeout(() => jump(window.location.hash), 300);
    setTimeout(followTab, 300);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
// Wagtail saves by itself what differs from a picture of the form, taken two seconds after loading and again after each save.
// What is typed before the first, or while a save is under way, is in the picture: it would neither be saved nor asked about
// on leaving. Such a form is marked as changed, so that Wagtail's next look saves it.
(() => {
  const NOT_TYPED = /^(comments-.*|csrfmiddlewaretoken|next|loaded_revision_(id|created_at))$/;
  const before = new WeakMap(); // what a form held before anybody touched it, later what was last sent
  const touched = new WeakSet();

  const held = (form) => [...new FormData(form)].map(([name, value]) => [name, value.name ?? value]);
  const changed = (form, updates = {}) => {
    const typed = (pairs) => JSON.stringify(pairs.filter(([name]) => !NOT_TYPED.test(name) && !(name in updates)));
    return touched.has(form) && typed(held(form)) !== typed(before.get(form));
  };
  const mark = (form) => form.setAttribute("data-w-unsaved-force-value", "true");

  const touch = (event) => {
    if (!event.isTrusted) return;
    for (const form of document.querySelectorAll('form[data-controller~="w-unsaved"]')) {
      if (!before.has(form)) before.set(form, held(form));
      touched.add(form);
    }
  };
  for (const name of ["beforeinput", "keydown", "pointerdown", "drop"]) document.addEventListener(name, touch, true);

  document.addEventListener("w-unsaved:watch-edits", ({ target }) => { if (changed(target)) mark(target); });
  document.addEventListener("w-autosave:save", ({ target }) => {
    before.set(target, held(target));
    touched.delete(target);
  });
  document.addEventListener("w-autosave:success", ({ target, detail }) => {
    // A form shown again with its errors is not watched any more once it is saved: naming the interval starts that anew.
    target.setAttribute("data-w-unsaved-check-interval-value", "500");
    if (changed(target, detail.response.field_updates)) mark(target);
  });
})();
// Of two saves of one form at once, the later meets the other as somebody else's version. So a button that is pressed while an
// automatic save is under way waits for its end, and no automatic save starts once a form was sent.
(() => {
  const PATIENCE = 10000; // milliseconds; after that the portal sorts the two saves out by itself
  const BUTTON = '[data-edit-form] button:is([type="submit"], [data-workflow-action-name])';
  let saving = false;
  let sent = false;
  let release = null;

  document.addEventListener("click", (event) => {
    const button = event.target.closest(BUTTON);
    if (!button || !saving) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    clearTimeout(release?.late);
    release = () => { release = null; button.click(); };
    release.late = setTimeout(end, PATIENCE);
  }, true);
  const end = () => {
    saving = false;
    if (!release) return;
    clearTimeout(release.late);
    setTimeout(release); // after what Wagtail still does with the answer
  };

  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-edit-form]") && !event.defaultPrevented) sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });
  document.addEventListener("w-autosave:save", (event) => {
    if (!sent) {
      saving = true;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("w-autosave:success", end);
  document.addEventListener("w-autosave:error", end);
})();
