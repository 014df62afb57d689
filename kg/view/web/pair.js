// What is stated between two actors, over time: a lane for each direction, for above its line and against below it,
// and all of it to read. A side of a pair is a list of actors, as a country and its government.

const pairOrder = { by: 'month' };
let drawnFor = 0;  // pixels across
const AXIS = { gutter: 58, undated: 44, right: 14, column: 9, label: 64 };
const sideName = (side) => listed(side.map((actor) => actorButton(actor)));
const sideText = (side) => side.map((actor) => visible(nameOf(actor))).join(', ');

function overTime(pair, text = 'Over time') {
  return el('button', { type: 'button', class: 'way', onclick: () => look('pair', { pair }) }, text);
}

// Who else is in statements with an actor, and the way to what is stated between the two.
function counterparts(number) {
  const counts = new Map();
  for (const edge of graph.edgesOf[number]) {
    const other = edge.from === number ? edge.to : edge.from;
    if (edge.count && other !== number) counts.set(other, (counts.get(other) ?? 0) + edge.count);
  }
  const order = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || a - b);
  return order.length ? section('Over time, with', order.length, growing(order, (other) => el('button', { type: 'button', class: 'rank', onclick: () => look('pair', { pair: [number, other] }) },
    glyph(actors[other].type), el('span', { class: 'what' }, el('bdi', {}, nameOf(other))), el('span', { class: 'count' }, String(counts.get(other)))), 6)) : null;
}

// The directions between two sides, each with what relates them, what else the one says of the other, and its shifts.
function lanesOf([one, other]) {
  const same = one.every((actor) => other.includes(actor));
  return (same ? [[one, other]] : [[one, other], [other, one]]).map(([from, to]) => {
    const lane = { from, to, stated: [], spoken: [], all: 0, shifts: [] };
    const [source, target] = [new Set(from), new Set(to)];
    const within = (set, ...ends) => ends.some((actor) => actor !== null && set.has(graph.of(actor)));
    for (const statement of statements) {
      const { subject, object, speaker } = statement;
      const relates = (a, b) => statement.predicate && within(a, subject) && within(b, object);
      const list = relates(source, target) ? lane.stated
        : state.voices && !relates(target, source) && within(source, speaker) && within(target, subject, object) ? lane.spoken : null;
      if (list) lane.all++;
      if (list && statement.passes) list.push(statement);
    }
    const shown = new Set(lane.stated.map((statement) => statement.number));
    lane.shifts = graph.shifts.filter((shift) => source.has(shift.from) && target.has(shift.to)
      && shift.days.every((day) => shift.statements.some((number) => shown.has(number) && statements[number].day === day)));
    return lane;
  });
}

const byDay = (a, b) => (a.day ?? '9999').localeCompare(b.day ?? '9999') || a.number - b.number;

// Days to places from left to right; what has no date stands apart, before them.
function scaleOf(dated, width, undated) {
  const days = dated.map((statement) => Date.parse(statement.day));
  let [first, last] = days.reduce(([low, high], day) => [Math.min(low, day), Math.max(high, day)], [days[0] ?? 0, days[0] ?? 0]);
  const pad = Math.max((last - first) * 0.03, (last - first < 20 * DAY ? 10 : 1) * DAY);
  [first, last] = [first - pad, last + pad];
  const left = AXIS.gutter + (undated ? AXIS.undated : 0);
  const right = width - AXIS.right;
  return { first, last, left, right, width, undated: undated ? AXIS.gutter + AXIS.undated / 2 - 6 : null,
    at: (time) => left + (time - first) / (last - first) * (right - left) };
}

// The dates that the axis names, as far apart as their labels need.
function datesOf(scale) {
  const across = (days) => days * DAY / (scale.last - scale.first) * (scale.right - scale.left);
  const step = [1, 2, 7, 14].find((days) => across(days) >= AXIS.label && (days < 14 || across(30) > 180));
  const found = [];
  if (step) {
    for (let day = Math.ceil(scale.first / DAY) * DAY; day <= scale.last; day += step * DAY) found.push(day);
    return found.map((day, index) => ({ day, strong: false, text: new Date(day).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: index ? undefined : 'numeric', timeZone: 'UTC' }) }));
  }
  const months = [1, 3, 6, 12, 24, 60, 120, 240].find((count) => across(count * 30.4) >= AXIS.label) ?? 600;
  const begin = new Date(scale.first);
  const start = (month) => Date.UTC(Math.floor(month / 12), month % 12);
  for (let month = Math.ceil((begin.getUTCFullYear() * 12 + begin.getUTCMonth() + 0.01) / months) * months; start(month) <= scale.last; month += months) found.push({ day: start(month), month });
  return found.map(({ day, month }, index) => ({ day, strong: month % 12 === 0, text: month % 12 === 0 ? String(month / 12)
    : new Date(day).toLocaleDateString('en-GB', { month: 'short', year: index ? undefined : 'numeric', timeZone: 'UTC' }) }));
}

// Statements whose days lie too near to be drawn beside each other share a column.
function columnsOf(shown, scale) {
  const columns = [];
  for (const statement of [...shown].sort(byDay)) {
    const x = statement.day === null ? scale.undated : scale.at(Date.parse(statement.day));
    const last = columns.at(-1);
    if (last && Math.abs(x - last.x) < AXIS.column + 1) last.statements.push(statement);
    else columns.push({ x, statements: [statement] });
  }
  return columns;
}

const sum = (list) => list.reduce((total, statement) => total + statement.confidence, 0);
const signed = (column, sign) => column.statements.filter((statement) => signOf(statement) === sign);

function inShort(statement) {
  const article = documents[statement.document];
  const modality = statement.modality === 'actual' ? '' : ` (${statement.modality})`;
  const name = (actor) => (actor === null ? 'someone' : nameOf(actor));
  const told = [statement.source, statement.cue].filter(Boolean).sort(([one], [other]) => one - other).map((span) => wordsOf(statement, span));
  const claimed = statement.predicate ? `${name(statement.subject)} ${relationName(statement)}${modality} ${statement.object === null ? '' : name(statement.object)}`
    : statement.speaker !== null ? `${name(statement.speaker)} says` : told.length ? `“${told.join(' ')}”` : 'the article states';
  return { claimed: visible(claimed), where: visible([statement.day ? dateName(statement.day) : 'no date', article.publisher, `confidence ${statement.confidence.toFixed(2)}`].filter(Boolean).join(' · ')) };
}

function marked(statement, shape) {
  const { claimed, where } = inShort(statement);
  shape.classList.add('mark', ...(statement.modality === 'actual' && !statement.negated ? [] : ['unreal']));
  for (const [key, value] of Object.entries({ role: 'button', tabindex: -1, 'data-polarity': signOf(statement), 'data-statement': statement.number, 'aria-label': `${claimed}. ${where}` })) shape.setAttribute(key, value);
  return shape;
}

// Heights of a lane: flags on top, then for, neither in a band along the line, against, and what else is said.
function measures(lane, scale, unit, band) {
  const columns = columnsOf(lane.stated, scale);
  const voices = columnsOf(lane.spoken, scale);
  const most = (sign) => Math.max(0, ...columns.map((column) => sum(signed(column, sign))));
  const flags = flagsOf(lane, scale);
  const top = flags.rows * 17 + 4;
  const axis = top + Math.max(most(1) * unit, 22) + band / 2 + 2;
  const below = axis + Math.max(most(-1) * unit, 22) + band / 2 + 4;
  const spoken = Math.max(0, ...voices.map((column) => column.statements.length));
  return { columns, voices, flags, top, axis, below, tick: Math.min(8, 48 / (spoken || 1)), height: below + (spoken ? Math.min(8, 48 / spoken) * spoken + 12 : 0) };
}

// Flags stand in up to three rows, none over another; those that find no room there are without words.
function flagsOf(lane, scale) {
  const ends = [];
  const placed = lane.shifts.map((shift) => {
    const x = scale.at(Date.parse(shift.days[1]));
    const text = shift.weights[1] < 0 ? 'turns against' : 'turns for';
    const long = text.length * 6.2 + 22;
    const left = x + long > scale.width ? x - long : x;
    const row = [0, 1, 2].find((candidate) => (ends[candidate] ?? 0) < left);
    if (row === undefined) return { shift, x, text, flipped: false, bare: true, row: 3 };
    ends[row] = left + long;
    return { shift, x, text, flipped: left < x, bare: false, row };
  });
  return { placed, rows: Math.max(0, ...placed.map(({ row }) => row + 1)) };
}

function flag({ shift, x, text, flipped, bare, row }, { below }) {
  const y = row * 17 + 3;
  const sign = shift.weights[1] < 0 ? -1 : 1;
  const towards = flipped ? -1 : 1;
  const [base, tip] = sign < 0 ? [y + 2, y + 10] : [y + 10, y + 2];
  const triangle = `${x + 3 * towards},${base} ${x + 12 * towards},${base} ${x + 7.5 * towards},${tip}`;
  const told = `${visible(actors[shift.from].name)} ${text} ${visible(actors[shift.to].name)}. From ${shift.weights[0].toFixed(2)} on ${dateName(shift.days[0])} to ${shift.weights[1].toFixed(2)} on ${dateName(shift.days[1])}`;
  const number = shift.statements.find((candidate) => statements[candidate].day === shift.days[1] && statements[candidate].passes);
  const label = svg('text', { x: x + 16 * towards, y: y + 10, 'text-anchor': flipped ? 'end' : 'start' }, text);
  return svg('g', { class: 'mark flag', role: 'button', tabindex: -1, 'data-polarity': sign, 'data-statement': number, 'data-flag': told, 'aria-label': told },
    svg('line', { x1: x, x2: x, y1: y, y2: below - 3 }), svg('polygon', { points: triangle }), ...(bare ? [] : [label]));
}

function drawLane(lane, scale, unit, band, dates) {
  const size = measures(lane, scale, unit, band);
  const { axis, below, top, height } = size;
  const half = AXIS.column / 2;
  const marks = size.columns.flatMap(({ x, statements: here }) => {
    const column = { statements: here };
    const stacks = [1, -1].flatMap((sign) => {
      let at = band / 2 + 1;
      return signed(column, sign).sort((a, b) => b.confidence - a.confidence).map((statement) => {
        const tall = statement.confidence * unit;
        const gap = tall > 4 ? 1 : 0;
        const y = sign > 0 ? axis - at - tall : axis + at;
        at += tall;
        return marked(statement, svg('rect', { x: x - half, width: AXIS.column, y: sign > 0 ? y + gap : y, height: Math.max(tall - gap, 0.5), rx: Math.min(2, tall / 3) }));
      });
    });
    const neither = signed(column, 0);
    const room = band / Math.max(neither.length, 1);
    return [...stacks, ...neither.map((statement, index) => marked(statement, svg('circle', { cx: x, cy: axis - band / 2 + room * (index + 0.5), r: Math.min(3.6, room / 2) })))];
  });
  const ticks = size.voices.flatMap(({ x, statements: here }) => here.map((statement, index) => marked(statement, svg('rect', { class: 'spoken', x: x - 1.5, width: 3, y: below + 8 + index * size.tick, height: Math.max(size.tick - 1.5, 0.5) }))));
  const chart = svg('svg', { class: 'lane', viewBox: `0 0 ${scale.width} ${height}`, width: scale.width, height, role: 'group', 'aria-label': `${sideText(lane.from)} towards ${sideText(lane.to)}: ${plural(lane.stated.length + lane.spoken.length, 'statement')}. Left and right arrows go through them.` },
    ...dates.map(({ day, strong }) => svg('line', { class: strong ? 'grid strong' : 'grid', x1: scale.at(day), x2: scale.at(day), y1: top, y2: height })),
    svg('line', { class: 'zero', x1: AXIS.gutter - 6, x2: scale.width, y1: axis, y2: axis }),
    svg('text', { class: 'side', 'data-polarity': 1, x: 0, y: axis - band / 2 - 6 }, '▲ for'),
    svg('text', { class: 'side', 'data-polarity': -1, x: 0, y: axis + band / 2 + 14 }, '▼ against'),
    ...(lane.spoken.length ? [svg('text', { class: 'side', x: 0, y: below + 16 }, 'speaks of')] : []),
    ...(scale.undated === null ? [] : [svg('line', { class: 'apart', x1: scale.left - 10, x2: scale.left - 10, y1: top, y2: height })]),
    ...size.flags.placed.map((placed) => flag(placed, size)), ...marks, ...ticks);
  rove(chart);
  return chart;
}

// One mark of a lane is reached by Tab, the others from it by arrows, in order of time.
function rove(chart) {
  const when = (found) => statements[found.dataset.statement];
  const marks = [...chart.querySelectorAll('.mark')].sort((a, b) => byDay(when(a), when(b)));
  marks[0]?.setAttribute('tabindex', 0);
  chart.addEventListener('keydown', (event) => {
    const at = marks.indexOf(event.target);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: marks.length - 1 }[event.key];
    if (event.key === 'Enter' || event.key === ' ') pick(Number(event.target.dataset.statement));
    else if (next === undefined || !marks[next]) return;
    else {
      marks[at]?.setAttribute('tabindex', -1);
      marks[next].setAttribute('tabindex', 0);
      marks[next].focus();
    }
    event.preventDefault();
  });
  chart.addEventListener('click', (event) => event.target.closest('.mark') && pick(Number(event.target.closest('.mark').dataset.statement)));
  for (const kind of ['pointerover', 'focusin']) chart.addEventListener(kind, (event) => tellOf(event.target.closest('.mark')));
  for (const kind of ['pointerleave', 'focusout']) chart.addEventListener(kind, () => tellOf(null));
}

// A mark in short, beside it.
function tellOf(found) {
  const tip = document.getElementById('tip');
  tip.hidden = !found;
  if (!found) return;
  const statement = statements[found.dataset.statement];
  const { claimed, where } = inShort(statement);
  const signs = Array.from(evidenceOf(statement));
  tip.replaceChildren(...(found.dataset.flag ? [el('b', {}, found.dataset.flag)]
    : [el('b', { dir: 'auto' }, claimed), signs.length ? el('q', { dir: 'auto' }, signs.length > 170 ? `${signs.slice(0, 170).join('')}…` : signs.join('')) : '', el('span', { class: 'soft' }, where)]));
  const frame = tip.parentElement.getBoundingClientRect();
  const box = found.getBoundingClientRect();
  const middle = box.left + box.width / 2 - frame.left;
  tip.style.left = `${Math.min(Math.max(middle - tip.offsetWidth / 2, 0), frame.width - tip.offsetWidth)}px`;
  const above = box.top - frame.top - tip.offsetHeight - 8;
  tip.style.top = `${frame.top + above > document.getElementById('stage').getBoundingClientRect().top ? above : box.bottom - frame.top + 8}px`;
}

// Go to the card of a statement, below.
function pick(number) {
  const sheet = document.getElementById('sheet');
  for (const list of sheet.querySelectorAll('.cards')) list.reach?.((statement) => statement.number === number);
  for (const found of sheet.querySelectorAll('.picked')) found.classList.remove('picked');
  const found = document.getElementById(`pair-${number}`);
  for (const chosen of [found, ...sheet.querySelectorAll(`.mark[data-statement="${number}"]:not(.flag)`)]) chosen?.classList.add('picked');
  tellOf(null);
  found?.focus({ preventScroll: true });
  found?.scrollIntoView({ block: 'center' });
}

function pairCards(lanes) {
  const cardOf = (statement) => card(statement, { place: 'pair' });
  if (pairOrder.by === 'direction') {
    return lanes.flatMap((lane) => [['', lane.stated], [' speaks of ', lane.spoken]].filter(([, list]) => list.length).map(([verb, list]) => section(
      [el('bdi', {}, sideText(lane.from)), verb || ' → ', el('bdi', {}, sideText(lane.to))], list.length, growing([...list].sort(byDay), cardOf))));
  }
  const all = [...new Set(lanes.flatMap((lane) => [...lane.stated, ...lane.spoken]))].sort(byDay);
  const month = (statement) => (statement.day === null ? 'No date' : new Date(Date.parse(statement.day)).toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }));
  const firsts = new Set(all.filter((statement, at) => !at || month(all[at - 1]) !== month(statement)));
  return [growing(all, (statement) => [...(firsts.has(statement) ? [el('h3', { class: 'month' }, month(statement))] : []), cardOf(statement)])];
}

function pairHead(lanes, [one, other]) {
  const shown = new Set(lanes.flatMap((lane) => [...lane.stated, ...lane.spoken]));
  const all = lanes.reduce((total, lane) => total + lane.all, 0);
  const spoken = lanes.some((lane) => lane.spoken.length);
  const articles = new Set([...shown].map((statement) => statement.document)).size;
  const days = [...shown].map((statement) => statement.day).filter(Boolean).sort();
  return el('header', { class: 'heading' },
    el('button', { type: 'button', class: 'close', 'aria-label': 'Back to the graph', onclick: () => look('graph') }, '×'),
    el('h2', {}, lanes.length > 1 ? [sideName(one), el('span', { class: 'verb' }, ' and '), sideName(other)] : ['Among ', sideName(one)]),
    el('p', { class: 'soft' }, `${plural(shown.size, 'statement')} in ${plural(articles, 'article')}`, days.length ? `, ${spanName(days[0], days.at(-1))}` : '',
      all > shown.size ? `. The filters leave out ${(all - shown.size).toLocaleString('en')}.` : '.'),
    el('p', { class: 'signs' }, [['solid', 'the taller, the surer'], ['unreal', 'not actual, or negated'], ['point', 'neither for nor against'], ...(spoken ? [['tick', 'says something else of the other']] : [])]
      .map(([kind, text]) => el('span', {}, el('i', { class: kind, 'aria-hidden': 'true' }), text))));
}

function tallyOf(lane) {
  const counts = [[1, 'for'], [-1, 'against'], [0, 'neither']].map(([sign, name]) => [sign, name, lane.stated.filter((statement) => signOf(statement) === sign).length]);
  return counts.filter(([, , count]) => count).map(([sign, name, count]) => el('span', { class: 'verb', 'data-polarity': sign }, `${count} ${name}`));
}

SHEETS.pair = () => {
  const lanes = lanesOf(state.pair);
  const all = lanes.flatMap((lane) => [...lane.stated, ...lane.spoken]);
  const sheet = document.getElementById('sheet');
  const { paddingLeft, paddingRight } = getComputedStyle(sheet);
  const width = Math.max(sheet.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight), 240);
  drawnFor = width;
  const scale = scaleOf(all.filter((statement) => statement.day), width, all.some((statement) => !statement.day));
  const dates = all.some((statement) => statement.day) ? datesOf(scale) : [];
  const columns = lanes.flatMap((lane) => columnsOf(lane.stated, scale));
  const tallest = Math.max(0.1, ...columns.flatMap((column) => [sum(signed(column, 1)), sum(signed(column, -1))]));
  const band = Math.min(Math.max(9 * Math.max(0, ...columns.map((column) => signed(column, 0).length)), 10), 40);
  const cards = el('div', { class: 'said' }, pairCards(lanes));
  const by = (name) => el('button', { type: 'button', 'aria-pressed': String(pairOrder.by === name), onclick: (event) => {
    pairOrder.by = name;
    for (const button of event.target.parentElement.children) button.setAttribute('aria-pressed', String(button === event.target));
    cards.replaceChildren(...pairCards(lanesOf(state.pair)));
  } }, name === 'month' ? 'By month' : 'By direction');
  if (!all.length) return [el('div', { class: 'pair' }, pairHead(lanes, state.pair), el('p', { class: 'none' }, lanes.some((lane) => lane.all) ? 'Nothing between the two passes the filters.' : 'Nothing is stated between the two.'))];
  return [el('div', { class: 'pair' }, pairHead(lanes, state.pair),
    el('div', { class: 'chart' }, lanes.map((lane) => el('figure', {},
      el('figcaption', {}, el('b', {}, el('bdi', {}, sideText(lane.from)), el('span', { class: 'arrow', role: 'img', 'aria-label': 'towards' }, ' → '), el('bdi', {}, sideText(lane.to))), tallyOf(lane)),
      lane.stated.length + lane.spoken.length ? drawLane(lane, scale, Math.min(26, 120 / tallest), band, dates) : el('p', { class: 'none' }, 'Nothing in this direction.'))),
    svg('svg', { class: 'dates', viewBox: `0 0 ${width} 20`, width, height: 20, 'aria-hidden': 'true' },
      ...dates.map(({ day, strong, text }) => svg('text', { x: scale.at(day), y: 14, class: strong ? 'strong' : '' }, text)),
      ...(scale.undated === null ? [] : [svg('text', { x: scale.undated, y: 14 }, 'no date')])),
    el('div', { id: 'tip', role: 'presentation', hidden: true })),
    el('div', { class: 'switch', role: 'group', 'aria-label': 'Order of the statements' }, by('month'), by('direction')), cards)];
};

// Drawn anew for another width.
new ResizeObserver(([{ contentRect }]) => {
  if (state.view === 'pair' && Math.abs(contentRect.width - drawnFor) > 1) requestAnimationFrame(() => state.view === 'pair' && fillSheet());
}).observe(document.getElementById('sheet'));
