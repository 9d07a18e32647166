// Drags a RDV from one cell to another: to another day of the month, to another day or agent of the
// board. The panel then asks to confirm (agenda-panel.js). Each RDV has « Déplacer » too, which
// needs neither pointer nor script.
//
// A finger scrolls the page; held still for a while, it takes the RDV. Sends "rdv:drag" on document
// with true or false, so that nothing is drawn again meanwhile.

const LONG_PRESS_MS = 400;
const MOUSE_PX = 8;
const FINGER_PX = 10;
const AFTER_DRAG_MS = 300;

const list = document.getElementById("agenda-list");
let press = null;
let ghost = null;
let target = null;
let droppedAt = 0;

const tell = (detail) => document.dispatchEvent(new CustomEvent("rdv:drag", { detail }));

function isTarget(cell) {
  if (!cell || cell === press.cell) return false;
  if (!cell.dataset.agent || cell.dataset.agent === press.cell.dataset.agent) return true;
  // A colleague who is on the RDV already cannot take it.
  const { move } = press.chip.dataset;
  return ![...cell.parentElement.querySelectorAll("[data-move]")].some((chip) => chip.dataset.move === move);
}

function aim({ clientX, clientY }) {
  const cell = document.elementFromPoint(clientX, clientY)?.closest("#agenda-list [data-day]");
  target?.classList.remove("rdv-drop");
  target = isTarget(cell) ? cell : null;
  target?.classList.add("rdv-drop");
  ghost.style.left = `${clientX + 8}px`;
  ghost.style.top = `${clientY + 8}px`;
}

function lift(event) {
  window.clearTimeout(press.timer);
  ghost = press.chip.cloneNode(true);
  ghost.classList.add("rdv-chip--lifted");
  ghost.setAttribute("aria-hidden", "true");
  ghost.style.width = `${press.chip.offsetWidth}px`;
  document.body.append(ghost);
  press.chip.classList.add("rdv-chip--left");
  tell(true);
  aim(event);
}

function settle() {
  window.clearTimeout(press?.timer);
  if (ghost) {
    ghost.remove();
    press.chip.classList.remove("rdv-chip--left");
    target?.classList.remove("rdv-drop");
    droppedAt = Date.now();
    tell(false);
  }
  press = ghost = target = null;
}

function drop() {
  const { chip, cell } = press;
  const values = new URLSearchParams({ jour: target.dataset.day, debut: chip.dataset.start, fin: chip.dataset.end });
  if (target.dataset.agent !== cell.dataset.agent) {
    values.set("de", cell.dataset.agent);
    values.set("vers", target.dataset.agent);
  }
  document.dispatchEvent(new CustomEvent("rdv:open", { detail: { url: `${chip.dataset.move}?${values}` } }));
}

list.addEventListener("pointerdown", (event) => {
  const chip = event.target.closest("[data-move]");
  if (!chip || !event.isPrimary || event.button !== 0) return;
  const { clientX, clientY, pointerId } = event;
  const isFinger = event.pointerType === "touch";
  press = { chip, cell: chip.closest("[data-day]"), clientX, clientY, pointerId, isFinger };
  if (isFinger) press.timer = window.setTimeout(() => lift({ clientX, clientY }), LONG_PRESS_MS);
});

document.addEventListener("pointermove", (event) => {
  if (event.pointerId !== press?.pointerId) return;
  if (ghost) {
    aim(event);
    return;
  }
  const distance = Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY);
  if (press.isFinger && distance > FINGER_PX) settle();
  else if (!press.isFinger && distance > MOUSE_PX) lift(event);
});

document.addEventListener("pointerup", (event) => {
  if (event.pointerId !== press?.pointerId) return;
  if (target) drop();
  settle();
});
document.addEventListener("pointercancel", settle);
document.addEventListener("keydown", (event) => event.key === "Escape" && settle());

// A link would drag its address, a held finger would open its menu or scroll, a release would click.
list.addEventListener("dragstart", (event) => event.target.closest("[data-move]") && event.preventDefault());
list.addEventListener("contextmenu", (event) => press?.isFinger && event.preventDefault());
document.addEventListener("touchmove", (event) => ghost && event.preventDefault(), { passive: false });
list.addEventListener(
  "click",
  (event) => {
    if (Date.now() - droppedAt > AFTER_DRAG_MS) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
