// Joins the parts: selection, address, keys, first drawing.

function select(at) {
  state.selected = at;
  fillPanel();
  if (at) show(at); else redraw();
  writeAddress();
}

function changed() {
  const count = document.getElementById('filter-count');
  count.textContent = String(filtered());
  count.hidden = !filtered();
  redraw();
  fillPanel();
  writeAddress();
}

// The view stands in the address after '#', so that it can be sent: actors by IRI, edges by one of their statements.
function writeAddress() {
  const view = new URLSearchParams();
  if (state.selected?.actor !== undefined) view.set('actor', actors[state.selected.actor].id);
  if (state.selected?.edge !== undefined) {
    const edge = data.edges[state.selected.edge];
    view.set(edge.voice ? 'voice' : 'statement', statements[edge.statements[0]].id);
  }
  for (const key of ['predicates', 'polarities', 'modalities']) if (state[key].size) view.set(key, [...state[key]].join(' '));
  if (state.confidence) view.set('confidence', state.confidence);
  if (!state.voices) view.set('voices', 'off');
  if (state.theme) view.set('theme', state.theme);
  try {
    history.replaceState(null, '', `#${view}`);
  } catch {
    // A page inside a notebook has no address of its own.
  }
}

function readAddress() {
  const view = new URLSearchParams(location.hash.slice(1));
  for (const key of ['predicates', 'polarities', 'modalities']) {
    state[key].clear();
    for (const value of (view.get(key) ?? '').split(' ')) if (value) state[key].add(value);
  }
  state.confidence = Math.min(Math.max(Number(view.get('confidence')) || 0, 0), 0.95);
  state.voices = view.get('voices') !== 'off';
  state.theme = ['light', 'dark'].includes(view.get('theme')) ? view.get('theme') : null;
  const actor = actors.findIndex((candidate) => candidate.id === view.get('actor'));
  const wanted = view.get('statement') ?? view.get('voice');
  const edge = data.edges.find((candidate) => wanted && Boolean(candidate.voice) === view.has('voice')
    && candidate.statements.some((number) => statements[number].id === wanted));
  return actor >= 0 ? { actor } : edge ? { edge: edge.id } : null;
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
  } else if (event.key === 'Escape' && state.selected) select(null);
});

document.getElementById('zoom').addEventListener('click', (event) => {
  const step = event.target.closest('button')?.dataset.zoom;
  if (step) zoom(step);
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

filters.addEventListener('submit', (event) => event.preventDefault());
openFilters(matchMedia('(min-width: 1100px)').matches);
if (matchMedia('(min-width: 760px) and (min-height: 700px)').matches) document.getElementById('legend').open = true;
const first = readAddress();
applyTheme();
fillFilters();
fillLegend();
changed();
fit(false);
if (first) select(first);
window.kg = { data, network, select, state };  // for the console
document.documentElement.dataset.ready = 'yes';
