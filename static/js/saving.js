// What is typed in the editor's screens is kept: saved by itself from the first letter on, sent only when it can arrive, never
// changed behind the back of who typed it.

// A date that the picker cannot read stays as it was typed, and the portal says so; the picker's own answer was today.
if (window.jQuery?.fn.datetimepicker) window.jQuery.fn.datetimepicker.defaults.validateOnBlur = false;

// A text that is too long is refused beside its field, with its length; a field that stops at its limit cuts what is pasted.
document.addEventListener("focusin", ({ target }) => {
  if (target.matches("[data-edit-form] [maxlength]")) target.removeAttribute("maxlength");
});

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
// Before a form is sent, its button asks whether the log-in still holds: the answer to a form without one is the page to log in,
// and what was typed is gone. It also waits for the automatic save under way: of two saves at once, the later meets the other as
// somebody else's version, and for what was just typed in a rich text. No automatic save starts once a form was sent.
(() => {
  const PATIENCE = 10000; // milliseconds
  const LEAVING = 60000;
  const RICH_TEXT = 400; // a rich text is in its form 250 milliseconds after it was typed in or left
  const BUTTON = '[data-edit-form] button:is([type="submit"], [data-workflow-action-name])';
  const { address, loggedOut, unreachable } = document.currentScript.dataset;
  let saving = null;
  let saved = null;
  let sent = false;
  let leaving = 0;
  let pressed = null; // the button that waits
  let released = null; // the one whose click goes through
  let writtenAt = -RICH_TEXT; // when a rich text was last typed in or left
  let confirmed = false; // Wagtail's question was answered: its script presses the button again

  const tell = (text) => {
    document.dispatchEvent(new CustomEvent("w-messages:add", { detail: { text, type: "error", clear: true } }));
    window.scrollTo({ top: 0 });
  };
  // What keeps a form from arriving, in words; nothing where it may be sent, with the key of a log-in made meanwhile elsewhere.
  const obstacle = async () => {
    try {
      const headers = { "X-Requested-With": "XMLHttpRequest" };
      const answer = await fetch(address, { headers, signal: AbortSignal.timeout?.(PATIENCE) });
      if (answer.status === 403 || answer.redirected) return loggedOut;
      const { token } = await answer.json();
      if (!answer.ok || !token) return unreachable;
      document.querySelectorAll('[name="csrfmiddlewaretoken"]').forEach((field) => { field.value = token; });
      return "";
    } catch {
      return unreachable;
    }
  };
  const endOfWriting = () => new Promise((resolve) => { setTimeout(resolve, writtenAt + RICH_TEXT - performance.now()); });
  for (const name of ["beforeinput", "keydown", "paste", "drop", "focusout"]) {
    document.addEventListener(name, ({ target }) => {
      if (target.isContentEditable) writtenAt = performance.now();
    }, true);
  }
  const endOfSaves = async () => {
    const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE, true); });
    while (saving && !(await Promise.race([saving, late])));
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest(BUTTON);
    if (!button || confirmed || button === released) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (pressed) return;
    pressed = button;
    button.setAttribute("aria-busy", "true");
    const [text] = await Promise.all([obstacle(), endOfWriting()]);
    if (!text) await endOfSaves();
    button.removeAttribute("aria-busy");
    pressed = null;
    if (text) {
      tell(text);
      return;
    }
    released = button;
    button.click();
    released = null;
  }, true);
  document.addEventListener("w-dialog:confirmed", () => {
    confirmed = true;
    setTimeout(() => { confirmed = false; });
  }, true);

  // Through jQuery, by which the windows of the review send the form.
  window.jQuery(document).on("submit", "[data-edit-form]", (event) => {
    if (event.isDefaultPrevented()) return;
    sent = true;
    clearTimeout(leaving);
    leaving = setTimeout(() => { sent = false; }, LEAVING); // whoever is still here was kept here
  });
  window.addEventListener("pageshow", () => { sent = false; });
  document.addEventListener("w-autosave:save", (event) => {
    if (!sent) {
      saving = new Promise((resolve) => { saved = resolve; });
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  const end = () => {
    saving = null;
    saved?.();
  };
  document.addEventListener("w-autosave:success", end);
  document.addEventListener("w-autosave:error", async ({ detail }) => {
    end();
    const text = detail.type === "server_error" && (await obstacle());
    if (text) tell(text);
  });
})();
