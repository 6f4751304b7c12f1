// A form whose answer takes long says so while its reader waits: once in words, which are read out,
// and by a clock for those who see it. The form is sent by the browser as it is without this.

import { element } from "./element.js";

for (const form of document.querySelectorAll("form[data-long]")) {
  const place = form.querySelector("[data-working]");
  const button = form.querySelector("button[type=submit]");
  let ticking;
  form.addEventListener("submit", () => {
    const clock = element("span", { class: "n", "aria-hidden": "true" });
    const since = performance.now();
    place.replaceChildren(element("progress", { "aria-hidden": "true" }), ` ${place.dataset.working} `, clock);
    ticking = setInterval(() => {
      const seconds = Math.floor((performance.now() - since) / 1000);
      clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }, 1000);
    // Not within this event: the browser would not send the form. A second report would take as long.
    setTimeout(() => (button.disabled = true));
  });
  // Whoever comes back to a page that the browser kept finds it as it was before.
  window.addEventListener("pageshow", () => {
    clearInterval(ticking);
    button.disabled = false;
    place.replaceChildren();
  });
}
