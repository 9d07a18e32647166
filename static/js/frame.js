// Inside a frame (docs/adr/0019): tells the page around it how high this page is. Nothing else is
// said, and only to a site of the territoire's list, which must have said hello first.
const parents = document.body.dataset.parents.split(" ").filter(Boolean);
const page = document.getElementById("frame");
let listener = "";

function isParent(origin) {
  return parents.some((allowed) => {
    const [scheme, domain] = allowed.split("*.");
    if (domain === undefined) return origin === allowed;
    return origin.startsWith(scheme) && origin.endsWith(`.${domain}`);
  });
}

function tell() {
  if (!listener) return;
  const height = Math.ceil(page.getBoundingClientRect().height);
  window.parent.postMessage({ kind: "rdv:height", height }, listener);
}

window.addEventListener("message", (event) => {
  const hello = event.source === window.parent && event.data?.kind === "rdv:hello";
  if (!hello || !isParent(event.origin)) return;
  listener = event.origin;
  tell();
});
new ResizeObserver(tell).observe(page);

// What an organisation typed may lead elsewhere: most sites refuse to be shown in a frame.
for (const link of document.querySelectorAll('a[href^="http"]:not([target])')) {
  link.target = "_blank";
  link.rel = "noopener";
}
