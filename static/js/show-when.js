// Shows only the fields that the other answers call for; without this, all of them are there.
//
// data-show-when="frequency" data-show-values="weekly monthly_day": the checked radio (or the
// select) of that name has one of these values. data-show-when-checked="selector": one of the boxes
// is ticked. data-hide-when-checked: none is.

const rules = [];

const chosen = (form, name) => {
  const field = form.elements[name];
  if (!field) return "";
  if (field.type === "checkbox") return field.checked ? "on" : "";
  return field.value;
};

const anyChecked = (form, selector) =>
  [...form.querySelectorAll(selector)].some((box) => box.checked);

for (const element of document.querySelectorAll("[data-show-when]")) {
  const values = element.dataset.showValues.split(" ");
  const form = element.closest("form");
  rules.push([form, element, () => values.includes(chosen(form, element.dataset.showWhen))]);
}
for (const element of document.querySelectorAll("[data-show-when-checked]")) {
  const form = element.closest("form");
  rules.push([form, element, () => anyChecked(form, element.dataset.showWhenChecked)]);
}
for (const element of document.querySelectorAll("[data-hide-when-checked]")) {
  const form = element.closest("form");
  rules.push([form, element, () => !anyChecked(form, element.dataset.hideWhenChecked)]);
}

const apply = () => {
  for (const [, element, isShown] of rules) element.hidden = !isShown();
};

for (const form of new Set(rules.map(([form]) => form))) form.addEventListener("change", apply);
window.addEventListener("pageshow", apply);
apply();
