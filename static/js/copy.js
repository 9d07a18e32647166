// Copies the text of an element; the text itself can be selected without this.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    const status = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      status.textContent = button.dataset.copied;
    } catch {
      // Without the right to write, select: Ctrl+C then does it.
      getSelection().selectAllChildren(source);
    }
  });
}
