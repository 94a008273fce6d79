// Enhancements only: every page works without this file.
(() => {
  "use strict";
  const announce = (text) => {
    const place = document.getElementById("announcement");
    if (place && text) place.textContent = text;
  };

  const prepare = (root) => {
    // What only works with scripts is hidden in the page and shown here.
    root.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
    // What only works without them (a button beside a form that sends itself) goes.
    if (window.htmx) root.querySelectorAll("[data-without-script]").forEach((element) => { element.hidden = true; });
  };

  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      const source = document.getElementById(copy.dataset.copy);
      navigator.clipboard.writeText(source.textContent.trim()).then(() => announce(copy.dataset.done));
      copy.textContent = copy.dataset.done;
    }
    if (event.target.closest("[data-print]")) window.print();
  });

  // Results replaced in place: say how many, keep folded groups as the reader left them, and if the line is cut, go to
  // the address as a plain link would.
  let open = [];
  let focused = "";
  document.addEventListener("htmx:configRequest", (event) => {
    // Addresses that are shared say only what was chosen.
    const data = event.detail.formData;
    [...data].filter(([, value]) => value === "").forEach(([name]) => data.delete(name));
  });
  document.addEventListener("htmx:beforeSwap", () => {
    open = [...document.querySelectorAll("details[id][open]")].map((element) => element.id);
    focused = document.activeElement.id;
  });
  document.addEventListener("htmx:afterSwap", () => {
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    prepare(document);
    announce(document.querySelector("[data-announce]")?.textContent.trim());
    // A folded group had to open first; what was pressed may be gone (a chip, a page number): then reading goes on at the results.
    if (document.activeElement !== document.body) return;
    const results = document.getElementById("results");
    if (results) results.tabIndex = -1;
    (document.getElementById(focused) || results)?.focus({ preventScroll: true });
  });
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      const address = event.detail.pathInfo?.finalRequestPath;
      if (address) window.location.assign(address);
    });
  }
  // The error summary of a form is where reading goes on.
  document.getElementById("errors")?.focus();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => prepare(document));
  else prepare(document);
})();
