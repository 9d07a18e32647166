// For the page of a town that shows the booking journey in a frame: gives the frame the height of
// what it shows. Collects nothing, stores nothing, asks nobody else. Sites link to this very name:
// it may be repaired, never changed in what it does (docs/adr/0019).
(() => {
  const site = new URL(document.currentScript.src).origin;
  const seen = new WeakSet();
  const isOurs = (element) =>
    element instanceof HTMLIFrameElement && element.src.startsWith(`${site}/integration/`);
  const frames = () => [...document.querySelectorAll("iframe")].filter(isOurs);
  const greet = (frame) => frame.contentWindow.postMessage({ kind: "rdv:hello" }, site);

  window.addEventListener("message", (event) => {
    if (event.origin !== site || event.data?.kind !== "rdv:height") return;
    const height = Number(event.data.height);
    const frame = frames().find((each) => each.contentWindow === event.source);
    if (frame && height >= 100 && height <= 20000) frame.style.height = `${height}px`;
  });

  // Each page of the journey is a new document: it is greeted too, and shown from its top.
  document.addEventListener(
    "load",
    ({ target: frame }) => {
      if (!isOurs(frame)) return;
      greet(frame);
      if (seen.has(frame) && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
      seen.add(frame);
    },
    true,
  );
  // A frame that was there before this script; one that is still empty will say when it loads.
  for (const frame of frames()) {
    if (frame.contentDocument) continue;
    greet(frame);
    seen.add(frame);
  }
})();
