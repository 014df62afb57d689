// The graph that is shown as a picture: SVG, or PNG drawn from it at twice the size.

function save(name, blob) {
  const address = URL.createObjectURL(blob);
  el('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

// Stands in for a canvas: keeps the labels that are written on it.
class Labels {
  constructor() {
    this.context = document.createElement('canvas').getContext('2d');
    this.found = [];
  }
  measureText(text) {
    this.context.font = this.font;
    return this.context.measureText(text);
  }
  strokeText(text, x, y) {
    const [, weight, size] = /^(\d+) ([\d.]+)px/.exec(this.font);
    this.context.font = this.font;
    this.found.push({ text, x, y, weight, size: Number(size), halo: this.lineWidth, width: this.context.measureText(text).width });
  }
  fillText() { this.found.at(-1).colour = this.fillStyle; }
}

function shapeOf(node, { x, y }, style) {
  const common = { fill: style.color.background, stroke: style.color.border, 'stroke-width': style.borderWidth };
  const points = POINTS[actors[node.id].type];
  if (!points) return svg('circle', { cx: x, cy: y, r: node.size, ...common });
  const at = points.split(' ').map((point) => point.split(',').map((value) => (Number(value) - 8) / 7 * node.size));
  return svg('polygon', { points: at.map(([dx, dy]) => `${(x + dx).toFixed(1)},${(y + dy).toFixed(1)}`).join(' '), ...common });
}

// A line from node to node, quadratic if bent, that ends as in the graph where it meets the second.
function strokeOf(edge, style) {
  const line = network.body.edges[edge.id];
  const [from, to] = [line.from, line.to];
  const { colour, opacity } = style.ink;
  const dashes = Array.isArray(style.dashes) ? { 'stroke-dasharray': style.dashes.join(' ') } : {};
  const common = { fill: 'none', stroke: colour, 'stroke-width': style.width, ...dashes };
  if (edge.from === edge.to) {
    const radius = 22;
    return svg('g', { opacity }, svg('circle', { cx: from.x + radius * 0.7, cy: from.y - radius * 0.7 - graph.node.get(edge.from).size / 2, r: radius, ...common }));
  }
  const via = line.edgeType.getViaNode?.() ?? { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const point = (t) => ({ x: (1 - t) ** 2 * from.x + 2 * t * (1 - t) * via.x + t ** 2 * to.x, y: (1 - t) ** 2 * from.y + 2 * t * (1 - t) * via.y + t ** 2 * to.y });
  const size = graph.node.get(edge.to).size;
  let t = 1;
  while (t > 0.5 && Math.hypot(point(t).x - to.x, point(t).y - to.y) < size) t -= 0.005;
  const [tip, before] = [point(t), point(t - 0.02)];
  const angle = Math.atan2(tip.y - before.y, tip.x - before.x);
  const long = edge.voice ? 5 : 6 + 1.5 * style.width;
  const beside = (turn, length = long) => `${(tip.x - length * Math.cos(angle + turn)).toFixed(1)} ${(tip.y - length * Math.sin(angle + turn)).toFixed(1)}`;
  const [x, y] = [tip.x.toFixed(1), tip.y.toFixed(1)];
  const solid = { ...common, 'stroke-dasharray': 'none' };
  const ends = { '1': () => svg('path', { d: `M${x} ${y}L${beside(0.4)}L${beside(-0.4)}Z`, fill: colour }),
    '-1': () => svg('path', { d: `M${beside(Math.PI / 2, long / 2)}L${beside(-Math.PI / 2, long / 2)}`, ...solid, 'stroke-width': style.width + 1 }) };
  const open = () => svg('path', { d: `M${beside(0.5)}L${x} ${y}L${beside(-0.5)}`, ...solid });
  return svg('g', { opacity }, svg('path', { d: `M${from.x.toFixed(1)} ${from.y.toFixed(1)}Q${via.x.toFixed(1)} ${via.y.toFixed(1)} ${x} ${y}`, ...common }),
    (ends[edge.polarity] ?? open)());
}

// The box around all nodes and labels.
function boundsOf(labels) {
  const boxes = [...drawing.nodes.map(({ id, size }) => ({ x: network.body.nodes[id].x, y: network.body.nodes[id].y, wide: size, tall: size })),
    ...labels.map(({ x, y, size, width }) => ({ x, y, wide: width / 2, tall: size }))];
  if (!boxes.length) return { x: 0, y: 0, width: 400, height: 300 };
  const least = (axis, reach) => Math.min(...boxes.map((box) => box[axis] - box[reach])) - 20;
  const most = (axis, reach) => Math.max(...boxes.map((box) => box[axis] + box[reach])) + 20;
  const [x, y] = [least('x', 'wide'), least('y', 'tall')];
  return { x, y, width: most('x', 'wide') - x, height: most('y', 'tall') - y };
}

// The nodes and edges that are shown, as an SVG element; labels as large as they are seen.
function picture() {
  const labels = new Labels();
  drawLabels(labels);
  const { x: left, y: top, width, height } = boundsOf(labels.found);
  const scale = network.getScale();
  const title = svg('title');
  title.textContent = visible(data.title);
  const shownEdges = graph.edges.filter((edge) => edges.get(edge.id)?.hidden === false);
  return svg('svg', { xmlns: 'http://www.w3.org/2000/svg', viewBox: `${left} ${top} ${width} ${height}`, width: Math.round(width * scale), height: Math.round(height * scale), 'font-family': css('--sans') },
    title, svg('rect', { x: left, y: top, width, height, fill: css('--ground') }),
    svg('g', {}, ...shownEdges.map((edge) => strokeOf(edge, edges.get(edge.id)))),
    svg('g', {}, ...drawing.nodes.map((node) => shapeOf(node, network.body.nodes[node.id], nodes.get(node.id)))),
    svg('g', { 'text-anchor': 'middle', 'dominant-baseline': 'central', 'paint-order': 'stroke', stroke: css('--ground'), 'stroke-linejoin': 'round' }, ...labels.found.map(({ text, x, y, size, weight, halo, colour }) => {
      const label = svg('text', { x, y, 'font-size': size, 'font-weight': weight, fill: colour, 'stroke-width': halo });
      label.textContent = text;
      return label;
    })));
}

// XML allows few control signs; those that are left of names are named already, broken pairs are replaced.
const svgText = () => new XMLSerializer().serializeToString(picture()).toWellFormed();

function saveSvg() {
  save('graph.svg', new Blob([svgText()], { type: 'image/svg+xml' }));
}

async function savePng() {
  const source = URL.createObjectURL(new Blob([svgText()], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = el('canvas', { width: image.width * 2, height: image.height * 2 });
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    save('graph.png', await new Promise((done) => { canvas.toBlob(done, 'image/png'); }));
  } finally {
    URL.revokeObjectURL(source);
  }
}
