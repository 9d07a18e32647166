// Small enhancements of every page; each page works without them.

// After an error, the eye and the screen reader go to the summary.
document.getElementById("error-summary")?.focus();

// The account menu closes with Escape, a click elsewhere, or when Tab leaves it.
for (const menu of document.querySelectorAll("details[data-close-outside]")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  // Of the keyboard only: a click on a label inside takes the focus out for a moment.
  document.addEventListener("keyup", (event) => {
    if (event.key === "Tab" && !menu.contains(document.activeElement)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// The pictures of a modal load when it opens, not with the page (rdv/common/templatetags/rdv_modal.py).
for (const modal of document.querySelectorAll("dialog.fr-modal")) {
  modal.addEventListener("dsfr.disclose", () => {
    for (const later of modal.querySelectorAll("template")) later.replaceWith(later.content);
  });
}
