// Adds a search box above a long group of check boxes; without this, the whole list is there.
//
// data-filter-choices="agents": the name of the boxes; data-filter-label: what the search box says.
// A ticked box stays in sight, so that nothing is chosen unseen.

const WORTH_IT = 8;

const folded = (text) =>
  text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();

for (const area of document.querySelectorAll("[data-filter-choices]")) {
  const boxes = [...area.querySelectorAll(`input[name="${area.dataset.filterChoices}"]`)];
  if (boxes.length <= WORTH_IT) continue;
  const rows = boxes.map((box) => {
    const element = box.closest(".fr-fieldset__element");
    return { box, element, words: folded(element.textContent) };
  });
  const id = `${area.dataset.filterChoices}-filter`;
  const group = document.createElement("div");
  group.className = "fr-fieldset__element";
  const label = document.createElement("label");
  label.className = "fr-label";
  label.htmlFor = id;
  label.textContent = area.dataset.filterLabel;
  const input = document.createElement("input");
  Object.assign(input, { id, type: "search", className: "fr-input", autocomplete: "off" });
  group.append(label, input);
  rows[0].element.before(group);
  const apply = () => {
    const wanted = folded(input.value).split(/\s+/).filter(Boolean);
    for (const { box, element, words } of rows) {
      element.hidden = !box.checked && !wanted.every((word) => words.includes(word));
    }
  };
  input.addEventListener("input", apply);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // looking is not sending the form
  });
}
