// The statements that pass as a table, and as CSV.

const names = (...numbers) => numbers.filter((number) => number !== null).map(nameOf).join('; ');

// Columns of the table; `csv` ones are in the file only.
const COLUMNS = [
  { name: 'subject', of: (statement) => names(statement.subject) },
  { name: 'relation', of: (statement) => (statement.predicate ? relationName(statement) : ''), show: (statement) => (statement.predicate
    ? el('span', { class: 'verb', 'data-polarity': signOf(statement) }, relationName(statement)) : '') },
  { name: 'object', of: (statement) => names(statement.object) },
  { name: 'reality', of: (statement) => (statement.negated ? 'negated' : statement.modality) },
  { name: 'speaker', of: (statement) => names(statement.speaker) },
  { name: 'via', of: (statement) => names(...statement.via) },
  { name: 'words', of: evidenceOf, show: (statement) => el('button', { type: 'button', class: 'words',
    onclick: () => reach(statement) }, el('bdi', {}, shortened(evidenceOf(statement), 160))) },
  { name: 'outlet', of: (statement) => documents[statement.document].publisher ?? '' },
  { name: 'date', of: (statement) => statement.day ?? '' },
  { name: 'confidence', of: (statement) => statement.confidence, show: (statement) => statement.confidence.toFixed(2) },
  { name: 'topic', csv: true, of: (statement) => statement.topic ?? '' },
  { name: 'polarity', csv: true, of: (statement) => statement.polarity ?? '' },
  { name: 'rests_on', csv: true, of: (statement) => statement.basis ?? '' },
  { name: 'title', csv: true, of: (statement) => documents[statement.document].title ?? '' },
  { name: 'url', csv: true, of: (statement) => documents[statement.document].url ?? '' },
  { name: 'document', csv: true, of: (statement) => documents[statement.document].id },
  { name: 'id', csv: true, of: (statement) => statement.id },
];
const order = { column: null, down: false };

// Select where a statement can be read, and bring it into sight.
function reach(statement) {
  select(home(statement));
  document.getElementById('panel').focus();
  for (const list of document.querySelectorAll('#panel .cards')) list.reach?.((item) => item === statement);
  document.getElementById(`statement-${statement.number}`)?.scrollIntoView({ block: 'center' });
}

// What passes, and lies near enough to the actor that is looked at, in the order chosen.
function tableRows() {
  const isNear = (actor) => actor === null || graph.near.has(graph.of(actor));
  const rows = statements.filter((statement) => passes(statement)
    && (!graph.near || ((statement.subject ?? statement.object ?? statement.speaker) !== null && [statement.subject, statement.object].every(isNear))));
  const column = COLUMNS.find(({ name }) => name === order.column);
  if (!column) return rows;
  const keyed = rows.map((statement) => [column.of(statement), statement]);
  const compare = (a, b) => (typeof a === 'number' ? a - b : a.localeCompare(b));
  keyed.sort(([a, one], [b, other]) => (a === '') - (b === '') || (order.down ? -compare(a, b) : compare(a, b)) || one.number - other.number);
  return keyed.map(([, statement]) => statement);
}

function headCell({ name }) {
  const chosen = order.column === name;
  return el('th', { scope: 'col', 'aria-sort': chosen ? (order.down ? 'descending' : 'ascending') : null },
    el('button', { type: 'button', 'data-column': name, onclick: () => {
      Object.assign(order, { column: name, down: chosen && !order.down });
      fillSheet();
      document.querySelector(`#sheet [data-column=${name}]`).focus();
    } }, name, el('span', { 'aria-hidden': 'true' }, chosen ? (order.down ? ' ▼' : ' ▲') : '')));
}

function row(statement, columns) {
  return el('tr', {}, columns.map((column) => el('td', { class: column.name, dir: 'auto' }, column.show ? column.show(statement) : column.of(statement))));
}

SHEETS.table = () => {
  const rows = tableRows();
  const columns = COLUMNS.filter(({ csv }) => !csv);
  const body = el('tbody');
  const more = el('button', { type: 'button', class: 'more', onclick: () => body.children[grow()].querySelector('button')?.focus() });
  function grow() {
    const shown = body.children.length;
    body.append(...rows.slice(shown, shown + 100).map((statement) => row(statement, columns)));
    const left = rows.length - body.children.length;
    more.hidden = left <= 0;
    more.textContent = `Show ${Math.min(100, left)} more of ${grouped(left)}`;
    return shown;
  }
  grow();
  return [el('div', { class: 'head' }, el('h2', {}, plural(rows.length, 'statement')), el('button', { type: 'button', class: 'action', onclick: saveTable }, 'Save as CSV')),
    el('div', { class: 'wide' }, el('table', { 'aria-label': 'Statements' }, el('thead', {}, el('tr', {}, columns.map(headCell))), body)), more];
};

// A cell of CSV (RFC 4180). What a spreadsheet would take for a formula is marked as text by an apostrophe before it.
function cell(value) {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvOf(rows) {
  return [COLUMNS.map(({ name }) => name), ...rows.map((statement) => COLUMNS.map((column) => column.of(statement)))]
    .map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

function saveTable() {
  save('statements.csv', new Blob(['\ufeff', csvOf(tableRows())], { type: 'text/csv;charset=utf-8' }));
}
