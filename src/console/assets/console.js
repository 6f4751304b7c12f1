// What every page runs. Each part does its work only where its element stands, and every page can
// be read without any of it.

// Buttons that print the page; shown only here, since they do nothing without a script.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
