// What a page can do that a server gives: find what it does not hold itself, and lead there.

const away = { text: '', found: [], told: '', timer: 0, asking: null };
const place = new URLSearchParams(location.search);

function farHits({ actors: named, sentences }) {
  const ids = new Set(actors.map((actor) => actor.id));
  const known = new Set(statements.map((statement) => statement.id));
  const read = new Set(statements.map((statement) => statement.evidence?.[1]));
  const wanted = folded(away.text).trim();  // the page offers what has it as it stands; the server, what has its words
  return [
    ...named.filter(({ id }) => !ids.has(id)).slice(0, 8)
      .map(({ name, type, weight, address }) => ({ address, icon: glyph(type), text: name, note: `elsewhere · ${weight.toLocaleString('en')}` })),
    ...sentences.filter(({ statement, text }) => !(known.has(statement) || read.has(text)) || !folded(text).includes(wanted)).slice(0, 8)
      .map(({ text, address }) => ({ address, icon: el('span', { class: 'quotes' }, '“'), text: around(text, wanted), note: read.has(text) ? '' : 'elsewhere' })),
  ];
}

async function ask(text) {
  away.asking = new AbortController();
  const { signal } = away.asking;
  try {
    const answer = await fetch(`/search?${new URLSearchParams({ q: text })}`, { signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const found = await answer.json();
    if (signal.aborted) return;
    Object.assign(away, { found: farHits(found), told: '' });
  } catch {
    if (signal.aborted) return;
    Object.assign(away, { found: [], told: 'The server does not answer: only this page is searched.' });
  }
  if (document.activeElement !== query) return;
  const was = active;
  offer();
  if (was >= 0) mark(was);
}

function linkTo(path, parameters, fragment, text) {
  return el('p', { class: 'elsewhere' }, el('a', { href: `${path}?${new URLSearchParams(parameters)}${fragment ? `#${new URLSearchParams(fragment)}` : ''}` }, text));
}

Object.assign(served, {
  hits(text) {
    if (text === away.text) return away.found;
    clearTimeout(away.timer);
    away.asking?.abort();
    Object.assign(away, { text, found: [], told: text.trim() ? 'Searching the rest of the folder …' : '' });
    if (text.trim()) away.timer = setTimeout(() => ask(text), 150);
    return [];
  },
  told: () => away.told,
  ofActor(number) {
    const { id } = actors[number];
    if (!data.served[number] || place.get('actor') === id) return null;
    return linkTo('/', { actor: id }, { actor: id }, `All around it: ${plural(data.served[number], 'statement')} of the folder`);
  },
  ofArticle: ({ id }) => linkTo('/article', { id }, null, 'The whole text, and all that was found in it'),
  ofEdge({ from, to }) {
    if (from === to || !data.served[from] || !data.served[to] || location.pathname === '/pair') return null;
    return linkTo('/pair', { a: actors[from].id, b: actors[to].id }, null, 'All statements of the folder that both are in');
  },
});

document.querySelector('.actions').prepend(
  ...(location.pathname === '/' && !place.has('actor') ? [] : [el('a', { href: '/' }, 'Overview')]),
  el('a', { href: '/query' }, 'SPARQL'));
