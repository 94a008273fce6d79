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

  // A rich text has the name of its field: Wagtail's label stands for an input that nobody sees.
  const nameRichTexts = () => {
    document.querySelectorAll('[role="textbox"][contenteditable]:not([aria-labelledby])').forEach((text) => {
      const input = text.closest("[data-field-input]")?.querySelector("[data-draftail-input]");
      const label = input && document.querySelector(`label[for="${CSS.escape(input.id)}"]`);
      if (label?.id) text.setAttribute("aria-labelledby", label.id);
    });
  };
  window.addEventListener("load", nameRichTexts);
  document.addEventListener("focusin", nameRichTexts);

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
