// The panel beside the graph: an overview, an actor's profile, or the evidence of an edge.

const PAGE = 25;  // cards shown before "more"

function actorButton(number, extra = '') {
  const actor = actors[number];
  return el('button', { type: 'button', class: `actor ${extra}`, onclick: () => select({ actor: number }) },
    el('bdi', {}, actor.name || actor.id));
}

function listed(items) {
  return items.flatMap((item, index) => (index ? [', ', item] : [item]));
}

// Where the keyboard goes on in what was added.
function reachable(added) {
  return added[0].matches('button') ? added[0] : added.map((element) => element.querySelector('button, a')).find(Boolean) ?? added[0];
}

// A list that grows by a page at a time.
function growing(items, make, size = PAGE) {
  const list = el('div', { class: 'cards' });
  let shown = 0;
  const more = el('button', { type: 'button', class: 'more', onclick: () => reachable(grow()).focus() });
  function grow() {
    const next = items.slice(shown, shown + size).flatMap(make);
    shown += size;
    more.remove();
    list.append(...next);
    if (shown < items.length) {
      more.textContent = `Show ${Math.min(size, items.length - shown)} more of ${items.length - shown}`;
      list.append(more);
    }
    return next;
  }
  grow();
  list.reach = (wanted) => {
    const at = items.findIndex(wanted);
    while (shown <= at) grow();
  };
  return list;
}

function section(title, count, ...content) {
  return el('section', {}, el('h3', {}, title, count ? el('span', { class: 'count' }, grouped(count)) : null), content);
}

function claim(statement) {
  const sign = signOf(statement);
  if (!statement.predicate) {
    return el('p', { class: 'claim' }, statement.speaker === null ? 'Stated' : [actorButton(statement.speaker), el('span', { class: 'verb' }, ' says')]);
  }
  return el('p', { class: 'claim' },
    statement.subject === null ? el('span', { class: 'unnamed' }, 'someone') : actorButton(statement.subject), ' ',
    el('span', { class: 'verb', 'data-polarity': sign, title: relations[statement.predicate]?.definition },
      statement.negated ? el('span', { class: 'not' }, 'not: ') : null, statement.predicate), ' ',
    statement.object === null ? null : actorButton(statement.object));
}

const MARKS = { source: 'who says it', cue: 'what tells that it is said', content: 'the words said', named: 'an actor of the relation' };

function marksKey() {
  return el('p', { class: 'key' }, Object.entries(MARKS).map(([kind, meaning]) => [el('mark', { class: kind }, meaning), ' ']));
}

function words(statement) {
  const quote = el('blockquote', { dir: 'auto' });
  if (statement.evidence) {
    for (const piece of pieces(statement)) {
      quote.append(piece.kinds.length ? el('mark', { class: piece.kinds.join(' '), title: piece.kinds.map((kind) => MARKS[kind]).join(', ') }, piece.text) : document.createTextNode(visible(piece.text)));
    }
  }
  for (const text of contentElsewhere(statement)) quote.append(el('p', {}, el('mark', { class: 'content' }, text)));
  return quote.childNodes.length ? quote : null;
}

function period(time) {
  const dates = [time.start, time.end].filter(Boolean).map(dateName);
  const span = dates.length === 2 && dates[0] !== dates[1] ? `${dates[0]} to ${dates[1]}`
    : time.start && !time.end ? `from ${dates[0]}` : dates[0];
  return [`“${time.text}”`, span ? ` (${span})` : ''];
}

const BASES = { rule: 'a rule', model: 'the learned model', both: 'a rule and the learned model' };

function fact(name, ...value) {
  return [el('dt', {}, name), el('dd', {}, value)];
}

function facts(statement) {
  const article = documents[statement.document];
  const address = webAddress(article.url);
  const outlet = [article.publisher, dateName(article.published)].filter(Boolean).join(', ');
  return el('dl', {},
    fact('Speaker', statement.speaker === null ? 'the article’s own voice' : actorButton(statement.speaker),
      statement.quote ? `, ${statement.quote} speech` : ''),
    statement.via.length ? fact('Via', listed(statement.via.map((actor) => actorButton(actor)))) : null,
    statement.topic ? fact('About', el('bdi', {}, statement.topic)) : null,
    statement.time ? fact('When', period(statement.time)) : null,
    fact('Source', outlet ? [el('bdi', {}, outlet), el('br')] : null,
      address ? el('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, el('bdi', {}, article.title || address))
        : el('bdi', {}, article.title || article.id)),
    article.url && !address ? fact('Address', el('bdi', {}, article.url)) : null,
    statement.basis ? fact('Rests on', BASES[statement.basis]) : null,
    fact('Confidence', el('span', { class: 'sure' },
      el('meter', { min: 0, max: 1, value: statement.confidence, 'aria-label': 'Confidence' }), statement.confidence.toFixed(2))));
}

function card(statement, { alone = false, place = 'statement' } = {}) {
  const chips = [statement.negated ? 'negated' : null, statement.modality === 'actual' ? null : statement.modality].filter(Boolean);
  return el('article', { class: 'card', 'data-polarity': signOf(statement), id: `${place}-${statement.number}`, tabindex: -1 },
    alone ? null : claim(statement),
    chips.length ? el('p', { class: 'chips' }, chips.map((chip) => el('span', { class: 'chip' }, chip))) : null,
    words(statement), facts(statement), inArticle(statement));
}

// How the line of an edge is drawn beside its words, as in the graph.
function lineKind(edge) {
  return edge.voice || edge.negated ? 'dotted' : edge.modality === 'actual' ? '' : 'dashed';
}

function modalityNote(edge) {
  return edge.voice || edge.modality === 'actual' ? null : el('span', { class: 'soft' }, ` ${edge.modality}`);
}

// One line for an edge, in the profile of one of its ends.
function edgeLine(edge, actor) {
  const other = el('b', {}, el('bdi', {}, actors[edge.from === actor ? edge.to : edge.from].name));
  const relation = edgeName(edge);
  return el('button', { type: 'button', class: 'line', 'data-polarity': edge.polarity, onclick: () => select({ edge: edge.id }) },
    stroke(edge.polarity, lineKind(edge)),
    el('span', { class: 'what' }, edge.voice ? other : edge.from === actor ? [`${relation} `, other] : [other, ` ${relation}`], modalityNote(edge)),
    el('span', { class: 'count' }, String(edge.count)));
}

function heading(...content) {
  return el('div', { class: 'heading' },
    el('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => select(null) }, '×'), content);
}

// Corners of an actor's sign in a box of 16, by its type; the others are discs. As vis-network draws SHAPES of page.py.
const [SQUARE, DIAMOND] = ['2.5,2.5 13.5,2.5 13.5,13.5 2.5,13.5', '8,1 15,8 8,15 1,8'];
const POINTS = { Government: SQUARE, Country: '4.5,2 11.5,2 15,8 11.5,14 4.5,14 1,8', Organization: DIAMOND, Party: DIAMOND,
  Military: '8,1.5 15,14 1,14', ArmedGroup: '1,2 15,2 8,14.5',
  Media: '8,.8 10.1,5.6 15.3,6.1 11.4,9.5 12.6,14.6 8,11.9 3.4,14.6 4.6,9.5 .7,6.1 5.9,5.6' };

function glyph(type, size = 16) {
  const points = POINTS[type];
  return svg('svg', { viewBox: '0 0 16 16', width: size, height: size, class: 'glyph', 'aria-hidden': 'true', 'data-type': type.toLowerCase() },
    points ? svg('polygon', { points }) : svg('circle', { cx: 8, cy: 8, r: 6.5 }));
}

// A code in words, as far as the page knows them.
function codeName(kind, actor) {
  return Object.hasOwn(data.names[kind], actor[kind] ?? '') ? data.names[kind][actor[kind]] : actor[kind];
}

// What else to do with an actor: look at what lies near, or at the actors that it stands for.
function nearSwitch(number) {
  const steps = [[0, 'All'], [1, 'One step'], [2, 'Two steps']];
  const now = state.ego?.actor === number ? state.ego.steps : 0;
  return el('div', { class: 'switch', role: 'group', 'aria-label': 'How far from here' }, steps.map(([step, text]) => el('button',
    { type: 'button', 'aria-pressed': String(step === now), onclick: () => {
      state.ego = step ? { actor: number, steps: step } : null;
      changed();
      document.querySelector('#panel .switch [aria-pressed=true]').focus();
      fit(motion());
    } }, text)));
}

function membersSection(number) {
  const members = graph.members[number];
  if (!members.length) return null;
  const weight = (actor) => weightOf(actor, level('actor'));
  const all = [...(level('actor').node.has(number) ? [number] : []), ...members].sort((a, b) => weight(b) - weight(a) || a - b);
  return section('Counted as one', all.length, growing(all, (actor) => el('button', { type: 'button', class: 'rank', onclick: () => { rise('actor'); select({ actor }); } },
    glyph(actors[actor].type), el('span', { class: 'what' }, el('bdi', {}, nameOf(actor))), el('span', { class: 'count' }, String(weight(actor)))), 6));
}

function listOf(title, edges, number) {
  return edges.length ? section(title, 0, growing(edges, (edge) => edgeLine(edge, number), edges[0].voice ? 6 : 12)) : null;
}

function actorPanel(number) {
  const actor = actors[number];
  const { of } = graph;
  const about = [...new Set([typeName(actor.type), codeName('country', actor), codeName('sector', actor)])].filter(Boolean).join(' · ');
  const own = graph.edgesOf[number].filter((edge) => !edge.voice && edge.count).sort(byWeight);
  const out = own.filter((edge) => edge.from === number);
  const inward = own.filter((edge) => edge.to === number && edge.from !== number);
  const said = graph.saidBy[number].filter(passes);
  const related = said.filter((statement) => statement.predicate && of(statement.subject) !== number);
  const plain = said.filter((statement) => !statement.predicate);
  const open = graph.aboutOf[number].filter((statement) => passes(statement) && statement.predicate && (statement.object === null || statement.subject === null));
  const voices = graph.edgesOf[number].filter((edge) => edge.voice && edge.count).sort(byWeight);
  const others = graph.aboutOf[number].filter((statement) => passes(statement) && of(statement.speaker) !== number);
  const id = /^Q[1-9]\d*$/.test(actor.wikidata ?? '') ? actor.wikidata : null;
  return [
    heading(el('h2', {}, glyph(actor.type, 20), el('bdi', {}, actor.name || actor.id)),
      el('p', { class: 'soft' }, about, id ? [' · ', el('a', { href: `https://www.wikidata.org/wiki/${id}`, target: '_blank', rel: 'noopener noreferrer' }, `Wikidata ${id}`)] : null),
      el('p', { class: 'tallies' }, el('span', {}, el('b', {}, String(said.length)), ' said'), el('span', {}, el('b', {}, String(others.length)), ' said about')),
      nearSwitch(number), served.ofActor(number)),
    membersSection(number),
    counterparts(number),
    listOf('Towards others', out, number),
    listOf('From others', inward, number),
    listOf('Spoken of by', voices.filter((edge) => edge.to === number), number),
    listOf('Speaks of', voices.filter((edge) => edge.from === number), number),
    said.length + open.length ? marksKey() : null,
    related.length ? section('Says of others', related.length, growing(related, (statement) => card(statement), 5)) : null,
    plain.length ? section('Says', plain.length, growing(plain, (statement) => card(statement, { alone: true }), 5)) : null,
    open.length ? section('Towards no one named', open.length, growing(open, (statement) => card(statement), 5)) : null,
    said.length + own.length + open.length ? null : el('p', { class: 'soft' }, 'Nothing here passes the filters.'),
  ];
}

function edgePanel(edge) {
  const shown = passing(edge).sort((a, b) => b.confidence - a.confidence || a.number - b.number);
  const articles = new Set(shown.map((statement) => statement.document)).size;
  const title = edge.voice ? [actorButton(edge.from), ' speaks of ', actorButton(edge.to)]
    : [actorButton(edge.from), ' ', el('span', { class: 'verb', 'data-polarity': edge.polarity }, edgeName(edge)), ' ', actorButton(edge.to)];
  return [
    heading(el('h2', { class: 'relation' }, title),
      el('p', { class: 'soft' }, `${plural(shown.length, 'statement')} in ${plural(articles, 'article')}`,
        edge.predicate && !edge.voice ? `. ${relations[edge.predicate]?.definition ?? ''}` : ''),
      overTime([edge.from, edge.to]), served.ofEdge(edge), marksKey()),
    growing(shown, (statement) => card(statement, { alone: !edge.voice && graph.name === 'actor' })),
  ];
}

function overviewPanel() {
  const shown = statements.filter(passes);
  const articles = new Set(shown.map((statement) => statement.document));
  const outlets = new Set([...articles].map((number) => documents[number].publisher).filter(Boolean));
  const dates = [...articles].map((number) => documents[number].published).filter(Boolean).sort();
  const span = dates.length ? `, ${dateName(dates[0])}${dates.at(-1).slice(0, 10) > dates[0].slice(0, 10) ? ` to ${dateName(dates.at(-1))}` : ''}` : '';
  const weight = actors.map((_, number) => new Set([...graph.saidBy[number], ...graph.aboutOf[number]].filter(passes)).size);
  const order = actors.map((_, number) => number).filter((number) => weight[number]).sort((a, b) => weight[b] - weight[a] || a - b);
  const most = weight[order[0]] ?? 1;
  const relation = graph.edges.filter((edge) => !edge.voice && edge.count).sort(byWeight);
  return [
    el('div', { class: 'heading' }, el('h2', {}, 'Who says what about whom'),
      el('p', { class: 'soft' }, `${plural(shown.length, 'statement')} in ${plural(articles.size, 'article')}`,
        outlets.size ? ` by ${plural(outlets.size, 'outlet')}` : '', span, '. Choose an actor or a line to read the words behind it.')),
    section(LEVEL_NAMES[graph.name], order.length, growing(order, (number) => el('button', { type: 'button', class: 'rank', onclick: () => select({ actor: number }) },
      glyph(actors[number].type), el('span', { class: 'what' }, el('bdi', {}, nameOf(number))),
      el('span', { class: 'share', 'aria-hidden': 'true', style: `--share:${weight[number] / most}` }), el('span', { class: 'count' }, String(weight[number]))), 12)),
    section('Relations', relation.length, growing(relation, (edge) => el('button', { type: 'button', class: 'line', 'data-polarity': edge.polarity, onclick: () => select({ edge: edge.id }) },
      stroke(edge.polarity, lineKind(edge)),
      el('span', { class: 'what' }, el('b', {}, el('bdi', {}, actors[edge.from].name)), ` ${edgeName(edge)} `, el('b', {}, el('bdi', {}, actors[edge.to].name)), modalityNote(edge)),
      el('span', { class: 'count' }, String(edge.count))), 12)),
  ];
}

// Say what the panel shows, once it stays: not each step of a slider.
let announcing = 0;
function announce(panel) {
  clearTimeout(announcing);
  announcing = setTimeout(() => {
    const told = [panel.querySelector('h2'), panel.querySelector('.tallies') ?? panel.querySelector('.soft')];
    document.getElementById('told').textContent = told.map((element) => element.innerText.replaceAll('\n', ', ')).join('. ');
  }, 500);
}

function fillPanel() {
  const at = state.selected;
  const content = at === null ? overviewPanel() : at.actor !== undefined ? actorPanel(at.actor) : edgePanel(graph.edges[at.edge]);
  const panel = document.getElementById('panel');
  panel.replaceChildren(...content.flat().filter(Boolean));
  panel.scrollTop = 0;
  panel.classList.toggle('open', at !== null);
  if (document.documentElement.dataset.ready) announce(panel);
}
