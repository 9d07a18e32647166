// A long list of boxes gets a search field: letters typed keep the lines that hold them, and what is
// ticked always stays. Without this, the whole list is there.
//
// <form data-filter-choices> holds <… data-filter-field><input></…> and the <li> to filter.

const folded = (text) =>
  text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();

for (const form of document.querySelectorAll("[data-filter-choices]")) {
  const field = form.querySelector("[data-filter-field] input");
  const filter = () => {
    const words = folded(field.value).split(/\s+/).filter(Boolean);
    for (const line of form.querySelectorAll("li")) {
      const text = folded(line.textContent);
      const isTicked = line.querySelector("input:checked") !== null;
      line.hidden = !isTicked && !words.every((word) => text.includes(word));
    }
  };
  field.addEventListener("input", filter);
  // Enter in the field must not send the form before a box is ticked.
  field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
}
