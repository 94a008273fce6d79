// A snapshot does without the panels of the full record: they are hidden while that depth is chosen, and never emptied.
(() => {
  const depth = () => document.querySelector('select[name="record_depth"]');
  const apply = () => {
    const select = depth();
    document.body.classList.toggle("snapshot-only", Boolean(select) && select.value === "snapshot");
  };
  document.addEventListener("change", (event) => { if (event.target === depth()) apply(); });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", apply); else apply();
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
