// Draws the agenda as a calendar. The list by day, in the page, is what works without it
// (docs/adr/0009). One visit, one week or day: the toolbar's links change it. What is clicked or
// dragged opens the panel (agenda-panel.js), which asks the server.

const REFRESH_MS = 60_000;
const NARROW = "(max-width: 48em)";
const TWO_LINES_PX = 42;
const USUAL_LENGTH_MS = 30 * 60_000;
const AFTER_DRAG_MS = 300;
const MANY_AGENTS = 8;
// A refresh is not a sign of life: the session must still end when nobody is there.
const BACKGROUND = { "X-Rdv-Background": "1" };

const list = document.getElementById("agenda-list");
const holder = document.getElementById("agenda-calendar");
const notice = document.getElementById("agenda-notice");
const panel = document.getElementById("agenda-panel");
let axis = { firstHour: 7, lastHour: 20, hiddenDays: [0, 6], slotMinutes: 30 };
const isNarrow = window.matchMedia(NARROW).matches;
// The RDV that the address names: it is shown, once.
const here = new URLSearchParams(window.location.search).get("rdv");
let isShown = !here;

function tell(text) {
  notice.textContent = text;
  notice.hidden = !text;
}

// ----- events

function span(className, text) {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}

function title(event) {
  const { seats } = event.extendedProps;
  return seats ? `${event.title} (${seats})` : event.title;
}

function describe(event) {
  const { hours, details = [], statusLabel, isOnline, isArrived } = event.extendedProps;
  const { online, arrived } = holder.dataset;
  const lines = [hours, title(event), ...details, statusLabel];
  lines.push(isOnline && online, isArrived && arrived);
  return lines.filter(Boolean).join("\n");
}

function eventContent({ event }) {
  const { kind, url, panel: summary, time, statusLabel, details } = event.extendedProps;
  const { sign, placeSign, isOnline, isArrived } = event.extendedProps;
  if (kind === "plage") return { domNodes: [] };
  const box = document.createElement(url ? "a" : "span");
  box.className = "rdv-event__box";
  if (url) {
    box.href = url;
    box.draggable = false;
    box.title = describe(event);
  }
  if (summary) box.dataset.panel = summary;
  if (isArrived) box.append(span("rdv-arrived", holder.dataset.arrived));
  for (const mark of [sign, isOnline && "@", placeSign]) {
    if (mark) box.append(span("rdv-event__sign", mark));
  }
  if (time) box.append(span("rdv-event__hours", time));
  box.append(span("rdv-event__title", title(event)));
  if (details) box.append(span("rdv-event__details", details[0]));
  if (statusLabel) box.append(span("fr-sr-only", `, ${statusLabel}`));
  return { domNodes: [box] };
}

function classNames({ event }) {
  const { kind, status, isStruck, isPast, move } = event.extendedProps;
  const names = ["rdv-event", `rdv-event--${kind}`];
  if (here && event.id === `rdv-${here}`) names.push("rdv-here");
  if (isPast) names.push("rdv-event--past");
  if (move) names.push("rdv-event--movable");
  if (status) names.push(`rdv-event--${status}`);
  if (isStruck) names.push("rdv-event--struck");
  const minutes = (event.end - event.start) / 60_000;
  if ((minutes / axis.slotMinutes) * slotHeight() < TWO_LINES_PX) names.push("rdv-event--short");
  return names;
}

function eventDidMount({ event, el }) {
  if (event.extendedProps.kind !== "rdv") el.title = describe(event);
}

// ----- accessibility: the component's grid roles are incomplete, the list is the real table

function cure() {
  const calendar = holder.querySelector(".ec");
  for (const element of holder.querySelectorAll(".ec, .ec *")) {
    if (element === calendar || element.dataset.cured) continue;
    element.removeAttribute("role");
    for (const { name } of [...element.attributes]) {
      if (/^aria-(col|row|label)/.test(name)) element.removeAttribute(name);
    }
    if (/^H[1-6]$/.test(element.tagName)) element.setAttribute("role", "presentation");
    element.dataset.cured = "1";
  }
  if (calendar && calendar.getAttribute("role") !== "group") {
    calendar.setAttribute("role", "group");
    calendar.setAttribute("aria-label", holder.dataset.label);
  }
}

// ----- acts: a time is clicked or drawn, a RDV is dragged or resized; the server asks to confirm

const two = (number) => String(number).padStart(2, "0");
const clock = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;
const civil = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

// A time drawn over midnight ends with its day.
function hours(start, end) {
  const fin = civil(end) === civil(start) ? clock(end) : "00:00";
  return new URLSearchParams({ jour: civil(start), debut: clock(start), fin });
}

const ask = (detail) => document.dispatchEvent(new CustomEvent("rdv:open", { detail }));
const at = ({ clientX: x, clientY: y }) => ({ left: x, right: x, top: y });

function add(start, end, { resource, jsEvent }) {
  const values = hours(start, end);
  if (resource) values.set("agent", resource.id);
  const url = `${holder.dataset.add}?${values}`;
  ask({ url, anchor: at(jsEvent), onCancel: () => calendar.unselect() });
}

// Held, and let go at the same place: a slow tap of a finger, which opens the RDV as a tap does.
function stay({ event, jsEvent }) {
  const { panel: url } = event.extendedProps;
  if (url && jsEvent.pointerType !== "mouse") ask({ url, anchor: at(jsEvent) });
}

function move(info) {
  const { event, oldEvent, oldResource, newResource, revert } = info;
  const isSame = +event.start === +oldEvent.start && +event.end === +oldEvent.end;
  if (isSame && !newResource) {
    stay(info);
    return;
  }
  const values = hours(event.start, event.end);
  if (newResource && newResource.id !== oldResource?.id) {
    values.set("de", oldResource.id);
    values.set("vers", newResource.id);
  }
  ask({ url: `${event.extendedProps.move}?${values}`, onCancel: revert });
}

let isDragging = false;
let draggedAt = 0;

function dragStart() {
  isDragging = true;
}

// The release of a drag is also a click on the block, which must not open it.
function dragStop() {
  isDragging = false;
  draggedAt = Date.now();
}

holder?.addEventListener(
  "click",
  (event) => {
    if (Date.now() - draggedAt > AFTER_DRAG_MS) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

const acts = {
  editable: true,
  selectable: true,
  selectMinDistance: 8,
  snapDuration: "00:15:00",
  longPressDelay: 400,
  select: (info) => add(info.start, info.end, info),
  dateClick: (info) => add(info.date, new Date(info.date.getTime() + USUAL_LENGTH_MS), info),
  eventDragStart: dragStart,
  eventResizeStart: dragStart,
  eventDragStop: dragStop,
  eventResizeStop: dragStop,
  eventDrop: move,
  eventResize: move,
};

// ----- calendar

const hour = (number) => `${two(number)}:00:00`;

// Quarters of an hour are drawn tighter, or the day would be twice as long.
const slotHeight = () => (axis.slotMinutes < 30 ? 20 : 26);

function axisOptions() {
  const { firstHour, lastHour, hiddenDays, slotMinutes } = axis;
  return {
    slotHeight: slotHeight(),
    slotMinTime: hour(firstHour),
    slotMaxTime: hour(lastHour),
    hiddenDays,
    slotDuration: `00:${slotMinutes}:00`,
    slotLabelInterval: "01:00:00",
  };
}

function options() {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const day = holder.dataset.shared ? "resourceTimeGridDay" : "timeGridDay";
  return {
    view: holder.dataset.view === "jour" ? day : "timeGridWeek",
    date: holder.dataset.date,
    locale: document.documentElement.lang,
    firstDay: 1,
    headerToolbar: { start: "", center: "", end: "" },
    allDayContent: holder.dataset.allDay,
    dayHeaderFormat: { weekday: "short", day: "numeric", month: "short" },
    slotLabelFormat: (time) => `${time.getHours()} h`,
    slotEventOverlap: false,
    // The component draws "now" by the clock of the browser, which may be elsewhere.
    nowIndicator: here === holder.dataset.zone,
    eventClassNames: classNames,
    eventContent,
    eventDidMount,
    events: [],
    resources: [],
    ...acts,
    ...axisOptions(),
  };
}

const linkTo = (place, href) => [...place.querySelectorAll("a")].find((link) => link.href === href);

function showHere(place) {
  if (isShown) return;
  const links = [...place.querySelectorAll("a")];
  const link = links.find((one) => one.href.endsWith(`/${here}/`) && one.getClientRects().length);
  if (!link) return;
  isShown = true;
  link.closest(".rdv-chip, .rdv-line")?.classList.add("rdv-here");
  link.scrollIntoView({ block: "center" });
  link.focus({ preventScroll: true });
}

async function read(url, headers) {
  const response = await fetch(url, { headers, credentials: "same-origin" });
  if (response.redirected) throw new Error("session over");
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}

function feedUrl() {
  const url = new URL(holder.dataset.feed, window.location.href);
  url.searchParams.set("start", holder.dataset.first);
  url.searchParams.set("end", holder.dataset.after);
  url.searchParams.set("annules", holder.dataset.cancelled);
  url.searchParams.set("samedis", holder.dataset.saturdays);
  return url;
}

let calendar = null;
let lastAnswer = "";
let lastList = list.innerHTML;

async function loadCalendar(headers = {}) {
  const answer = await read(feedUrl(), headers);
  if (answer === lastAnswer) return;
  lastAnswer = answer;
  const { events, resources, axis: fresh } = JSON.parse(answer);
  axis = fresh;
  const focused = holder.contains(document.activeElement) && document.activeElement.href;
  if (!calendar) {
    holder.hidden = false;
    new MutationObserver(cure).observe(holder, { childList: true, subtree: true });
    calendar = window.EventCalendar.create(holder, options());
  }
  for (const [name, value] of Object.entries(axisOptions())) calendar.setOption(name, value);
  calendar.setOption("allDaySlot", events.some((event) => event.allDay));
  if (holder.dataset.shared) {
    calendar.setOption("resources", resources);
    if (resources.length > MANY_AGENTS) calendar.setOption("columnWidth", "8rem");
  }
  for (const event of events) event.editable = Boolean(event.extendedProps.move);
  calendar.setOption("events", events);
  list.hidden = true;
  window.requestAnimationFrame(() => {
    if (focused) linkTo(holder, focused)?.focus();
    showHere(holder);
  });
}

async function refreshList(headers) {
  const answer = await read(window.location.href, headers);
  const fresh = new DOMParser().parseFromString(answer, "text/html").getElementById(list.id);
  if (!fresh || isDragging || fresh.innerHTML === lastList) return;
  const focused = list.contains(document.activeElement) && document.activeElement.href;
  lastList = fresh.innerHTML;
  list.innerHTML = lastList;
  if (focused) linkTo(list, focused)?.focus();
}

// ----- life of the page

let isLate = false;
// A phone has room for one day of one agent; the list says the rest.
const isRoomy = !isNarrow || (holder?.dataset.view === "jour" && !holder.dataset.shared);
const drawsCalendar = holder && window.EventCalendar && isRoomy;

async function refresh(headers = BACKGROUND) {
  if (isDragging || panel.open) return;
  try {
    await (drawsCalendar ? loadCalendar(headers) : refreshList(headers));
    if (isLate) tell("");
    isLate = false;
  } catch (error) {
    isLate = true;
    const { sessionOver, stale } = notice.dataset;
    tell(error.message === "session over" ? sessionOver : stale);
  }
}

// What this page has to say (« Votre compte est ouvert ») is said on the next one.
const SAID = "rdv:said";

function keepSaid() {
  const said = [...document.querySelectorAll("[data-said]")].map((alert) => alert.outerHTML);
  if (said.length) window.sessionStorage.setItem(SAID, said.join(""));
}

function showSaid() {
  const said = window.sessionStorage.getItem(SAID);
  if (said) document.getElementById("content").insertAdjacentHTML("afterbegin", said);
  window.sessionStorage.removeItem(SAID);
}

if (isNarrow && list.dataset.defaultView) {
  keepSaid();
  window.location.replace(list.dataset.defaultView + (here ? `&rdv=${here}` : ""));
} else {
  showSaid();
  if (drawsCalendar) refresh({});
  else showHere(list);
  window.setInterval(() => document.visibilityState === "visible" && refresh(), REFRESH_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") refresh();
  });
  document.addEventListener("rdv:changed", ({ detail }) => {
    tell(detail.text || "");
    refresh({});
  });
  document.addEventListener("rdv:drag", ({ detail }) => {
    isDragging = detail;
  });
  document.addEventListener("rdv:failed", () => tell(notice.dataset.failed));
  document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
}
