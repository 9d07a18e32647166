// A page that stays true: the part `#live` is read again each minute while the tab is visible, and
// a form marked data-live is sent without leaving the page. Without this, forms reload the page.

const REFRESH_MS = 60_000;
// A refresh is not a sign of life: the session must still end when nobody is there.
const BACKGROUND = { "X-Rdv-Background": "1" };

const live = document.getElementById("live");
const notice = document.getElementById("live-notice");
let isBusy = false;

const tell = (text) => {
  notice.textContent = text;
};

const keyOf = (element) => element?.closest("[data-key]")?.dataset.key;

// The focus stays on the line it was on, at the same control when it is still there.
function focusAgain(key, position) {
  const line = [...live.querySelectorAll("[data-key]")].find((row) => row.dataset.key === key);
  const controls = line ? [...line.querySelectorAll("a[href], button")] : [];
  (controls[position] ?? controls[0] ?? notice).focus();
}

function show(fresh) {
  if (fresh.innerHTML === live.innerHTML) return;
  const active = live.contains(document.activeElement) ? document.activeElement : null;
  const key = keyOf(active);
  const line = active?.closest("[data-key]");
  const position = line ? [...line.querySelectorAll("a[href], button")].indexOf(active) : 0;
  live.replaceChildren(...document.importNode(fresh, true).childNodes);
  if (key) focusAgain(key, position);
  document.dispatchEvent(new Event("rdv:live"));
}

async function read(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById("live");
  if (!fresh) throw new Error(response.redirected ? "session over" : "no live part");
  return { page, fresh };
}

async function refresh() {
  if (isBusy) return;
  try {
    const url = window.location.href;
    const response = await fetch(url, { headers: BACKGROUND, credentials: "same-origin" });
    const { fresh } = await read(response);
    if (isBusy) return;
    show(fresh);
    if (notice.dataset.shown) tell("");
    delete notice.dataset.shown;
  } catch (error) {
    notice.dataset.shown = "1";
    tell(error.message === "session over" ? notice.dataset.sessionOver : notice.dataset.stale);
  }
}

async function send(form) {
  isBusy = true;
  form.closest("[data-key]")?.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams(new FormData(form));
    const response = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    const { page, fresh } = await read(response);
    show(fresh);
    tell([...page.querySelectorAll("main > .fr-alert")].map((e) => e.textContent.trim()).join(" "));
  } catch {
    // A refusal or a confirmation has a page of its own, or the network is down: nothing was
    // written. The browser sends the form again and shows what comes.
    form.submit();
  } finally {
    isBusy = false;
  }
}

live.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-live]")) return;
  event.preventDefault();
  if (!isBusy) send(event.target);
});

window.setInterval(() => document.visibilityState === "visible" && refresh(), REFRESH_MS);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") refresh();
});
