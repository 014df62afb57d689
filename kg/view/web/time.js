// The statements over time, as a histogram with a brush: drag over it, or move its two handles.

const DAY = 86400000;
const iso = (time) => new Date(time).toISOString().slice(0, 10);

// Start of the period that a day lies in, and of the next.
const PERIODS = [
  { most: 100, name: 'day', start: (day) => day, next: (day) => day + DAY },
  { most: 800, name: 'week', start: (day) => day - ((new Date(day).getUTCDay() + 6) % 7) * DAY, next: (day) => day + 7 * DAY },
  { most: 4000, name: 'month', start: (day) => Date.UTC(new Date(day).getUTCFullYear(), new Date(day).getUTCMonth()), next: (day) => Date.UTC(new Date(day).getUTCFullYear(), new Date(day).getUTCMonth() + 1) },
  { most: Infinity, name: 'year', start: (day) => Date.UTC(new Date(day).getUTCFullYear(), 0), next: (day) => Date.UTC(new Date(day).getUTCFullYear() + 1, 0) },
];

// The periods from the first statement to the last: {from, to, statements}, days inclusive.
function binsOf(dated) {
  const days = dated.map((statement) => Date.parse(statement.day)).filter((day) => !Number.isNaN(day));
  if (!days.length) return { name: 'day', bins: [] };
  const [first, last] = days.reduce(([low, high], day) => [Math.min(low, day), Math.max(high, day)], [days[0], days[0]]);
  const { name, start, next } = PERIODS.find(({ most }) => (last - first) / DAY < most);
  const bins = [];
  for (let at = start(first); at <= last; at = next(at)) bins.push({ from: iso(at), to: iso(next(at) - DAY), statements: [] });
  const starts = new Map(bins.map((bin) => [bin.from, bin]));
  for (const statement of dated) starts.get(iso(start(Date.parse(statement.day))))?.statements.push(statement);
  return { name, bins };
}

const { name: binName, bins } = binsOf(statements.filter((statement) => statement.day));
const handles = { from: document.getElementById('time-from'), to: document.getElementById('time-to') };
const chart = document.querySelector('#time svg');

function spanName(from, to) {
  return from === to ? dateName(from) : `${dateName(from)} to ${dateName(to)}`;
}

function brushed() {
  const from = bins.findIndex((bin) => !state.from || bin.to >= state.from);
  const to = bins.findLastIndex((bin) => !state.to || bin.from <= state.to);
  return [from < 0 ? bins.length - 1 : from, Math.max(to, 0)];
}

function brush(one, other) {
  const [from, to] = [Math.min(one, other), Math.max(one, other)];
  state.from = from > 0 ? bins[from].from : null;
  state.to = to < bins.length - 1 ? bins[to].to : null;
  changed();
}

const STACK = ['1', '0', '-1'];  // from the ground up
function fillTime() {
  const box = document.getElementById('time');
  box.hidden = bins.length < 2;
  if (box.hidden) return;
  const [from, to] = brushed();
  const counts = bins.map((bin) => STACK.map((sign) => bin.statements.filter((statement) => statement.early && String(statement.polarity ?? 0) === sign).length));
  const most = Math.max(1, ...counts.map((count) => count[0] + count[1] + count[2]));
  chart.setAttribute('viewBox', `0 0 ${bins.length} 1`);
  chart.replaceChildren(...bins.flatMap((bin, at) => {
    let top = 1;
    const bars = counts[at].map((count, index) => {
      top -= count / most;
      return count ? svg('rect', { x: at + 0.1, width: 0.8, y: top, height: count / most, class: at < from || at > to ? 'out' : '', 'data-polarity': STACK[index] }) : null;
    });
    return bars.filter(Boolean);
  }));
  for (const [key, at] of [['from', from], ['to', to]]) {
    handles[key].max = bins.length - 1;
    handles[key].value = at;
    handles[key].setAttribute('aria-valuetext', dateName(bins[at][key]));
  }
  const whole = !state.from && !state.to;
  document.getElementById('time-span').textContent = spanName(state.from ?? bins[from].from, state.to ?? bins[to].to);
  document.getElementById('time-all').hidden = whole;
  box.title = `Statements by ${binName}; drag to choose a time`;
}

for (const [key, handle] of Object.entries(handles)) {
  handle.addEventListener('input', () => {
    const [from, to] = brushed();
    if (key === 'from') brush(Math.min(Number(handle.value), to), to);
    else brush(from, Math.max(Number(handle.value), from));
  });
}
document.getElementById('time-all').addEventListener('click', () => brush(0, bins.length - 1));

// Drag over the chart; a click chooses one period.
function binAt(event) {
  const box = chart.getBoundingClientRect();
  return Math.min(Math.max(Math.floor((event.clientX - box.left) / box.width * bins.length), 0), bins.length - 1);
}
let began = null;
let reached = null;
chart.addEventListener('pointerdown', (event) => {
  began = binAt(event);
  chart.setPointerCapture(event.pointerId);
  reached = began;
  brush(began, began);
});
chart.addEventListener('pointermove', (event) => {
  if (began === null || binAt(event) === reached) return;
  reached = binAt(event);
  brush(began, reached);
});
for (const end of ['pointerup', 'pointercancel']) chart.addEventListener(end, () => { began = null; });
