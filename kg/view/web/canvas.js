// The drawn graph. pyvis gave positions, sizes and shapes; colours follow the theme, visibility the filters. Labels are
// drawn here, at one size for every zoom, and only where they cover no other.

// Values of the style sheet; asked once for each theme, since asking is slow.
let sheet = new Map();
function css(name) {
  if (!sheet.has(name)) sheet.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return sheet.get(name);
}
const POLARITY_COLOURS = { '1': '--for', '0': '--neither', '-1': '--against', voice: '--voice' };
// How lines end, so that attitude is told without colours too: those for with an arrow, those against with a bar.
const ENDS = { '1': {}, '-1': { arrows: { to: { type: 'bar' } } }, '0': { arrows: { to: { type: 'vee' } } }, voice: { arrows: { to: { scaleFactor: 0.35, type: 'vee' } } } };
const MOST_LABELS = 250;
const LARGE = 14;  // nodes that are named where there is little room
const MANY_EDGES = 1500;

const nodes = new vis.DataSet();
const edges = new vis.DataSet();
const network = new vis.Network(document.getElementById('graph'), { nodes, edges }, data.options);
for (const [name, value] of [['tabindex', '0'], ['role', 'application'], ['aria-label', 'Graph. The arrow keys move it, plus and minus zoom. The panel lists all that it shows.']]) network.canvas.frame.setAttribute(name, value);
const revealed = new Set();
let hovered = null;

// vis-network draws at once for each change of its data, and again a frame later: let it draw once for all of them.
let depth = 0;
function drawOnce(change) {
  depth++;
  network.renderer.allowRedraw = false;
  change();
  if (--depth) return;
  network.renderer.allowRedraw = true;
  network.body.emitter.emit('_requestRedraw');
}

// Make room for the nodes and edges of the level that is shown.
function lay() {
  told.clear();
  hovered = null;
  Object.assign(drawing, { near: null, nodes: [], edges: [] });
  drawOnce(() => {
    edges.clear();
    nodes.clear();
  });
}

const parts = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
function faded(colour, alpha) {
  return `rgba(${parts(colour)},${alpha})`;
}

// As if the ground shone through, but no lines below.
function paled(colour, share) {
  const ground = parts(css('--ground'));
  return `rgb(${parts(colour).map((part, at) => Math.round(part * share + ground[at] * (1 - share)))})`;
}

// The actors and edges that the reader looks at, or null if at none.
function attention() {
  const at = state.selected ?? hovered;
  if (!at) return null;
  const near = { actors: new Set(), edges: new Set() };
  const shown = at.edge !== undefined ? [graph.edges[at.edge]] : graph.edgesOf[at.actor];
  if (at.actor !== undefined) near.actors.add(at.actor);
  for (const edge of shown) {
    if (!edge.count) continue;
    near.edges.add(edge.id);
    near.actors.add(edge.from).add(edge.to);
  }
  return near;
}

function isLater(actor) {
  return Boolean(graph.node.get(actor)?.later) && !revealed.has(actor) && !graph.near?.has(actor);
}

function edgeStyle(edge, near) {
  const { count } = edge;
  const close = near?.edges.has(edge.id);
  const sure = Math.max(0, ...passing(edge).map((statement) => statement.confidence));
  const opacity = near && !close ? 0.18 : edge.voice ? 0.6 : 0.35 + 0.65 * sure;
  const ink = css(POLARITY_COLOURS[edge.polarity]);
  const colour = faded(ink, opacity);  // here, since vis-network would mix it at every drawing
  return {
    id: edge.id,
    hidden: !count || isLater(edge.from) || isLater(edge.to),
    ink: { colour: ink, opacity },
    color: { color: colour, hover: colour },
    width: edge.voice ? 1 : 1.4 + 1.1 * Math.log2(count || 1) + (close && state.selected ? 0.6 : 0),
    dashes: edge.voice ? [1, 5] : edge.negated ? [2, 4] : edge.modality !== 'actual' ? [8, 5] : false,
    ...ENDS[edge.polarity],
  };
}

function nodeStyle(node, shown, near) {
  const selected = state.selected?.actor === node.id;
  const own = css(`--type-${actors[node.id].type.toLowerCase()}`);
  const colour = near && !near.actors.has(node.id) ? paled(own, 0.35) : own;
  const background = graph.saidBy[node.id].length ? colour : css('--ground');
  const border = selected ? css('--ink') : colour;
  return {
    id: node.id,
    hidden: isLater(node.id) || !(shown.has(node.id) || selected),
    borderWidth: selected ? 3 : 2,
    color: { background, border, hover: { background, border: css('--ink') } },
  };
}

// Hand on the styles that differ from the last ones, with the shape of what was not shown before: it takes long to set any.
const told = new Map();
function tell(set, kind, styles, shapes) {
  set.update(styles.flatMap((style, index) => {
    const [key, text] = [`${kind} ${style.id}`, style.hidden ? 'hidden' : JSON.stringify(style)];
    if ((told.get(key) ?? 'hidden') === text) return [];
    const known = told.has(key);
    told.set(key, text);
    return known ? style : { ...shapes[index], ...style };
  }));
}

// Bring the drawing up to date with the state.
const drawing = { near: null, nodes: [], edges: [] };
function redraw() {
  const near = attention();
  const shown = new Set(graph.edges.filter((edge) => edge.count).flatMap((edge) => [edge.from, edge.to]));
  const styles = graph.nodes.map((node) => nodeStyle(node, shown, near));
  const strokes = graph.edges.map((edge) => edgeStyle(edge, near));
  const first = (id) => Number(near?.[id.kind].has(id.id) ?? false);
  drawing.near = near;
  drawing.nodes = graph.nodes.filter((_, index) => !styles[index].hidden)
    .sort((a, b) => first({ kind: 'actors', id: b.id }) - first({ kind: 'actors', id: a.id }) || b.size - a.size);
  drawing.edges = graph.edges.filter((edge, index) => !strokes[index].hidden && !edge.voice)
    .map((edge) => ({ edge, text: edgeLabel(edge), count: edge.count }))
    .sort((a, b) => first({ kind: 'edges', id: b.edge.id }) - first({ kind: 'edges', id: a.edge.id }) || b.count - a.count);
  drawOnce(() => {
    tell(nodes, 'node', styles, graph.nodes);
    tell(edges, 'edge', strokes, graph.lines);
  });
  document.getElementById('nothing').hidden = shown.size > 0;
}

// Space taken by nodes and labels, in a grid of cells so that a look-up costs little.
class Space {
  constructor(cell) { this.cell = cell; this.cells = new Map(); }
  *at({ left, top, right, bottom }) {
    const [last, lowest] = [Math.floor(right / this.cell), Math.floor(bottom / this.cell)];
    for (let x = Math.floor(left / this.cell); x <= last; x++) {
      for (let y = Math.floor(top / this.cell); y <= lowest; y++) yield x * 65536 + y;
    }
  }
  take(box) {
    for (const key of this.at(box)) {
      if (this.cells.has(key)) this.cells.get(key).push(box); else this.cells.set(key, [box]);
    }
  }
  // What a box would cover: how many nodes, and whether a label. Half a node for reaching out of view.
  cost(box, owner) {
    const covered = new Set();
    for (const key of this.at(box)) {
      for (const other of this.cells.get(key) ?? []) {
        if (other.owner === owner || other.right <= box.left || other.left >= box.right || other.bottom <= box.top || other.top >= box.bottom) continue;
        if (other.label) return Infinity;
        covered.add(other);
      }
    }
    return covered.size + (box.left < this.left || box.right > this.right ? 0.5 : 0);
  }
}

// The width of a text at size 1. Measured at one size, since it takes long to set a font.
const widths = new Map();
function widthOf(context, text, weight) {
  const key = `${weight} ${text}`;
  if (!widths.has(key)) {
    context.font = `${weight} 100px ${css('--sans')}`;
    widths.set(key, context.measureText(text).width / 100);
  }
  return widths.get(key);
}

function write(context, text, at, size, colour, weight = 400) {
  context.font = `${weight} ${size}px ${css('--sans')}`;
  context.lineWidth = size / 3.2;
  context.strokeStyle = faded(css('--ground'), 0.88);
  context.strokeText(text, at.x, at.y);
  context.fillStyle = colour;
  context.fillText(text, at.x, at.y);
}

// Labels of nodes below, above, right or left of them, whichever is free first; then those of edges at their middle.
function drawLabels(context) {
  if (network.renderer.dragging && graph.edges.length > MANY_EDGES) return;  // as vis-network then leaves out edges
  const scale = network.getScale();
  const space = new Space(90 / scale);
  const view = network.canvas.body.container.clientWidth;
  space.left = network.DOMtoCanvas({ x: 0, y: 0 }).x;
  space.right = network.DOMtoCanvas({ x: view, y: 0 }).x;
  const body = network.body;
  Object.assign(context, { textAlign: 'center', textBaseline: 'middle', lineJoin: 'round' });
  for (const { id, size } of drawing.nodes) {
    if (drawing.near && !drawing.near.actors.has(id)) continue;
    const { x, y } = body.nodes[id];
    space.take({ left: x - size, right: x + size, top: y - size, bottom: y + size, owner: id });
  }
  const [ink, aside] = [css('--ink'), faded(css('--soft'), 0.8)];
  for (const node of drawing.nodes.slice(0, MOST_LABELS)) {
    const close = drawing.near?.actors.has(node.id);
    if (drawing.near && !close && node.size < LARGE) break;
    labelNode(context, space, node, scale, drawing.near && !close ? aside : ink, close);
  }
  if (scale * drawing.edges.length > 400 && !drawing.near) return;
  for (const { edge, text } of drawing.edges.slice(0, MOST_LABELS)) {
    const close = drawing.near?.edges.has(edge.id);
    if (drawing.near && !close) break;
    labelEdge(context, space, edge, text, scale);
  }
}

function labelNode(context, space, node, scale, ink, close) {
  const { x, y } = network.body.nodes[node.id];
  const narrow = network.canvas.body.container.clientWidth < 500;
  const size = ((narrow ? 10 : 11.5) + node.size / 9) / scale;
  const text = shortened(actors[node.id].name, 32);
  const half = (widthOf(context, text, 500) * size) / 2;
  const down = node.size + size * 0.8;
  const side = node.size + half + size * 0.4;
  const slant = node.size * 0.75;
  const places = [{ x, y: y + down }, { x, y: y - down }, { x: x + side, y }, { x: x - side, y },
    { x: x + slant + half, y: y + slant + size * 0.4 }, { x: x - slant - half, y: y + slant + size * 0.4 },
    { x: x + slant + half, y: y - slant - size * 0.4 }, { x: x - slant - half, y: y - slant - size * 0.4 }];
  let [cost, box] = [Infinity, null];
  for (const at of places) {
    const next = { at, left: at.x - half, right: at.x + half, top: at.y - size * 0.6, bottom: at.y + size * 0.6, owner: node.id };
    const price = space.cost(next, node.id);
    if (!box || price < cost) [cost, box] = [price, next];
    if (!cost) break;
  }
  // A large node is named even where its label lies over small ones, the one looked at even over other labels.
  const looked = (state.selected ?? hovered)?.actor === node.id;
  if (cost >= 1 && !looked && !(cost < Infinity && (close || (!drawing.near && node.size > (narrow ? 20 : LARGE))))) return;
  space.take({ ...box, label: true });
  write(context, text, box.at, size, ink, 500);
}

function labelEdge(context, space, edge, text, scale) {
  const line = network.body.edges[edge.id];
  if (!line?.connected) return;
  const size = 10.5 / scale;
  const at = line.edgeType.getPoint(edge.from === edge.to ? 0.25 : 0.5);
  const half = (widthOf(context, text, 400) * size) / 2;
  const box = { left: at.x - half, right: at.x + half, top: at.y - size * 0.6, bottom: at.y + size * 0.6, owner: `edge ${edge.id}` };
  if (space.cost(box) >= 1) return;
  space.take(box);
  write(context, text, at, size, css(POLARITY_COLOURS[edge.polarity]));
}

network.on('afterDrawing', drawLabels);
network.on('hoverNode', ({ node }) => attend({ actor: node }));
network.on('hoverEdge', ({ edge }) => attend({ edge }));
network.on('blurNode', () => attend(null));
network.on('blurEdge', () => attend(null));

function attend(at) {
  document.getElementById('graph').classList.toggle('over', Boolean(at));
  hovered = at;
  if (!state.selected && graph.edges.length < MANY_EDGES) redraw();
}

// Move the view to what is selected, if it is not well in view already.
function show(selected) {
  const places = selected.actor !== undefined ? [selected.actor] : [graph.edges[selected.edge].from, graph.edges[selected.edge].to];
  for (const actor of places) revealed.add(actor);
  redraw();
  const known = places.filter((actor) => nodes.get(actor));
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

const ABOVE = 66;  // pixels for the switch of levels, and labels
// Show the whole drawing, with room for labels at the rim and for the legend below.
function fit(animation) {
  const box = document.getElementById('graph').getBoundingClientRect();
  const legend = document.getElementById('legend');
  const below = 34 + (legend.open && box.height > 420 ? legend.getBoundingClientRect().height : 0);
  const places = drawing.nodes.map(({ id, size }) => ({ ...network.getPosition(id), size }));
  if (!places.length) return;
  const [left, right] = [Math.min(...places.map(({ x, size }) => x - size)), Math.max(...places.map(({ x, size }) => x + size))];
  const [top, bottom] = [Math.min(...places.map(({ y, size }) => y - size)), Math.max(...places.map(({ y, size }) => y + size))];
  const wide = Math.max(box.width - 2 * Math.min(90, box.width / 6), 80);
  const scale = Math.min(wide / Math.max(right - left, 1), Math.max(box.height - below - ABOVE, 80) / Math.max(bottom - top, 1), 1.4);
  network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 + (below - ABOVE) / 2 / scale }, scale, animation });
}

function zoom(step) {
  if (step === 'fit') fit(motion());
  else network.moveTo({ scale: network.getScale() * (step === 'in' ? 1.35 : 1 / 1.35), animation: motion() });
}
