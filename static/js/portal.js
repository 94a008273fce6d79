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

  // The button says that it is done once it is; where the browser refuses, it stays as it was.
  const copy = (button, text) => navigator.clipboard?.writeText(text).then(() => {
    button.textContent = button.dataset.done;
    announce(button.dataset.done);
  }, () => {});

  document.addEventListener("click", (event) => {
    const text = event.target.closest("[data-copy]");
    if (text) copy(text, document.getElementById(text.dataset.copy).textContent.trim());
    const link = event.target.closest("[data-copy-link]");
    if (link) copy(link, new URL(`#${link.dataset.copyLink}`, window.location.href).href);
    if (event.target.closest("[data-print]")) window.print();
  });

  // A record: each section's link can be copied, and the table of contents says where the reader is.
  const followRecord = () => {
    const record = document.querySelector("[data-link-copy]");
    const contents = document.querySelector(".jump");
    if (!record || !contents) return;
    const links = new Map([...contents.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
    const sections = [...record.querySelectorAll(".section[id]")];
    for (const section of navigator.clipboard ? sections : []) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "copy-link no-print", textContent: record.dataset.linkCopy });
      Object.assign(button.dataset, { copyLink: section.id, done: record.dataset.linkDone });
      section.querySelector("header")?.append(button);
    }
    const visible = new Set();
    const observer = new IntersectionObserver((entries) => {
      entries.forEach(({ target, isIntersecting }) => visible[isIntersecting ? "add" : "delete"](target));
      // A section that the list leaves out belongs to the one before it that the list names.
      const first = sections.findIndex((section) => visible.has(section));
      const here = sections.slice(0, first + 1).filter((section) => links.has(section.id)).pop();
      if (!here) return;
      contents.querySelector("[aria-current]")?.removeAttribute("aria-current");
      links.get(here.id).setAttribute("aria-current", "true");
      // Only the list itself is moved, never the page.
      const link = links.get(here.id);
      contents.scrollTo({ left: link.offsetLeft - contents.clientWidth / 3 });
    }, { rootMargin: "-15% 0px -55%" });
    sections.forEach((section) => observer.observe(section));
  };

  // The key facts stay beside a long record: what is taller than the window, once its end is seen.
  const keepFacts = () => {
    const facts = document.querySelector(".record > .facts");
    if (!facts) return;
    facts.classList.add("follows");
    new ResizeObserver(() => facts.style.setProperty("--tall", `${facts.offsetHeight}px`)).observe(facts);
  };

  // Results replaced in place: say how many, and keep folded groups as the reader left them.
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
  // An answer that is an error is shown as the page that it is.
  document.addEventListener("htmx:responseError", (event) => {
    const address = event.detail.pathInfo?.finalRequestPath;
    if (address) window.location.assign(address);
  });
  // Without a line the page stays as it is, with what was typed and chosen, and says so.
  for (const failure of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      const message = document.getElementById("unreachable");
      const address = event.detail.pathInfo?.finalRequestPath;
      if (!message || !address) return;
      message.querySelector("a").href = address;
      message.hidden = false;
    });
  }
  document.addEventListener("htmx:beforeRequest", () => {
    document.getElementById("unreachable")?.setAttribute("hidden", "");
  });
  // The error summary of a form is where reading goes on.
  document.getElementById("errors")?.focus();
  // The script is deferred: the page is there.
  prepare(document);
  followRecord();
  keepFacts();
})();
