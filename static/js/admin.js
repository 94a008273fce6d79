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
