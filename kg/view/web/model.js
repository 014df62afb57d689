// The data of the page and what can be asked of it. Texts from articles are set as text, never as markup.

const data = JSON.parse(document.getElementById('data').textContent);
const { actors, documents, relations } = data;

// Objects of lists as lists of objects, without what is null.
function rowsOf(columns) {
  const rows = [];
  for (const [key, values] of Object.entries(columns)) {
    values.forEach((value, index) => {
      rows[index] ??= {};
      if (value !== null) rows[index][key] = value;
    });
  }
  return rows;
}
const statements = rowsOf(data.statements);
const nameOf = (actor) => actors[actor].name || actors[actor].id;
// The attitude that a statement has: 1, 0 or -1.
const signOf = (statement) => (statement.negated ? 0 : statement.polarity ?? 0);

statements.forEach((statement, number) => {
  // What does not apply is left out of the data; sentences are kept once.
  for (const key of ['speaker', 'subject', 'object', 'predicate', 'topic', 'polarity', 'quote', 'time', 'cue', 'source', 'basis']) statement[key] ??= null;
  for (const key of ['via', 'content', 'named']) statement[key] ??= [];
  statement.negated ??= false;
  statement.modality ??= 'actual';
  statement.evidence = data.sentences[statement.evidence] ?? null;
  statement.number = number;
  statement.day = /^\d{4}-\d{2}-\d{2}/.exec(documents[statement.document].published ?? '')?.[0] ?? null;
});

const LEVELS = ['actor', 'government', 'country'];
const LEVEL_NAMES = { actor: 'Actors', government: 'Governments', country: 'Countries' };

// The graph at a level: nodes are actors by number, alone or standing for others. Indexes are lists by actor.
function graphAt(name) {
  const { shifts, of } = data.levels[name];
  const [nodes, edges] = [rowsOf(data.levels[name].nodes), rowsOf(data.levels[name].edges)];
  const lists = () => actors.map(() => []);
  const graph = { name, nodes, edges, shifts, of: (actor) => (actor === null ? null : of?.[actor] ?? actor), node: new Map(nodes.map((node) => [node.id, node])),
    lines: edges.map(({ from, to, bend }) => ({ from, to, smooth: bend ? { enabled: true, type: 'curvedCW', roundness: bend } : false })),
    edgesOf: lists(), saidBy: lists(), aboutOf: lists(), members: lists(), edgeOf: new Map() };
  edges.forEach((edge, id) => {
    edge.id = id;
    graph.edgesOf[edge.from].push(edge);
    if (edge.to !== edge.from) graph.edgesOf[edge.to].push(edge);
    edge.voice ??= false;
    // What all its statements share: at higher levels an edge merges several relations of one attitude.
    const common = (of) => edge.statements.reduce((value, number) => (of(statements[number]) === value ? value : null), of(statements[edge.statements[0]]));
    Object.assign(edge, { predicate: common(({ predicate }) => predicate), modality: common(({ modality }) => modality) ?? 'actual', negated: common(({ negated }) => negated) ?? false,
      polarity: edge.voice ? 'voice' : String(signOf(statements[edge.statements[0]])) });
    if (!edge.voice) for (const number of edge.statements) graph.edgeOf.set(number, edge);
  });
  actors.forEach((_, number) => graph.of(number) !== number && graph.members[graph.of(number)].push(number));
  for (const statement of statements) {
    if (statement.speaker !== null) graph.saidBy[graph.of(statement.speaker)].push(statement);
    for (const actor of new Set([graph.of(statement.subject), graph.of(statement.object)])) {
      if (actor !== null) graph.aboutOf[actor].push(statement);
    }
  }
  return graph;
}
const graphs = new Map();
function level(name) {
  if (!graphs.has(name)) graphs.set(name, graphAt(name));
  return graphs.get(name);
}
let graph = level('actor');  // the one that is shown

// How often an actor speaks or is spoken of.
const weightOf = (actor, at = graph) => at.saidBy[actor].length + at.aboutOf[actor].length;

// Orders edges the way people look for them: heaviest first.
const byWeight = (a, b) => b.count - a.count || a.id - b.id;

const MODALITIES = ['actual', 'possible', 'planned', 'conditional', 'requested'];
const POLARITIES = { '1': 'for', '0': 'neither', '-1': 'against' };
const TYPES = ['Person', 'Government', 'Country', 'Organization', 'Military', 'ArmedGroup', 'Media', 'Party', 'Place',
  'Group', 'Other'];
const TYPE_NAMES = { ArmedGroup: 'Armed group' };

// What a page that a server gives does beyond its own data; served.js fills it in.
const served = { hits: () => [], told: () => '', ofActor: () => null, ofArticle: () => null, ofEdge: () => null };

// What the reader chose. `selected` is null, {actor: number} or {edge: number}, at the level shown.
const state = {
  level: 'actor',
  view: 'graph',           // or 'table', or, with `pair` and `article`, these
  pair: null,              // two lists of actors
  article: null,           // the number of a document
  selected: null,
  ego: null,               // {actor, steps}: only what lies so near
  predicates: new Set(),   // switched off, like the next three
  polarities: new Set(),
  modalities: new Set(),
  tellings: new Set(),
  speakers: new Set(),     // only these, if any, like the next: actors by number, or OWN_VOICE
  outlets: new Set(),
  from: null,              // first and last day
  to: null,
  confidence: 0,
  voices: true,
  theme: null,             // 'light', 'dark' or null: as the system says
};
const OWN_VOICE = -1;
// Whether an article states something itself, or someone in it claims so.
const TELLINGS = { stated: 'stated by the article', claimed: 'claimed by someone' };
const tellingOf = (statement) => (statement.speaker === null ? 'stated' : 'claimed');

// How to fill the sheet that lies over the graph, by view: functions that give elements.
const SHEETS = {};

// Direction controls can make text look like other text: they are shown by their number instead of acted upon.
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g;
function visible(text) {
  return String(text ?? '').replace(HIDDEN, (sign) => `[U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`);
}

function shortened(text, most) {
  const signs = Array.from(visible(text).replace(/\s+/g, ' '));
  return signs.length > most ? `${signs.slice(0, most - 1).join('')}…` : signs.join('');
}

// Make an element. Strings become text; `on...` keys listeners; false, null and undefined are left out.
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== false && child !== undefined)
    .map((child) => (child instanceof Node ? child : visible(child))));
  return element;
}

function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// Only web addresses become links; anything else in an article's data stays text.
function webAddress(text) {
  try {
    const address = new URL(text);
    return ['http:', 'https:'].includes(address.protocol) ? address.href : null;
  } catch {
    return null;  // not an address at all
  }
}

// Whether a statement passes the filters, those of time aside.
function passesBut(statement) {
  return statement.confidence >= state.confidence
    && !state.modalities.has(statement.negated ? 'negated' : statement.modality)
    && !state.tellings.has(tellingOf(statement))
    && !(statement.predicate && state.predicates.has(statement.predicate))
    && !state.polarities.has(String(statement.polarity ?? 0))
    && !(state.speakers.size && !state.speakers.has(statement.speaker ?? OWN_VOICE))
    && !(state.outlets.size && !state.outlets.has(documents[statement.document].publisher ?? ''));
}

function inTime(statement) {
  return (!state.from || (statement.day !== null && statement.day >= state.from)) && (!state.to || (statement.day !== null && statement.day <= state.to));
}

// Settle once for each state which statements pass, how many of each edge, and which actors lie near enough.
function settle() {
  for (const statement of statements) {
    statement.early = passesBut(statement);
    statement.passes = statement.early && inTime(statement);
  }
  for (const edge of graph.edges) {
    edge.count = edge.voice && !state.voices ? 0 : edge.statements.filter((number) => statements[number].passes).length;
  }
  graph.near = near(state.ego);
  if (graph.near) for (const edge of graph.edges) if (!graph.near.has(edge.from) || !graph.near.has(edge.to)) edge.count = 0;
}

// The actors within so many steps of one; null if all are shown.
function near(ego) {
  if (!ego) return null;
  const found = new Set([ego.actor]);
  for (let step = 0; step < ego.steps; step++) {
    for (const actor of [...found]) {
      for (const edge of graph.edgesOf[actor]) if (edge.count) found.add(edge.from).add(edge.to);
    }
  }
  return found;
}

const passes = (statement) => statement.passes;

function passing(edge) {
  return edge.count ? edge.statements.map((number) => statements[number]).filter(passes) : [];
}

const filtered = () => state.predicates.size + state.polarities.size + state.modalities.size + state.tellings.size
  + state.speakers.size + state.outlets.size + (state.from || state.to ? 1 : 0) + (state.ego ? 1 : 0)
  + (state.confidence > 0) + (state.voices ? 0 : 1);

function typeName(type) {
  return TYPE_NAMES[type] ?? type;
}

function relationName(statement) {
  return (statement.negated ? 'not: ' : '') + statement.predicate;
}

function edgeName(edge) {
  return edge.predicate ? relationName(edge) : { '1': 'for', '-1': 'against', '0': 'of' }[edge.polarity];
}

function edgeLabel(edge) {
  if (edge.voice) return '';
  const modality = edge.modality === 'actual' ? '' : ` (${edge.modality})`;
  return visible(edgeName(edge) + modality + (edge.count > 1 ? ` ×${edge.count}` : ''));
}

// Not by the browser's own tables of languages, which take long to load.
const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'];

function plural(count, one, many = `${one}s`) {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

function dateName(iso) {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? '');
  return found && MONTHS[found[2] - 1] ? `${Number(found[3])} ${MONTHS[found[2] - 1]} ${found[1]}` : iso ?? '';
}

// Cut the evidence where source, cue and content begin and end: [{text, kinds}].
function pieces(statement) {
  const [start, text] = statement.evidence;
  const signs = Array.from(text);  // offsets count code points
  const marks = [['source', statement.source], ['cue', statement.cue], ...statement.named.map((span) => ['named', span]),
    ...statement.content.map((span) => ['content', span])]
    .filter(([, span]) => span)
    .map(([kind, [from, to]]) => ({ kind, from: from - start, to: to - start }))
    .map((mark) => ({ ...mark, from: Math.max(mark.from, 0), to: Math.min(mark.to, signs.length) }))
    .filter((mark) => mark.from < mark.to);
  const cuts = [...new Set([0, signs.length, ...marks.flatMap((mark) => [mark.from, mark.to])])].sort((a, b) => a - b);
  return cuts.slice(1).map((to, index) => ({
    text: signs.slice(cuts[index], to).join(''),
    kinds: marks.filter((mark) => mark.from <= cuts[index] && mark.to >= to).map((mark) => mark.kind),
  }));
}

// The words of a span, which the evidence has if they are not its own.
function wordsOf({ evidence }, [from, to, words]) {
  return words ?? Array.from(evidence[1]).slice(from - evidence[0], to - evidence[0]).join('');
}

// The words that carry a statement.
function evidenceOf(statement) {
  return statement.evidence?.[1] ?? contentElsewhere(statement).join(' … ');
}

// The quoted words that lie outside the sentence shown.
function contentElsewhere(statement) {
  const [start, end] = statement.evidence ? [statement.evidence[0], statement.evidence[0] + Array.from(statement.evidence[1]).length] : [0, 0];
  return statement.content.filter(([from, to]) => from >= end || to <= start).map(([, , words]) => words);
}
