// Pictures: a module's own nodes and its children as boxes, laid out by dagre

/** More boxes are drawn only when the reader asks for them, and no more than this. */
const [drawnAtOnce, drawnAtMost] = [150, 1500];

function countOfBoxes(entry) { return entry.nodes.length + entry.children.length; }

function draw(entry, target) {
  const boxOf = new Map();
  const boxes = [];
  function box(key, label, kind, names, mark, action) {
    boxes.push({ v: key, label, kind, names, mark, action, width: Math.max(60, 7.3 * label.length + 16), height: 26 });
  }
  const graph = data.graphs[entry.graph];
  for (const index of entry.nodes) {
    const node = data.nodes[index];
    const own = graph.path ? node.name.slice(graph.path.length + 1) : node.name;
    const label = `${own}  ${node.value}`;
    const names = graph.side === "a" ? node.symbols ?? [] : [];
    box("n" + index, label.length > 60 ? label.slice(0, 59) + "…" : label, node.calls ? "caller" : "node", names, node.mark,
      node.calls ? () => openGraph(graphAt(node.calls[0], node)) : () => reveal(index));
    boxOf.set(index, "n" + index);
  }
  entry.children.forEach((child, place) => {
    const names = new Set();
    (function visit(inner) {
      for (const index of inner.nodes) {
        boxOf.set(index, "m" + place);
        if (graph.side === "a") (data.nodes[index].symbols ?? []).forEach(name => names.add(name));
      }
      inner.children.forEach(visit);
    })(child);
    box("m" + place, `${title(child)}  ${child.total} nodes`, "module", [...names], child.marked ? "changed" : undefined, () => openModule(child));
  });
  if (!boxes.length) return;
  if (boxes.length > drawnAtMost) {
    target.replaceChildren(element("p", { class: "dim" }, `${boxes.length} boxes are too many for a picture; ${drawnAtMost} are drawn at most.`));
    return;
  }
  const seen = new Set();
  const edges = [];
  for (const [index, to] of boxOf) {
    for (const operand of data.nodes[index].operands) {
      const from = boxOf.get(operand);
      if (from === undefined || from === to || seen.has(from + " " + to)) continue;
      seen.add(from + " " + to);
      edges.push({ v: from, w: to, minlen: 1, weight: 1, width: 0, height: 0, labeloffset: 10, labelpos: "r" });
    }
  }
  layout(boxes, edges, { nodesep: 14, ranksep: 26, ...(boxes.length > 600 ? { ranker: "longest-path" } : {}) }, {});
  target.replaceChildren(element("div", { class: "scroll", tabindex: "0" }, picture(entry, boxes, edges)));
}

function picture(entry, boxes, edges) {
  const width = Math.max(...boxes.map(item => item.x + item.width / 2)) + 8;
  const height = Math.max(...boxes.map(item => item.y + item.height / 2)) + 8;
  const result = drawn("svg", {
    width, height, viewBox: `-8 -8 ${width + 8} ${height + 8}`, role: "group",
    "aria-label": `Graph of ${title(entry)}: ${boxes.length} boxes, ${edges.length} edges. The table below says the same.`
  });
  for (const edge of edges)
    result.append(drawn("path", { class: "edge", "aria-hidden": "true", d: "M" + edge.points.map(point => `${point.x} ${point.y}`).join("L") }));
  for (const item of boxes) {
    const group = drawn("g", {
      class: item.kind + (item.mark ? " " + item.mark : ""), tabindex: "0", role: "link", "aria-label": item.label,
      transform: `translate(${item.x - item.width / 2} ${item.y - item.height / 2})`
    },
      drawn("rect", { class: "box" + (item.names.includes(litSymbol) ? " lit" : ""), "data-symbols": item.names.join(" "), width: item.width, height: item.height, rx: 4 }),
      drawn("text", { x: 8, y: 17 }, item.label));
    group.addEventListener("click", item.action);
    group.addEventListener("keydown", event => { if (event.key === "Enter") item.action(); });
    result.append(group);
  }
  return result;
}
