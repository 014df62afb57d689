// The drawn graph. pyvis gave positions, sizes and shapes; colours follow the theme, visibility the filters.

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const POLARITY_COLOURS = { '1': '--for', '0': '--neither', '-1': '--against', voice: '--voice' };
const LABELLED = 40;  // up to as many edges all labels show; beyond, those near the reader's attention

const nodes = new vis.DataSet(data.nodes.map((node) => ({ ...node, label: shortened(node.label) })));
const edges = new vis.DataSet(data.edges.map((edge) => ({ id: edge.id, from: edge.from, to: edge.to, smooth: edge.smooth })));
const network = new vis.Network(document.getElementById('graph'), { nodes, edges }, data.options);
const drawn = new Map(data.nodes.map((node) => [node.id, node]));
const revealed = new Set();
let hovered = null;

function shortened(name) {
  const signs = Array.from(visible(name).replace(/\s+/g, ' '));
  return signs.length > 32 ? `${signs.slice(0, 31).join('')}…` : signs.join('');
}

function faded(colour, alpha) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return `rgba(${r},${g},${b},${alpha})`;
}

// The actors and edges that the reader looks at, or null if at none.
function attention() {
  const at = state.selected ?? hovered;
  if (!at) return null;
  const near = { actors: new Set(), edges: new Set() };
  const shown = at.edge !== undefined ? [data.edges[at.edge]] : edgesOf[at.actor];
  if (at.actor !== undefined) near.actors.add(at.actor);
  for (const edge of shown) {
    if (!passing(edge).length) continue;
    near.edges.add(edge.id);
    near.actors.add(edge.from).add(edge.to);
  }
  return near;
}

function isLater(actor) {
  return drawn.get(actor)?.later && !revealed.has(actor);
}

function edgeStyle(edge, count, near, all) {
  const colour = css(POLARITY_COLOURS[polarityOf(edge)]);
  const first = statements[edge.statements[0]];
  const close = near?.edges.has(edge.id);
  const sure = Math.max(0, ...passing(edge).map((statement) => statement.confidence));
  const opacity = near && !close ? 0.1 : edge.voice ? 0.55 : 0.4 + 0.6 * sure;
  const labelled = close || (!near && (all <= LABELLED || network.getScale() > 1.15));
  return {
    id: edge.id,
    hidden: !count || isLater(edge.from) || isLater(edge.to),
    color: { color: colour, highlight: colour, hover: colour, opacity },
    width: edge.voice ? 1 : 1.3 + 1.1 * Math.log2(count || 1) + (close && state.selected ? 0.6 : 0),
    dashes: edge.voice ? [1, 5] : first.negated ? [2, 4] : first.modality !== 'actual' ? [8, 5] : false,
    arrows: { to: { enabled: true, scaleFactor: edge.voice ? 0.35 : 0.6, type: edge.voice ? 'vee' : 'arrow' } },
    label: labelled ? edgeLabel(edge, count) : undefined,
    font: { color: colour, strokeWidth: 4, strokeColor: css('--ground'), size: 11, face: css('--sans') },
  };
}

function nodeStyle(node, shown, near) {
  const far = near && !near.actors.has(node.id);
  const selected = state.selected?.actor === node.id;
  const fill = css(`--type-${actors[node.id].type.toLowerCase()}`);
  const speaks = saidBy[node.id].length > 0;
  const border = selected ? css('--ink') : speaks ? css('--ring') : fill;
  return {
    id: node.id,
    hidden: isLater(node.id) || !(shown.has(node.id) || selected),
    borderWidth: selected ? 3 : speaks ? 2.5 : 1,
    borderWidthSelected: 3,
    opacity: far ? 0.18 : 1,
    color: { background: fill, border, highlight: { background: fill, border: css('--ink') },
      hover: { background: fill, border: css('--ink') } },
    font: { color: faded(css('--ink'), far ? 0.22 : 1), size: 12 + node.size / 7, face: css('--sans'), strokeWidth: 4,
      strokeColor: faded(css('--ground'), far ? 0.2 : 0.9) },
  };
}

// Bring the drawing up to date with the state.
function redraw() {
  const near = attention();
  const counts = new Map(data.edges.map((edge) => [edge.id, passing(edge).length]));
  const seen = data.edges.filter((edge) => counts.get(edge.id));
  const shown = new Set(seen.flatMap((edge) => [edge.from, edge.to]));
  const all = seen.filter((edge) => !edge.voice).length;
  edges.update(data.edges.map((edge) => edgeStyle(edge, counts.get(edge.id), near, all)));
  nodes.update(data.nodes.map((node) => nodeStyle(node, shown, near)));
  document.getElementById('nothing').hidden = shown.size > 0;
}

let wasClose = false;
network.on('zoom', () => {
  const close = network.getScale() > 1.15;
  if (close !== wasClose) redraw();
  wasClose = close;
});
network.on('hoverNode', ({ node }) => attend({ actor: node }));
network.on('hoverEdge', ({ edge }) => attend({ edge }));
network.on('blurNode', () => attend(null));
network.on('blurEdge', () => attend(null));

function attend(at) {
  document.getElementById('graph').classList.toggle('over', Boolean(at));
  hovered = at;
  if (!state.selected && data.edges.length < 1500) redraw();
}

// Move the view to what is selected, if it is not well in view already.
function show(selected) {
  const places = selected.actor !== undefined ? [selected.actor] : [data.edges[selected.edge].from, data.edges[selected.edge].to];
  for (const actor of places) revealed.add(actor);
  redraw();
  const known = places.filter((actor) => drawn.has(actor));
  if (!known.length) return;
  const inView = known.every((actor) => {
    const at = network.canvasToDOM(network.getPosition(actor));
    const box = document.getElementById('graph').getBoundingClientRect();
    return at.x > 40 && at.y > 40 && at.x < box.width - 40 && at.y < box.height - 40;
  });
  if (!inView) {
    const at = network.getPosition(known[0]);
    network.moveTo({ position: at, scale: Math.max(network.getScale(), 0.6), animation: motion() });
  }
}

function motion() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? false : { duration: 350, easingFunction: 'easeInOutQuad' };
}

function zoom(step) {
  if (step === 'fit') network.fit({ animation: motion(), maxZoomLevel: 1.4 });
  else network.moveTo({ scale: network.getScale() * (step === 'in' ? 1.35 : 1 / 1.35), animation: motion() });
}
