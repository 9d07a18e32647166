// A chart too wide for the screen begins at its last column that holds something: what is recent.
// Without this it begins at its first one, and scrolls all the same.
for (const chart of document.querySelectorAll(".rdv-chart")) {
  const filled = chart.querySelectorAll(".rdv-part");
  if (!filled.length) continue;
  const last = filled[filled.length - 1].getBoundingClientRect();
  chart.scrollLeft = last.right - chart.getBoundingClientRect().right + 16;
}
