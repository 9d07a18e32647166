// The panel over the agenda: a link with data-panel opens, in place of its page, the part #panel of
// another page. Its forms are sent without leaving; the agenda then reads itself again.
//
// Events on document: "rdv:open" { url, anchor, isModal, onCancel } opens; "rdv:changed" { text } is
// sent when an act has succeeded, "rdv:failed" when a page could not be read.

const panel = document.getElementById("agenda-panel");
const WIDTH = 380;
const GAP = 8;
let opener = null;
let undo = null;

const send = (name, detail = {}) => document.dispatchEvent(new CustomEvent(name, { detail }));

async function read(url, options = {}) {
  const response = await fetch(url, { credentials: "same-origin", ...options });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { response, page, part: page.getElementById("panel") };
}

function fill(part) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "fr-btn fr-btn--sm fr-btn--tertiary-no-outline fr-icon-close-line rdv-panel__close";
  close.textContent = panel.dataset.close;
  close.addEventListener("click", () => panel.close());
  panel.replaceChildren(close, ...part.childNodes);
  (panel.querySelector("[aria-invalid=true], .fr-btn:not(.rdv-panel__close)") || close).focus();
}

// Beside its block when there is room; in the middle otherwise (phones, drag and drop).
function place(anchor) {
  panel.style.removeProperty("left");
  panel.style.removeProperty("top");
  const isFree = !anchor || window.innerWidth < 2 * WIDTH;
  panel.classList.toggle("rdv-panel--beside", !isFree);
  if (isFree) return;
  const right = anchor.right + GAP;
  const left = right + WIDTH <= window.innerWidth ? right : anchor.left - WIDTH - GAP;
  const top = Math.min(anchor.top, window.innerHeight - panel.offsetHeight - GAP);
  panel.style.left = `${Math.max(GAP, left)}px`;
  panel.style.top = `${Math.max(GAP, top)}px`;
}

async function open({ url, anchor = null, onCancel = null }) {
  if (panel.open) panel.close();
  opener = document.activeElement;
  try {
    const { response, part } = await read(url);
    if (!part) throw new Error(`status ${response.status}`);
    undo = onCancel;
    panel.showModal();
    fill(part);
    place(anchor);
  } catch {
    onCancel?.();
    send("rdv:failed");
  }
}

panel.addEventListener("close", () => {
  undo?.();
  undo = null;
  panel.replaceChildren();
  // A block may have been drawn again since.
  const again = opener?.href && [...document.querySelectorAll("a")].find((a) => a.href === opener.href);
  (opener?.isConnected ? opener : again)?.focus();
});

// A click beside the panel closes it, as Escape does.
panel.addEventListener("click", (event) => event.target === panel && panel.close());

panel.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || "leaves" in form.dataset) return;
  event.preventDefault();
  const button = event.submitter;
  const body = new URLSearchParams(new FormData(form, button));
  if (button) button.disabled = true;
  try {
    const { response, page, part } = await read(form.action, { method: "POST", body });
    if (response.redirected && response.ok) {
      undo = null;
      panel.close();
      send("rdv:changed", { text: page.querySelector(".fr-alert--success")?.textContent.trim() });
    } else if (part) {
      fill(part);
    } else {
      throw new Error(`status ${response.status}`);
    }
  } catch {
    panel.close();
    send("rdv:failed");
  }
});

document.addEventListener("rdv:open", ({ detail }) => open(detail));

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-panel]");
  const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || event.defaultPrevented) return;
  event.preventDefault();
  open({ url: link.dataset.panel, anchor: link.getBoundingClientRect() });
});
