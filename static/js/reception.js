// The search of the reception desk: hides the lines that do not match. Nothing leaves the page.

const box = document.getElementById("desk-search");
const notice = document.getElementById("live-notice");

const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

function apply() {
  const words = fold(box.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const line of document.querySelectorAll("#live [data-search]")) {
    const text = fold(line.dataset.search);
    line.hidden = !words.every((word) => text.includes(word));
    if (!line.hidden) shown += 1;
  }
  for (const hour of document.querySelectorAll("#live .rdv-day")) {
    hour.hidden = !hour.querySelector("[data-search]:not([hidden])");
  }
  notice.textContent = words.length && !shown ? box.dataset.none : "";
}

box.addEventListener("input", apply);
document.addEventListener("rdv:live", () => box.value && apply());
if (box.value) apply();
