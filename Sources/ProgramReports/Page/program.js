// The program: for each graph the author's modules, each with a table of its own nodes and a drawing

const rowsByNode = new Map();
const titles = { a: data.name, b: data.difference ? data.difference.name : "" };
/** For each graph its modules by path. */
const trees = data.graphs.map(graph => new Map());

function buildTrees() {
  trees.forEach((tree, graph) => tree.set("", { graph, path: "", nodes: [], children: [] }));
  function module(tree, path) {
    if (tree.has(path)) return tree.get(path);
    const dot = path.lastIndexOf(".");
    const parent = module(tree, dot < 0 ? "" : path.slice(0, dot));
    const made = { graph: parent.graph, path, nodes: [], children: [], parent };
    tree.set(path, made);
    parent.children.push(made);
    return made;
  }
  data.nodes.forEach((node, index) => module(trees[node.graph], node.module).nodes.push(index));
  function count(entry) {
    entry.total = entry.nodes.length;
    entry.marked = entry.nodes.filter(index => data.nodes[index].mark).length;
    for (const child of entry.children) {
      count(child);
      entry.total += child.total;
      entry.marked += child.marked;
    }
  }
  for (const tree of trees) count(tree.get(""));
}

/** The number of the graph at `path` on the side of `node`. */
function graphAt(path, node) {
  const side = data.graphs[node.graph].side;
  return data.graphs.findIndex(graph => graph.side === side && graph.path === path);
}

/** What `entry` is called in headings. */
function title(entry) {
  const graph = data.graphs[entry.graph];
  if (entry.path) return entry.path.slice(entry.path.lastIndexOf(".") + 1);
  return graph.path || (data.difference ? titles[graph.side] : "program");
}

/** The sizes of a value at the sizes of the form. */
function valueNow(now) {
  if (now === undefined || now === null) return "";
  if (typeof now === "number") return sizeValues[now] === null ? "?" : String(sizeValues[now]);
  if (Array.isArray(now)) return "[" + now.map(valueNow).join(", ") + "]";
  return now.parts.map(valueNow).filter(Boolean).join(", ");
}

const markTexts = { removed: `only in ${titles.a}`, added: `only in ${titles.b}`, changed: "differs" };

function nodeRow(index) {
  const node = data.nodes[index];
  const now = element("td", {}, valueNow(node.now));
  const isOther = data.graphs[node.graph].side === "b";
  const shown = text => isOther ? document.createTextNode(text) : symbolic(text);
  const calls = (node.calls ?? []).map(path =>
    element("a", { href: "#nodes", onclick: event => { event.preventDefault(); openGraph(graphAt(path, node)); } }, "opens " + path));
  const row = element("tr", { id: "node-" + index, tabindex: "-1", class: node.mark ?? false },
    element("td", {}, node.name, node.mark ? element("span", { class: "mark" }, "  " + markTexts[node.mark]) : null),
    element("td", {}, node.operator, ...calls.flatMap(link => [" ", link])),
    element("td", {}, shown(node.value), node.binds ? element("span", { class: "dim" }, "  born: " + node.binds.join(", ")) : null),
    now, element("td", {}, node.layout ? shown(node.layout) : ""),
    element("td", { class: "dim", title: node.code }, node.source ?? ""));
  rowsByNode.set(index, { row, now });
  return row;
}

const rowsAtOnce = 500;

function nodeTable(entry) {
  const body = element("tbody", {});
  const heads = ["node", "operator", "value", "at these sizes", "strides", "source"];
  const result = element("table", {},
    element("caption", {}, `${entry.nodes.length} nodes of ${title(entry)}`),
    element("thead", {}, element("tr", {}, ...heads.map(head => element("th", { scope: "col" }, head)))), body);
  entry.shown = 0;
  const more = element("button", { onclick: () => entry.showRows() });
  entry.showRows = (through = entry.shown + rowsAtOnce) => {
    const end = Math.min(entry.nodes.length, through);
    for (; entry.shown < end; entry.shown++) body.append(nodeRow(entry.nodes[entry.shown]));
    more.textContent = `Show ${Math.min(rowsAtOnce, entry.nodes.length - entry.shown)} more of ${entry.nodes.length}`;
    more.hidden = entry.shown === entry.nodes.length;
  };
  entry.showRows();
  return element("div", {}, result, more);
}

function moduleView(entry, isOpen) {
  const graph = data.graphs[entry.graph];
  const counts = `  ${entry.total} nodes` + (entry.marked ? `, ${entry.marked} differ` : "");
  const view = element("details", { open: isOpen, "data-graph": graph.path, "data-side": graph.side, "data-module": entry.path },
    element("summary", {}, element("strong", {}, title(entry)), element("span", { class: "dim" }, counts)));
  entry.view = view;
  function fill() {
    if (entry.isFilled) return;
    entry.isFilled = true;
    if (!entry.path && graph.callers.length)
      view.append(element("p", { class: "dim" }, "called by ", ...graph.callers.flatMap((caller, place) => [place ? ", " : "", indexLink(caller)])));
    const picture = element("div", {});
    if (countOfBoxes(entry) <= drawnAtOnce) draw(entry, picture);
    else picture.append(element("button", { onclick: () => draw(entry, picture) }, `Draw ${countOfBoxes(entry)} boxes`));
    view.append(picture, ...entry.children.map(child => moduleView(child, false)));
    if (entry.nodes.length) view.append(nodeTable(entry));
  }
  entry.fill = fill;
  view.addEventListener("toggle", () => { if (view.open) fill(); });
  if (isOpen) fill();
  return view;
}

/** Opens the modules around `entry`, and `entry` itself. */
function open(entry) {
  const path = [];
  for (let outer = entry; outer; outer = outer.parent) path.unshift(outer);
  for (const outer of path) { outer.fill(); outer.view.open = true; }
}

function openModule(entry) {
  open(entry);
  entry.view.scrollIntoView({ block: "start" });
  entry.view.querySelector("summary").focus({ preventScroll: true });
}

function openGraph(graph) { if (graph >= 0) openModule(trees[graph].get("")); }

/** Opens the modules around a node and moves to its row. */
function reveal(index) {
  const entry = trees[data.nodes[index].graph].get(data.nodes[index].module);
  open(entry);
  const position = entry.nodes.indexOf(index);
  if (position >= entry.shown) entry.showRows(position + 1);
  for (const row of document.querySelectorAll("tr.here")) row.classList.remove("here");
  const { row } = rowsByNode.get(index);
  row.classList.add("here");
  row.scrollIntoView({ block: "center" });
  row.focus({ preventScroll: true });
}

function indexLink(index) {
  return element("a", { href: "#nodes", onclick: event => { event.preventDefault(); reveal(index); } }, data.nodes[index].name);
}

/** A link to the node called `name`, or its name if there is none. */
function nodeLink(name, side = "a") {
  const index = data.nodes.findIndex(node => node.name === name && data.graphs[node.graph].side === side);
  return index < 0 ? document.createTextNode(name) : indexLink(index);
}

whenSizesChange.push(() => { for (const [index, { now }] of rowsByNode) now.textContent = valueNow(data.nodes[index].now); });

function programSection() {
  const all = element("button", { onclick: () => {
    for (const tree of trees) for (const entry of tree.values()) { open(entry); entry.showRows?.(entry.nodes.length); }
  } }, "Open all modules");
  section("nodes", "Program", all,
    ...trees.map((tree, graph) => moduleView(tree.get(""), data.graphs[graph].path === "")));
}
