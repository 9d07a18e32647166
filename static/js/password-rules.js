// Ticks the rules of a new password while one types; without this, its hint says them.
//
// data-password-rules="id of the field" on the form; each [data-rule] of the list holds the pattern
// that the password must match. The server decides.

for (const form of document.querySelectorAll("[data-password-rules]")) {
  const field = document.getElementById(form.dataset.passwordRules);
  const list = form.querySelector(".rdv-password-rules");
  const status = form.querySelector("[data-rules-left]");
  if (!field || !list) continue;
  const rules = [...list.querySelectorAll("[data-rule]")].map((item) => ({
    item,
    pattern: new RegExp(item.dataset.rule, "su"),
  }));
  field.closest(".fr-input-group").append(list);
  list.hidden = false;
  const show = () => {
    const missing = [];
    for (const { item, pattern } of rules) {
      const holds = pattern.test(field.value);
      item.classList.toggle("rdv-password-rules__held", holds);
      if (!holds) missing.push(item.textContent.trim());
    }
    const left = `${status.dataset.missing} ${missing.join(", ")}`;
    status.textContent = field.value === "" ? "" : missing.length ? left : status.dataset.done;
  };
  field.addEventListener("input", show);
  show();
}
