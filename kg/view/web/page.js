// Joins the parts: selection, views, levels, address, keys, first drawing.

function select(at) {
  const panel = document.getElementById('panel');
  const inside = panel.contains(document.activeElement);
  state.selected = at?.actor !== undefined ? { actor: graph.of(at.actor) } : at;
  fillPanel();
  closePanel();
  // What was pressed is no longer there.
  if (inside) (panel.checkVisibility() ? panel : document.getElementById('sheet')).focus({ preventScroll: true });
  if (state.selected) show(state.selected); else redraw();
  writeAddress();
}

// Bring all up to date with filters.
function changed() {
  settle();
  fillPanel();
  fillRest();
}

function fillRest() {
  const count = document.getElementById('filter-count');
  count.textContent = String(filtered());
  count.hidden = !filtered();
  redraw();
  fillTime();
  fillSheet();
  writeAddress();
}

// Show the graph, or a sheet over it: a table, the statements of a pair, an article.
let opener = null;  // has the focus again once the sheet is closed
function look(view, { pair = null, article = null } = {}) {
  const sheet = document.getElementById('sheet');
  const inside = sheet.contains(document.activeElement);
  if (state.view === 'graph') opener = document.activeElement;
  Object.assign(state, { view, pair: pair?.map((side) => [side].flat()) ?? null, article });
  fillSheet();
  writeAddress();
  sheet.scrollTop = 0;
  if (view !== 'graph') sheet.focus();
  else if (inside) (opener?.checkVisibility() ? opener : document.getElementById('panel')).focus();
}

function fillSheet() {
  const sheet = document.getElementById('sheet');
  sheet.hidden = state.view === 'graph';
  document.getElementById('stage').classList.toggle('covered', !sheet.hidden);
  for (const button of document.querySelectorAll('#views button')) button.setAttribute('aria-pressed', String(button.dataset.view === state.view));
  closePanel();
  sheet.replaceChildren(...(SHEETS[state.view]?.() ?? []));
  sheet.setAttribute('aria-label', sheet.querySelector('h2')?.textContent ?? '');
}

// A sheet has the room of the panel, unless something is selected.
function closePanel() {
  document.body.classList.toggle('panel-closed', state.view !== 'graph' && !state.selected);
}

// Show the graph at another level; what is selected stays so, if it can be told there.
function rise(name) {
  if (name === graph.name) return;
  const from = graph;
  const first = state.selected?.edge !== undefined ? from.edges[state.selected.edge] : null;
  graph = level(name);
  const moved = (actor) => graph.of(from.members[actor].length ? heaviest(from.members[actor], actor) : actor);
  Object.assign(state, { level: name, ego: state.ego && { ...state.ego, actor: moved(state.ego.actor) },
    pair: state.pair?.map((side) => [...new Set(side.map(moved))]) ?? null });
  if (first) {
    const edge = first.voice ? null : graph.edgeOf.get(first.statements[0]);
    state.selected = edge ? { edge: edge.id } : null;
  } else if (state.selected) state.selected = { actor: moved(state.selected.actor) };
  if (state.selected?.actor !== undefined && !graph.node.has(state.selected.actor)) state.selected = null;
  revealed.clear();
  drawOnce(() => {
    lay();
    fillLegend();
    fillLevels();
    changed();
    fit(false);
  });
}

// Of the actors that one stands for, itself if it is among them, else the one that says and is said most.
function heaviest(members, self) {
  if (level('actor').node.has(self)) return self;
  return members.reduce((best, actor) => (weightOf(actor, level('actor')) > weightOf(best, level('actor')) ? actor : best));
}

function fillLevels() {
  for (const button of document.querySelectorAll('#levels button')) button.setAttribute('aria-pressed', String(button.dataset.level === graph.name));
}

// The view stands in the address after '#', so that it can be sent: actors by IRI, edges by one of their statements.
const BESIDE = ['one', 'other'];  // further actors of each side of a pair
const SETS = ['predicates', 'polarities', 'modalities', 'tellings'];
function writeAddress() {
  const view = new URLSearchParams();
  const id = (actor) => (actor === OWN_VOICE ? 'own' : actors[actor].id);
  if (state.level !== 'actor') view.set('level', state.level);
  if (state.view !== 'graph') view.set('view', state.view);
  (state.pair ?? []).forEach(([actor, ...others], side) => {
    view.append('pair', id(actor));
    for (const other of others) view.append(BESIDE[side], id(other));
  });
  if (state.article !== null) view.set('article', documents[state.article].id);
  if (state.selected?.actor !== undefined) view.set('actor', id(state.selected.actor));
  if (state.selected?.edge !== undefined) {
    const edge = graph.edges[state.selected.edge];
    view.set(edge.voice ? 'voice' : 'statement', statements[edge.statements[0]].id);
  }
  if (state.ego) view.set('near', `${state.ego.steps} ${id(state.ego.actor)}`);
  for (const key of SETS) if (state[key].size) view.set(key, [...state[key]].join(' '));
  for (const actor of state.speakers) view.append('speaker', id(actor));
  for (const outlet of state.outlets) view.append('outlet', outlet);
  for (const key of ['from', 'to']) if (state[key]) view.set(key, state[key]);
  if (state.confidence) view.set('confidence', state.confidence);
  if (!state.voices) view.set('voices', 'off');
  if (state.theme) view.set('theme', state.theme);
  try {
    history.replaceState(null, '', `#${view}`);
  } catch {
    // A page inside a notebook has no address of its own.
  }
}

// Take the state from an address; what it names and is not here is left out. Gives what to select.
function readAddress(address) {
  const view = new URLSearchParams(address);
  const numbers = new Map(actors.map((actor, number) => [actor.id, number]));
  const day = (key) => (/^\d{4}-\d{2}-\d{2}$/.test(view.get(key)) ? view.get(key) : null);
  if (LEVELS.includes(view.get('level'))) graph = level(state.level = view.get('level'));
  for (const key of SETS) state[key] = new Set((view.get(key) ?? '').split(' ').filter(Boolean));
  state.speakers = new Set(view.getAll('speaker').map((id) => (id === 'own' ? OWN_VOICE : numbers.get(id))).filter((actor) => actor !== undefined));
  state.outlets = new Set(view.getAll('outlet').filter((outlet) => documents.some(({ publisher }) => (publisher ?? '') === outlet)));
  Object.assign(state, { from: day('from'), to: day('to'), confidence: Math.min(Math.max(Number(view.get('confidence')) || 0, 0), 0.95),
    voices: view.get('voices') !== 'off', theme: ['light', 'dark'].includes(view.get('theme')) ? view.get('theme') : null });
  const [, steps, centre] = /^([12]) (.+)$/.exec(view.get('near') ?? '') ?? [];
  state.ego = numbers.has(centre) ? { actor: graph.of(numbers.get(centre)), steps: Number(steps) } : null;
  const pair = view.getAll('pair').map((id, side) => [...new Set([id, ...view.getAll(BESIDE[side])].map((other) => numbers.get(other)).filter((actor) => actor !== undefined).map(graph.of))])
    .filter((actors) => actors.length);
  const article = documents.findIndex(({ id }) => id === view.get('article'));
  if (view.get('view') === 'table') state.view = 'table';
  if (view.get('view') === 'pair' && pair.length === 2) Object.assign(state, { view: 'pair', pair });
  if (view.get('view') === 'article' && article >= 0) Object.assign(state, { view: 'article', article });
  if (numbers.has(view.get('actor'))) return { actor: numbers.get(view.get('actor')) };
  const wanted = view.get('statement') ?? view.get('voice');
  const edge = graph.edges.find((candidate) => wanted && candidate.voice === view.has('voice')
    && candidate.statements.some((number) => statements[number].id === wanted));
  return edge ? { edge: edge.id } : null;
}

network.on('click', ({ pointer }) => {
  const actor = network.getNodeAt(pointer.DOM);
  const edge = network.getEdgeAt(pointer.DOM);
  select(actor !== undefined ? { actor } : edge !== undefined ? { edge } : null);
});

document.addEventListener('keydown', (event) => {
  const typing = event.target.matches?.('input');
  if (event.key === '/' && !typing) {
    event.preventDefault();
    query.focus();
  } else if (event.key === 'Escape' && menu.open) closeMenu();
  else if (event.key === 'Escape' && !wide.matches && filters.contains(event.target)) {
    openFilters(false);
    toggle.focus();
  } else if (event.key === 'Escape' && state.view !== 'graph') look('graph');
  else if (event.key === 'Escape' && state.selected) select(null);
});

function pressed(id, key, act) {
  document.getElementById(id).addEventListener('click', (event) => {
    const value = event.target.closest('button')?.dataset[key];
    if (value) act(value);
  });
}
pressed('zoom', 'zoom', zoom);
pressed('views', 'view', (view) => look(view));
pressed('levels', 'level', rise);
const menu = document.getElementById('save');
function closeMenu() {
  menu.open = false;
  menu.querySelector('summary').focus();
}
pressed('save', 'save', (what) => {
  closeMenu();
  ({ png: savePng, svg: saveSvg, csv: saveTable })[what]();
});

const toggle = document.getElementById('filter-toggle');
function openFilters(open) {
  document.body.classList.toggle('filters-closed', !open);
  toggle.setAttribute('aria-expanded', String(open));
}
toggle.addEventListener('click', () => openFilters(document.body.classList.contains('filters-closed')));

document.getElementById('theme').addEventListener('click', () => {
  state.theme = isDark() ? 'light' : 'dark';
  applyTheme();
  redraw();
  writeAddress();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  applyTheme();
  redraw();
});

// Not by the address after '#', which has the view.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  document.getElementById('panel').focus();
});

filters.addEventListener('submit', (event) => event.preventDefault());
const wide = matchMedia('(min-width: 1100px)');
openFilters(wide.matches);
if (matchMedia('(min-width: 760px) and (min-height: 700px)').matches) document.getElementById('legend').open = true;
const first = readAddress(location.hash.slice(1) || data.start || '');
state.selected = first?.actor !== undefined ? { actor: graph.of(first.actor) } : first;
applyTheme();
settle();
fillPanel();
// Search and panel answer before the graph is drawn.
const whenIdle = window.requestIdleCallback ?? setTimeout;
whenIdle(() => {
  drawOnce(() => {
    lay();
    fillLevels();
    fillFilters();
    fillLegend();
    fillRest();
    network.setSize();  // now that the histogram has taken its room
    fit(false);
    if (state.selected) show(state.selected);
  });
  window.kg = { data: { ...data, statements }, network, select, look, state, get graph() { return graph; } };  // for the console
  document.documentElement.dataset.ready = 'yes';
});
