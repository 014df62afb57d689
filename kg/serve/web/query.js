// The query page: a named query to start from, the query, its answer as a table. Answers are set as text.
'use strict';

const { first, queries, prefixes } = JSON.parse(document.getElementById('data').textContent);
const at = (id) => document.getElementById(id);
const SHOWN = 1000;  // rows of an answer; a download has all
let asked = 0;

function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function tell(text, isWrong = false) {
  at('told').textContent = text;
  at('told').classList.toggle('wrong', isWrong);
}

// An IRI by the longest prefix that begins it, where what is left is a plain name.
function shortened(iri) {
  const [prefix, namespace] = Object.entries(prefixes).filter(([, start]) => iri.startsWith(start))
    .reduce((best, next) => (next[1].length > best[1].length ? next : best), ['', '']);
  const name = iri.slice(namespace.length);
  return prefix && /^[\p{L}\p{N}_.-]+$/u.test(name) ? `${prefix}:${name}` : `<${iri}>`;
}

function cell(term) {
  if (!term) return '';
  if (term.type !== 'uri') return el('bdi', {}, term.value);
  return term.value.startsWith(prefixes.ent) ? el('a', { href: `/?${new URLSearchParams({ actor: term.value })}` }, shortened(term.value))
    : shortened(term.value);
}

function table({ head, results }) {
  const columns = head.vars ?? [];
  return el('table', {},
    el('thead', {}, el('tr', {}, ...columns.map((name) => el('th', { scope: 'col' }, name)))),
    el('tbody', {}, ...results.bindings.slice(0, SHOWN).map((row) => el('tr', {}, ...columns.map((name) => el('td', {}, cell(row[name])))))));
}

async function save(link, text, accept) {
  const answer = await fetch('/sparql', { method: 'POST', headers: { Accept: accept }, body: new URLSearchParams({ query: text }) });
  if (!answer.ok) return tell(await answer.text(), true);
  const file = URL.createObjectURL(await answer.blob());
  el('a', { href: file, download: link.getAttribute('download') }).click();
  return setTimeout(() => URL.revokeObjectURL(file), 1000);
}

async function run() {
  const number = asked += 1;
  const text = at('text').value;
  const began = performance.now();
  at('run').disabled = true;
  tell('Asking …');
  try {
    const answer = await fetch('/sparql', { method: 'POST',
      headers: { Accept: 'application/sparql-results+json, text/turtle;q=0.9' }, body: new URLSearchParams({ query: text }) });
    const said = await answer.text();
    if (number !== asked) return;
    at('answer').replaceChildren();
    document.querySelector('.downloads').hidden = true;
    if (!answer.ok) tell(said.trim(), true);
    else show(said, answer.headers.get('Content-Type') ?? '', ((performance.now() - began) / 1000).toFixed(2));
  } catch {
    if (number === asked) tell('The server does not answer.', true);
  } finally {
    if (number === asked) at('run').disabled = false;
  }
}

function show(said, kind, seconds) {
  if (!kind.includes('json')) {
    at('answer').append(el('pre', {}, said));
    tell(`${seconds} s`);
    return;
  }
  const found = JSON.parse(said);
  if (typeof found.boolean === 'boolean') {
    tell(`${found.boolean ? 'Yes' : 'No'} (${seconds} s)`);
    return;
  }
  const rows = found.results.bindings.length;
  at('answer').append(table(found));
  document.querySelector('.downloads').hidden = false;
  tell(`${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}${rows > SHOWN ? `, of which ${SHOWN} are shown` : ''} (${seconds} s)`);
}

function choose() {
  const query = queries.find(({ name }) => name === at('named').value);
  at('text').value = query?.text ?? first;
  at('summary').textContent = query?.summary ?? '';
}

at('named').append(...queries.map(({ name, summary }) => el('option', { value: name, title: summary }, name)));
at('named').addEventListener('change', choose);
at('run').addEventListener('click', run);
at('text').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (!at('run').disabled) run();
  }
});
for (const [id, accept] of [['csv', 'text/csv'], ['json', 'application/sparql-results+json']]) {
  at(id).href = '#';
  at(id).addEventListener('click', (event) => {
    event.preventDefault();
    save(at(id), at('text').value, accept);
  });
}
choose();
document.documentElement.dataset.ready = 'yes';
