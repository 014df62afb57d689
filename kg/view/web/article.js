// An article with what was found in it, in place: its words marked, and beside each paragraph a note for each statement
// that begins there. Of an article whose text the page does not hold, the sentences that statements rest on.

const reading = { at: null, pieces: [] };  // the statement that is looked at, and the words marked: {mark, kinds}

function inArticle(statement) {
  return el('button', { type: 'button', class: 'way', onclick: () => {
    reading.at = statement.number;
    look('article', { article: statement.document });
    light(reading.at);
    document.querySelector('#sheet mark.lit')?.scrollIntoView({ block: 'center' });
  } }, 'In the article');
}

// The words of a statement at their places: [kind, from, to, text], offsets in code points.
function placesOf(statement) {
  const spans = [['source', statement.source], ['cue', statement.cue], ...statement.named.map((span) => ['named', span]), ...statement.content.map((span) => ['content', span])]
    .filter(([, span]) => span).map(([kind, span]) => [kind, ...span]);
  const [start, text] = statement.evidence ?? [];
  return statement.evidence ? [['evidence', start, start + Array.from(text).length, text], ...spans] : spans;
}

// What the page holds of a text: its code points by place, and the stretches to show, which are paragraphs or sentences.
function textOf(number, found) {
  const { text } = documents[number];
  const signs = text === undefined ? [] : Array.from(text);
  if (text === undefined) for (const [, from, , words] of found.flatMap(placesOf)) Array.from(words ?? '').forEach((sign, at) => { signs[from + at] = sign; });
  const stretches = [];
  for (const at of signs.keys()) {
    if (signs[at] === undefined || (text !== undefined && signs[at] === '\n')) continue;
    const last = stretches.at(-1);
    if (last?.to === at) last.to++;
    else stretches.push({ from: at, to: at + 1 });
  }
  return { signs, whole: text !== undefined, stretches };
}

// Cut a stretch where marks begin and end; each piece knows which statements mark it, and as what.
function piecesOf({ from, to }, signs, places) {
  const inside = places.filter((place) => place.from < to && place.to > from);
  const cuts = [...new Set([from, to, ...inside.flatMap((place) => [Math.max(place.from, from), Math.min(place.to, to)])])].sort((a, b) => a - b);
  return cuts.slice(1).map((end, index) => {
    const kinds = new Map();
    for (const place of inside) {
      if (place.from <= cuts[index] && place.to >= end) kinds.set(place.number, [...(kinds.get(place.number) ?? []), place.kind]);
    }
    const text = signs.slice(cuts[index], end).join('');
    if (!kinds.size) return document.createTextNode(visible(text));
    const mark = el('mark', { 'data-from': cuts[index], 'data-to': end, onclick: () => pass(kinds) }, text);
    reading.pieces.push({ mark, kinds });
    return mark;
  });
}

// Show the marks of one statement, or of all.
function light(number) {
  for (const { mark, kinds } of reading.pieces) {
    const own = number === null ? new Set([...kinds.values()].flat()) : new Set(kinds.get(number));
    own.delete(number === null ? 'evidence' : '');
    mark.className = [...own, ...(number !== null && own.size ? ['lit'] : [])].join(' ');
    mark.title = [...own].filter((kind) => MARKS[kind]).map((kind) => MARKS[kind]).join(', ');
  }
  for (const note of document.querySelectorAll('#sheet .note')) note.setAttribute('aria-pressed', String(Number(note.dataset.statement) === reading.at));
}

// A click on words goes through the statements that mark them, the narrowest first.
function pass(kinds) {
  const order = [...kinds.keys()].sort((a, b) => (kinds.get(b).some((kind) => kind !== 'evidence') - kinds.get(a).some((kind) => kind !== 'evidence')) || a - b);
  check(statements[order[(order.indexOf(reading.at) + 1) % order.length]]);
}

// Look at a statement here and in the panel.
function check(statement) {
  reading.at = statement.number;
  const target = home(statement);
  if (target) {
    select(target);
    const panel = document.getElementById('panel');
    for (const list of panel.querySelectorAll('.cards')) list.reach?.((item) => item === statement);
    const shown = document.getElementById(`statement-${statement.number}`);
    shown?.classList.add('picked');
    shown?.scrollIntoView({ block: 'nearest' });
  }
  light(statement.number);
}

const SIGNS = { '1': '▲', '0': '●', '-1': '▼' };
function note(statement) {
  const { claimed } = inShort(statement);
  const sign = statement.predicate ? String(signOf(statement)) : 'voice';
  return el('li', {}, el('button', { type: 'button', class: statement.modality === 'actual' && !statement.negated ? 'note' : 'note unreal', 'data-polarity': sign, 'data-statement': statement.number,
    'aria-pressed': 'false', title: claimed, onclick: () => check(statement),
    onpointerenter: () => light(statement.number), onpointerleave: () => light(reading.at), onfocus: () => light(statement.number), onblur: () => light(reading.at) },
  el('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[sign] ?? '“'), el('span', { class: 'claimed' }, el('bdi', {}, claimed)),
  el('span', { class: 'count', title: 'confidence' }, statement.confidence.toFixed(2))));
}

function articleHead(number, found, shown, whole) {
  const article = documents[number];
  const address = webAddress(article.url);
  const counts = [[shown.filter((statement) => statement.predicate).length, 'relation'], [shown.filter((statement) => !statement.predicate).length, 'saying without a relation', 'sayings without a relation']];
  return el('header', { class: 'heading' },
    el('button', { type: 'button', class: 'close', 'aria-label': 'Back to the graph', onclick: () => look('graph') }, '×'),
    el('h2', { dir: 'auto' }, article.title || article.id),
    el('p', { class: 'soft' }, [article.publisher, dateName(article.published)].filter(Boolean).flatMap((text, at) => [at ? ', ' : '', el('bdi', {}, text)]),
      address ? [' · ', el('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, 'Original')] : article.url ? [' · ', el('bdi', {}, article.url)] : ''),
    el('p', { class: 'soft' }, `${plural(shown.length, 'statement')}: `, counts.filter(([count]) => count).map(([count, ...names]) => plural(count, ...names)).join(', ') || 'none',
      found.length > shown.length ? `. The filters leave out ${(found.length - shown.length).toLocaleString('en')}.` : '.',
      whole ? '' : ' This page does not hold the text, only the sentences that statements rest on, with their places in it.'),
    marksKey());
}

SHEETS.article = () => {
  const found = statements.filter((statement) => statement.document === state.article);
  const shown = found.filter(passes);
  const { signs, whole, stretches } = textOf(state.article, found);
  const places = shown.flatMap((statement) => placesOf(statement).map(([kind, from, to]) => ({ kind, from, to, number: statement.number })));
  const starts = new Map(shown.map((statement) => [statement, Math.min(...placesOf(statement).map(([, from]) => from), Infinity)]));
  const order = [...shown].sort((a, b) => starts.get(a) - starts.get(b) || a.number - b.number);
  reading.pieces = [];
  if (!shown.some((statement) => statement.number === reading.at)) reading.at = null;
  const noted = (from, to) => order.filter((statement) => starts.get(statement) >= from && starts.get(statement) < to).map(note);
  const rows = stretches.map((stretch, at) => {
    const notes = noted(at ? stretch.from : 0, stretches[at + 1]?.from ?? Infinity);
    return [whole || stretch.from - (stretches[at - 1]?.to ?? 0) < 3 ? null : el('p', { class: 'gap', title: 'words left out' }, '…'),
      el('div', { class: 'stretch' }, el('div', {}, whole ? null : el('span', { class: 'offset' }, `${stretch.from.toLocaleString('en')}–${stretch.to.toLocaleString('en')}`),
        el('p', { class: 'text', dir: 'auto' }, piecesOf(stretch, signs, places))), notes.length ? el('ul', { class: 'notes' }, notes) : null)];
  });
  const nowhere = order.filter((statement) => starts.get(statement) === Infinity).map(note);
  queueMicrotask(() => light(reading.at));
  return [el('div', { class: 'read' }, articleHead(state.article, found, shown, whole), rows,
    stretches.length ? null : el('p', { class: 'none' }, 'Nothing is known of its words.'), nowhere.length ? el('ul', { class: 'notes' }, nowhere) : null)];
};
