// The motifs follow the service without a reload, and a long list of agents can be narrowed by
// typing. Without this, the same form is sent and answered.

const service = document.getElementById("criteria-service");
const motif = document.getElementById("criteria-motif");
const everyMotif = document.getElementById("criteria-all-motifs");
const LONG_LIST = 10;

const showMotifs = () => {
  const chosen = motif.value;
  const groups = [...everyMotif.content.querySelectorAll("optgroup")]
    .filter((group) => !service.value || group.dataset.service === service.value)
    .map((group) => group.cloneNode(true));
  const invitation = [...motif.children].filter((child) => child.value === "");
  motif.replaceChildren(...invitation, ...groups);
  const offered = [...motif.querySelectorAll("optgroup option")];
  const kept = offered.length === 1 ? offered[0] : offered.find((each) => each.value === chosen);
  motif.value = kept ? kept.value : "";
};

if (service && everyMotif) {
  service.addEventListener("change", showMotifs);
  // The browser may have put back another service than the one the page was made for.
  window.addEventListener("pageshow", showMotifs);
}

const fold = (text) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();

for (const list of document.querySelectorAll("[data-narrow]")) {
  const lines = [...list.querySelectorAll(".fr-checkbox-group")];
  if (lines.length < LONG_LIST) continue;
  const field = document.createElement("input");
  field.type = "search";
  field.className = "fr-input";
  field.setAttribute("aria-label", list.dataset.narrow);
  field.placeholder = list.dataset.narrow;
  list.querySelector("legend").after(field);
  field.addEventListener("input", () => {
    const wanted = fold(field.value.trim());
    for (const line of lines) line.hidden = !fold(line.textContent).includes(wanted);
  });
  // Enter in this field would send the criteria before the box is ticked.
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
