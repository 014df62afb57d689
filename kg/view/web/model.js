// The data of the page and what can be asked of it. Texts from articles are set as text, never as markup.

const data = JSON.parse(document.getElementById('data').textContent);
const { actors, documents, statements, relations } = data;

// Edges by their number, those of an actor, the statements of an actor by role.
const edgesOf = actors.map(() => []);
for (const edge of data.edges) {
  edgesOf[edge.from].push(edge);
  if (edge.to !== edge.from) edgesOf[edge.to].push(edge);
}
const saidBy = actors.map(() => []);
const aboutOf = actors.map(() => []);
statements.forEach((statement, number) => {
  // What does not apply is left out of the data; sentences are kept once.
  for (const key of ['speaker', 'subject', 'object', 'predicate', 'topic', 'polarity', 'quote', 'time', 'cue', 'source', 'basis']) statement[key] ??= null;
  for (const key of ['via', 'content', 'named']) statement[key] ??= [];
  statement.negated ??= false;
  statement.evidence = data.sentences[statement.evidence] ?? null;
  statement.number = number;
  if (statement.speaker !== null) saidBy[statement.speaker].push(statement);
  for (const actor of new Set([statement.subject, statement.object])) {
    if (actor !== null) aboutOf[actor].push(statement);
  }
});
const edgeOfStatement = new Map();
for (const edge of data.edges) {
  if (!edge.voice) for (const number of edge.statements) edgeOfStatement.set(number, edge);
}
// Orders edges the way people look for them: heaviest first.
const byWeight = (a, b) => b.statements.length - a.statements.length || a.id - b.id;

const MODALITIES = ['actual', 'possible', 'planned', 'conditional', 'requested'];
const POLARITIES = { '1': 'for', '0': 'neither', '-1': 'against' };
const TYPES = ['Person', 'Government', 'Country', 'Organization', 'Military', 'ArmedGroup', 'Media', 'Party', 'Place',
  'Group', 'Other'];
const TYPE_NAMES = { ArmedGroup: 'Armed group' };

// What the reader chose. `selected` is null, {actor: number} or {edge: number}.
const state = {
  selected: null,
  predicates: new Set(),   // switched off
  polarities: new Set(),   // switched off
  modalities: new Set(),   // switched off
  confidence: 0,
  voices: true,
  theme: null,             // 'light', 'dark' or null: as the system says
};

// Direction controls can make text look like other text: they are shown by their number instead of acted upon.
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g;
function visible(text) {
  return String(text ?? '').replace(HIDDEN, (sign) => `[U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`);
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

function passes(statement) {
  return statement.confidence >= state.confidence
    && !state.modalities.has(statement.negated ? 'negated' : statement.modality)
    && !(statement.predicate && state.predicates.has(statement.predicate))
    && !state.polarities.has(String(statement.polarity ?? 0));
}

function passing(edge) {
  if (edge.voice && !state.voices) return [];
  return edge.statements.map((number) => statements[number]).filter(passes);
}

const filtered = () => state.predicates.size + state.polarities.size + state.modalities.size
  + (state.confidence > 0) + (state.voices ? 0 : 1);

function polarityOf(edge) {
  if (edge.voice) return 'voice';
  const statement = statements[edge.statements[0]];
  return statement.negated ? '0' : String(statement.polarity ?? 0);
}

function typeName(type) {
  return TYPE_NAMES[type] ?? type;
}

function relationName(statement) {
  return (statement.negated ? 'not: ' : '') + statement.predicate;
}

function edgeLabel(edge, count) {
  if (edge.voice) return '';
  const statement = statements[edge.statements[0]];
  const modality = statement.modality === 'actual' ? '' : ` (${statement.modality})`;
  return visible(relationName(statement) + modality + (count > 1 ? ` ×${count}` : ''));
}

function plural(count, one, many = `${one}s`) {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

function dateName(iso) {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? '');
  if (!found) return iso ?? '';
  return new Date(Date.UTC(+found[1], found[2] - 1, +found[3]))
    .toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
}

// Cut the evidence where source, cue and content begin and end: [{text, kinds}].
function pieces(statement) {
  const [start, text] = statement.evidence;
  const signs = Array.from(text);  // offsets count code points
  const marks = [['source', statement.source], ['cue', statement.cue], ...statement.named.map((span) => ['named', span]),
    ...statement.content.map((span) => ['content', span])]
    .filter(([, span]) => span)
    .map(([kind, [from, words]]) => ({ kind, from: from - start, to: from - start + Array.from(words).length }))
    .map((mark) => ({ ...mark, from: Math.max(mark.from, 0), to: Math.min(mark.to, signs.length) }))
    .filter((mark) => mark.from < mark.to);
  const cuts = [...new Set([0, signs.length, ...marks.flatMap((mark) => [mark.from, mark.to])])].sort((a, b) => a - b);
  return cuts.slice(1).map((to, index) => ({
    text: signs.slice(cuts[index], to).join(''),
    kinds: marks.filter((mark) => mark.from <= cuts[index] && mark.to >= to).map((mark) => mark.kind),
  }));
}

// The quoted words that lie outside the sentence shown.
function contentElsewhere(statement) {
  if (!statement.evidence) return statement.content.map((span) => span[1]);
  const [start, text] = statement.evidence;
  const end = start + Array.from(text).length;
  return statement.content.filter(([from, words]) => from >= end || from + Array.from(words).length <= start)
    .map((span) => span[1]);
}
