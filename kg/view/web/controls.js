// Search, filters, legend and theme.

const folded = (text) => visible(text).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const foldings = new Map();  // of actors and sentences
function foldedOnce(owner, text) {
  if (!foldings.has(owner)) foldings.set(owner, folded(text));
  return foldings.get(owner);
}
const query = document.getElementById('query');
const hits = document.getElementById('hits');
const filters = document.getElementById('filters');
let options = [];
let active = -1;

function find(text) {
  const wanted = folded(text).trim();
  if (!wanted) return [];
  const named = actors.map((actor, number) => ({ number, at: foldedOnce(actor, actor.name).indexOf(wanted) }))
    .filter((hit) => hit.at >= 0)
    .sort((a, b) => (a.at > 0) - (b.at > 0) || weightOf(b.number, level('actor')) - weightOf(a.number, level('actor')) || a.number - b.number).slice(0, 8)
    .map(({ number }) => ({ target: { actor: number }, icon: glyph(actors[number].type), text: actors[number].name, note: String(weightOf(number, level('actor'))) }));
  const sentences = new Map();  // each is offered once, however many statements it carries
  for (const statement of statements) {
    const { evidence } = statement;
    if (sentences.size === 8) break;
    if (evidence && !sentences.has(evidence) && foldedOnce(evidence, evidence[1]).includes(wanted)) sentences.set(evidence, statement);
  }
  const quoted = [...sentences.values()].map((statement) => ({ target: home(statement), statement, icon: el('span', { class: 'quotes' }, '“'), text: around(statement.evidence[1], wanted), note: '' }))
    .filter((hit) => hit.target);
  return [...named, ...quoted];
}

// Where a statement can be read: its edge, or the profile of its speaker or its actor.
function home(statement) {
  const edge = graph.edgeOf.get(statement.number);
  if (edge) return { edge: edge.id };
  const actor = statement.speaker ?? statement.subject ?? statement.object;
  return actor === null ? null : { actor };
}

function around(text, wanted) {
  const found = folded(text).indexOf(wanted);
  const at = found > 40 ? text.lastIndexOf(' ', found - 20) + 1 : 0;
  const end = text.length > at + 90 ? text.lastIndexOf(' ', at + 90) : text.length;
  return `${at ? '…' : ''}${text.slice(at, end > at ? end : at + 90)}${end < text.length ? ' …' : ''}`;
}

function offer() {
  options = [...find(query.value), ...served.hits(query.value)];
  active = -1;
  hits.replaceChildren(...options.map((option, index) => el('li', { role: 'option', id: `hit-${index}`, class: option.address ? 'far' : null, 'aria-selected': 'false',
    onpointerdown: (event) => { event.preventDefault(); choose(index); } },
  option.icon, el('span', { class: 'what' }, el('bdi', {}, option.text)), el('span', { class: 'count' }, option.note))));
  const told = served.told() || (options.length || !query.value.trim() ? '' : 'No actor or sentence has these words.');
  if (told) hits.append(el('li', { class: 'none', role: 'option', 'aria-disabled': 'true' }, told));
  hits.hidden = !hits.childNodes.length;
  query.setAttribute('aria-expanded', String(!hits.hidden));
  query.removeAttribute('aria-activedescendant');
}

function mark(index) {
  if (!options.length) return;
  active = (index + options.length) % options.length;
  [...hits.children].forEach((child, number) => child.setAttribute('aria-selected', String(number === active)));
  query.setAttribute('aria-activedescendant', `hit-${active}`);
  hits.children[active].scrollIntoView({ block: 'nearest' });
}

function choose(index) {
  const option = options[index];
  if (!option) return;
  closeHits();
  if (option.address) return location.assign(option.address);
  query.value = '';
  document.getElementById('panel').focus();
  select(option.target);
  const found = option.statement && document.getElementById(`statement-${option.statement.number}`);
  if (found) found.scrollIntoView({ block: 'center' });
}

function closeHits() {
  hits.hidden = true;
  query.setAttribute('aria-expanded', 'false');
}

query.addEventListener('input', offer);
query.addEventListener('focus', () => query.value && offer());
query.addEventListener('blur', closeHits);
query.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowDown') mark(active + 1);
  else if (event.key === 'ArrowUp') mark(active - 1);
  else if (event.key === 'Enter') choose(Math.max(active, 0));
  else if (event.key === 'Escape') { query.value = ''; closeHits(); query.blur(); } else return;
  event.preventDefault();
  event.stopPropagation();
});

// A group of tick boxes; `off` holds what is switched off.
function ticks(title, off, choices) {
  return el('fieldset', {}, el('legend', {}, title), choices.map(({ value, text, sign, count, hint }) => el('label', { title: hint },
    el('input', { type: 'checkbox', checked: !off.has(value), onchange: (event) => {
      if (event.target.checked) off.delete(value); else off.add(value);
      changed();
    } }), sign ?? null, el('span', { class: 'what' }, text), el('span', { class: 'count' }, String(count)))));
}

// A list of which some are chosen; if none is, all pass.
function only(title, chosen, choices, all) {
  const name = new Map(choices.map(({ value, text }) => [value, text]));
  const menu = el('select', { 'aria-label': title, onchange: (event) => {
    const choice = choices[event.target.value];
    if (choice) chosen.add(choice.value);
    fillFilters();
    changed();
  } }, el('option', { value: '' }, chosen.size ? 'Add …' : all), choices.map(({ value, text, count }, index) => (chosen.has(value) ? null
    : el('option', { value: index }, `${text} (${count})`))));
  return choices.length < 2 ? '' : el('fieldset', {}, el('legend', {}, title), [...chosen].map((value) => el('button', { type: 'button', class: 'chosen', 'aria-label': `Remove ${name.get(value)}`,
    onclick: () => { chosen.delete(value); fillFilters(); changed(); } }, el('bdi', {}, name.get(value)), el('span', { 'aria-hidden': 'true' }, '×'))), menu);
}

function byCount(counts, text) {
  return [...counts].map(([value, count]) => ({ value, count, text: visible(text(value)) })).sort((a, b) => b.count - a.count || a.text.localeCompare(b.text));
}

function stroke(polarity, kind = '') {
  return el('span', { class: `stroke ${kind}`, 'data-polarity': polarity, 'aria-hidden': 'true' });
}

function tally(key) {
  const counts = new Map();
  for (const statement of statements) {
    const value = key(statement);
    if (value !== null && value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

function fillFilters() {
  const polarity = tally((statement) => String(statement.polarity ?? 0));
  const modality = tally((statement) => (statement.negated ? 'negated' : statement.modality));
  const telling = tally(tellingOf);
  const predicate = tally((statement) => statement.predicate);
  const shown = el('output', { for: 'confidence' }, state.confidence.toFixed(2));
  const order = { '1': 0, '-1': 1, '0': 2 };
  const inside = filters.contains(document.activeElement);
  const group = document.activeElement.closest('fieldset')?.firstChild.textContent;
  const names = [...predicate.keys()].sort((a, b) => (order[relations[a]?.polarity] ?? 3) - (order[relations[b]?.polarity] ?? 3) || predicate.get(b) - predicate.get(a) || a.localeCompare(b));
  filters.replaceChildren(
    ticks('Attitude', state.polarities, ['1', '-1', '0'].filter((value) => polarity.has(value))
      .map((value) => ({ value, text: POLARITIES[value], sign: stroke(value), count: polarity.get(value) }))),
    ticks('Reality', state.modalities, [...MODALITIES, 'negated'].filter((value) => modality.has(value))
      .map((value) => ({ value, text: value, sign: stroke('0', value === 'actual' ? '' : value === 'negated' ? 'dotted' : 'dashed'), count: modality.get(value) }))),
    ticks('Told', state.tellings, Object.entries(TELLINGS).filter(([value]) => telling.has(value))
      .map(([value, text]) => ({ value, text, count: telling.get(value) }))),
    el('fieldset', {}, el('legend', {}, 'Least confidence'), el('div', { class: 'range' },
      el('input', { id: 'confidence', type: 'range', min: 0, max: 0.95, step: 0.05, value: state.confidence, 'aria-label': 'Least confidence',
        oninput: (event) => { state.confidence = Number(event.target.value); shown.textContent = state.confidence.toFixed(2); changed(); } }), shown)),
    ticks('Relation', state.predicates, names.map((value) => ({ value, text: value, sign: stroke(String(relations[value]?.polarity ?? 0)), count: predicate.get(value), hint: relations[value]?.definition }))),
    only('Speaker', state.speakers, byCount(tally((statement) => statement.speaker ?? OWN_VOICE), (actor) => (actor === OWN_VOICE ? 'the article’s own voice' : nameOf(actor))), 'Everyone'),
    only('Outlet', state.outlets, byCount(tally((statement) => documents[statement.document].publisher ?? ''), (outlet) => outlet || 'not known'), 'Every outlet'),
    el('fieldset', {}, el('legend', {}, 'Speech'), el('label', { title: 'Dotted lines from a speaker to the actor that the statement is about' },
      el('input', { type: 'checkbox', checked: state.voices, onchange: (event) => { state.voices = event.target.checked; changed(); } }),
      stroke('voice', 'dotted'), el('span', { class: 'what' }, 'lines of speech'))),
    el('button', { type: 'button', class: 'more', onclick: () => {
      for (const set of [state.predicates, state.polarities, state.modalities, state.tellings, state.speakers, state.outlets]) set.clear();
      Object.assign(state, { confidence: 0, voices: true, ego: null, from: null, to: null });
      fillFilters();
      changed();
    } }, 'Show everything'));
  // What was pressed is no longer there.
  if (inside) ([...filters.querySelectorAll('fieldset')].find((set) => set.firstChild.textContent === group)?.querySelector('select') ?? filters.lastChild).focus();
}

function fillLegend() {
  const present = TYPES.filter((type) => graph.nodes.some((node) => actors[node.id].type === type));
  const row = (sign, text) => el('p', {}, sign, text);
  const hollow = svg('svg', { viewBox: '0 0 16 16', width: 16, height: 16, class: 'glyph hollow', 'aria-hidden': 'true' }, svg('circle', { cx: 8, cy: 8, r: 5.5 }));
  document.querySelector('#legend .signs').replaceChildren(
    ...present.map((type) => row(glyph(type), typeName(type))), row(hollow, 'not quoted'),
    row(stroke('1'), 'for'), row(stroke('-1'), 'against'), row(stroke('0'), 'neither'),
    row(stroke('0', 'dashed'), 'not actual'), row(stroke('0', 'dotted'), 'negated'), row(stroke('voice', 'dotted'), 'speaks of'),
    row(stroke('1', 'pale'), 'pale: unsure'));
}

function applyTheme() {
  sheet = new Map();
  // Where the system sets the colours, the canvas must be as light or dark as they are.
  if (state.theme && !matchMedia('(forced-colors: active)').matches) document.documentElement.dataset.theme = state.theme;
  else delete document.documentElement.dataset.theme;
}

function isDark() {
  return state.theme ? state.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}
