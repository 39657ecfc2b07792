// The page of a report. All text from the program is set as text, never parsed as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const svgNamespace = "http://www.w3.org/2000/svg";

// Elements

function element(name, attributes = {}, ...children) {
  const result = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) result.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) result.setAttribute(key, value === true ? "" : value);
  }
  result.append(...children.filter(child => child !== undefined && child !== null));
  return result;
}

function drawn(name, attributes = {}, ...children) {
  const result = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes)) result.setAttribute(key, value);
  result.append(...children);
  return result;
}

function section(id, title, ...content) {
  const heading = element("h2", { id: id + "-title" }, title);
  document.querySelector("main").append(
    element("section", { id, "aria-labelledby": id + "-title" }, heading, ...content));
  document.querySelector("nav").append(element("a", { href: "#" + id }, title));
}

function table(caption, heads, rows) {
  return element("table", {}, element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...heads.map(head => element("th", { scope: "col" }, head)))),
    element("tbody", {}, ...rows.map(cells => element("tr", {}, ...cells.map(cell => element("td", {}, cell))))));
}

// Symbols: each occurrence is a button that lights up all of them

const symbols = new Map(data.symbols.map(symbol => [symbol.name, symbol]));
let litSymbol = null;

/** A fragment of `text` in which the names of symbols are buttons. */
function symbolic(text) {
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(/[A-Za-z_]\w*/g)) {
    if (!symbols.has(match[0])) continue;
    fragment.append(text.slice(end, match.index), symbolButton(match[0]));
    end = match.index + match[0].length;
  }
  fragment.append(text.slice(end));
  return fragment;
}

function symbolButton(name) {
  return element("button", {
    class: "sym" + (name === litSymbol ? " lit" : ""), "data-sym": name, title: symbols.get(name).read,
    "aria-pressed": String(name === litSymbol), onclick: () => light(name === litSymbol ? null : name)
  }, name);
}

function light(name) {
  litSymbol = name;
  for (const button of document.querySelectorAll("[data-sym]")) {
    const isLit = button.dataset.sym === name;
    button.classList.toggle("lit", isLit);
    button.setAttribute("aria-pressed", String(isLit));
  }
  for (const box of document.querySelectorAll("svg .box"))
    box.classList.toggle("lit", name !== null && (box.dataset.symbols ?? "").split(" ").includes(name));
  showSymbol(name);
}

function showSymbol(name) {
  const panel = document.getElementById("panel");
  panel.hidden = name === null;
  if (name === null) return;
  const symbol = symbols.get(name);
  const facts = symbol.facts.map(fact => element("tr", {},
    element("th", { scope: "row" }, fact.label),
    element("td", {}, symbolic(fact.text), fact.because ? element("div", { class: "dim" }, fact.because) : null,
      place(fact))));
  panel.replaceChildren(
    element("button", { onclick: () => light(null) }, "Close"),
    element("h3", {}, name, " ", element("span", { class: "dim" }, symbol.title)),
    element("table", {}, element("tbody", {}, ...facts)));
}

/** Where a fact comes from: the node as a link, and the author's line. */
function place(fact) {
  if (!fact.node) return null;
  return element("div", { class: "dim" }, nodeLink(fact.node), fact.source ? " " + fact.source : "");
}

function nodeLink(name) {
  const index = data.nodes.findIndex(node => node.name === name);
  if (index < 0) return document.createTextNode(name);
  return element("a", { href: "#nodes", onclick: event => { event.preventDefault(); reveal(index); } }, name);
}

// Expressions: entry i is a number, the name of a symbol, or [operation, operands…]

function floorDivide(a, b) { return b === 0 ? null : Math.floor(a / b); }
function modulo(a, b) { return b === 0 ? null : a - b * Math.floor(a / b); }
function roundHalfToEven(x) {
  const floor = Math.floor(x);
  return x - floor === 0.5 ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(x);
}

const operations = {
  "+": (...values) => values.reduce((a, b) => a + b), "*": (...values) => values.reduce((a, b) => a * b),
  "^": (base, exponent) => base ** exponent, "PowByNatural": (base, exponent) => base ** exponent,
  "FloorDiv": floorDivide, "CleanDiv": floorDivide, "CeilDiv": (a, b) => b === 0 ? null : Math.ceil(a / b),
  "Mod": modulo, "PythonMod": modulo, "ModularIndexing": (a, b, c) => b === 0 ? null : modulo(Math.floor(a / b), c),
  "Max": (...values) => Math.max(...values), "Min": (...values) => Math.min(...values), "Abs": Math.abs,
  "IntTrueDiv": (a, b) => b === 0 ? null : a / b, "FloatTrueDiv": (a, b) => b === 0 ? null : a / b,
  "ToFloat": a => a, "Identity": a => a, "TruncToInt": Math.trunc, "CeilToInt": Math.ceil, "FloorToInt": Math.floor,
  "RoundToInt": roundHalfToEven, "Where": (condition, a, b) => condition ? a : b,
  "==": (a, b) => a === b, "!=": (a, b) => a !== b, "<": (a, b) => a < b, "<=": (a, b) => a <= b,
  ">": (a, b) => a > b, ">=": (a, b) => a >= b, "and": (...values) => values.every(Boolean),
  "or": (...values) => values.some(Boolean), "not": a => !a,
};

/** The values of all expressions for given symbols; null where there is none. */
function evaluated(expressions, environment) {
  const values = [];
  for (const expression of expressions) {
    let value;
    if (typeof expression === "number") value = expression;
    else if (typeof expression === "string") value = environment.get(expression) ?? null;
    else {
      const [name, ...operands] = expression;
      const operation = operations[name];
      // The exponent of a power is a number, not the place of an expression.
      const arguments_ = name === "^" ? [values[operands[0]], operands[1]] : operands.map(operand => values[operand]);
      value = !operation || arguments_.some(argument => argument === null) ? null : operation(...arguments_);
      if (typeof value === "number" && (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)) value = null;
    }
    values.push(value);
  }
  return values;
}

// The compiled check, step by step as AdmissionCheck runs it; registers are 64-bit integers or null

const bits = new DataView(new ArrayBuffer(8));
function toFloat(register) { bits.setBigInt64(0, register); return bits.getFloat64(0); }
function toRegister(float) { bits.setFloat64(0, float); return bits.getBigInt64(0); }
function fitting(value) { return BigInt.asIntN(64, value) === value ? value : null; }
function exactInteger(float) { return Number.isFinite(float) ? fitting(BigInt(float)) : null; }
function truth(value) { return value ? 1n : 0n; }
function quotient(a, b) {
  if (b === 0n) return null;
  const result = a / b;
  return fitting(a % b !== 0n && (a < 0n) !== (b < 0n) ? result - 1n : result);
}
function remainder(a, b) {
  if (b === 0n) return null;
  const result = a % b;
  return result !== 0n && (result < 0n) !== (b < 0n) ? result + b : result;
}

const steps = {
  add: (a, b) => fitting(a + b), multiply: (a, b) => fitting(a * b), floorDivide: quotient, remainder,
  minimum: (a, b) => a < b ? a : b, maximum: (a, b) => a > b ? a : b, magnitude: a => fitting(a < 0n ? -a : a),
  power: (a, b) => b < 0n || b > 63n && a !== 0n && a !== 1n && a !== -1n ? null
    : fitting(a ** (b > 63n ? 62n + b % 2n : b)),
  shiftLeft: (a, b) => b < 0n || b > 63n ? null : fitting(a << b),
  shiftRight: (a, b) => b < 0n ? null : a >> (b > 63n ? 63n : b),
  bitAnd: (a, b) => a & b, bitOr: (a, b) => a | b, bitXor: (a, b) => a ^ b,
  toFloat: a => toRegister(Number(a)), addFloats: (a, b) => toRegister(toFloat(a) + toFloat(b)),
  multiplyFloats: (a, b) => toRegister(toFloat(a) * toFloat(b)),
  divideFloats: (a, b) => toFloat(b) === 0 ? null : toRegister(toFloat(a) / toFloat(b)),
  divideIntegers: (a, b) => b === 0n ? null : toRegister(Number(a) / Number(b)),
  truncate: a => exactInteger(Math.trunc(toFloat(a))), roundDown: a => exactInteger(Math.floor(toFloat(a))),
  roundUp: a => exactInteger(Math.ceil(toFloat(a))), roundHalfToEven: a => exactInteger(roundHalfToEven(toFloat(a))),
  equal: (a, b) => truth(a === b), unequal: (a, b) => truth(a !== b), less: (a, b) => truth(a < b),
  lessOrEqual: (a, b) => truth(a <= b), equalFloats: (a, b) => truth(toFloat(a) === toFloat(b)),
  unequalFloats: (a, b) => truth(toFloat(a) !== toFloat(b)), lessFloats: (a, b) => truth(toFloat(a) < toFloat(b)),
  lessOrEqualFloats: (a, b) => truth(toFloat(a) <= toFloat(b)), not: a => truth(a === 0n),
};
const demands = {
  demand: a => a !== 0n, demandEqual: (a, b) => a === b, demandUnequal: (a, b) => a !== b,
  demandLess: (a, b) => a < b, demandLessOrEqual: (a, b) => a <= b,
};

/** What the check says: {verdict: admitted | refused | undecided | unexplored, constraints: [numbers]}. */
function checked(sizes) {
  const registers = [...sizes.map(BigInt), ...data.check.constants.map(BigInt)];
  const problems = [];
  for (const [code, target, a, b, c] of data.check.steps) {
    const [x, y] = [registers[a] ?? null, registers[b] ?? null];
    if (code === "admit") {
      if (x !== null && x !== 0n) {
        if (!problems.length) return { verdict: "admitted", constraints: [] };
        break;
      }
    } else if (code === "refuse") {
      if (x !== null && x !== 0n) problems.push(["refused", target]);
    } else if (code in demands) {
      const needed = demands[code].length === 1 ? x === null : x === null || y === null;
      if (needed) problems.push(["undecided", target]);
      else if (!demands[code](x, y)) problems.push(["refused", target]);
    } else if (code === "and" || code === "or") {
      const decided = x !== null && (x !== 0n) === (code === "or");
      registers[target] = x === null ? null : decided ? truth(code === "or") : y === null ? null : truth(y !== 0n);
    } else if (code === "select") {
      const condition = registers[c] ?? null;
      registers[target] = condition === null ? null : condition !== 0n ? x : y;
    } else {
      const step = steps[code];
      const missing = !step || x === null || step.length === 2 && y === null;
      registers[target] = missing ? null : step(x, y);
    }
  }
  if (problems.length) return { verdict: problems[0][0], constraints: problems.map(([, number]) => number) };
  return { verdict: data.check.byPath ? "unexplored" : "admitted", constraints: [] };
}

// Sizes that the reader gives

const environment = new Map();
let sizeValues = [];
let costValues = [];
const whenSizesChange = [];

function sizesSection() {
  const fields = [];
  const row = element("div", { class: "sizes" });
  for (const [index, parameter] of data.check.parameters.entries()) {
    const field = element("input", {
      type: "number", step: "1", value: parameter.example, "data-parameter": parameter.text, oninput: update,
      disabled: parameter.constant !== null
    });
    fields[index] = field;
    row.append(element("label", {}, element("span", { class: "mono" }, symbolic(parameter.text)), field,
      parameter.symbol ? symbolic(parameter.symbol) : null));
  }
  const unbacked = data.symbols.filter(symbol => symbol.example !== null && !data.check.parameters.some(p => p.symbol === symbol.name));
  const others = element("div", { class: "sizes" });
  const otherFields = new Map();
  for (const symbol of unbacked) {
    const field = element("input", { type: "number", step: "1", value: symbol.example, "data-symbol": symbol.name, oninput: update });
    otherFields.set(symbol.name, field);
    others.append(element("label", {}, symbolic(symbol.name), field, element("span", { class: "dim" }, symbol.read)));
  }
  const verdict = element("p", { id: "verdict", role: "status", "aria-live": "polite" });
  const list = element("ul", {});
  function update() {
    const sizes = fields.map(field => field.value);
    environment.clear();
    for (const [name, field] of otherFields) if (/^-?\d+$/.test(field.value)) environment.set(name, Number(field.value));
    const complete = sizes.every(size => /^-?\d+$/.test(size)) && sizes.every(size => fitting(BigInt(size)) !== null);
    list.replaceChildren();
    if (!complete) {
      verdict.className = "dim";
      verdict.textContent = "Give a whole number for every size.";
    } else {
      data.check.parameters.forEach((parameter, index) => {
        if (parameter.symbol && !environment.has(parameter.symbol)) environment.set(parameter.symbol, Number(sizes[index]));
      });
      const answer = checked(sizes);
      verdict.className = answer.verdict === "admitted" ? "good" : answer.verdict === "refused" ? "bad" : "dim";
      verdict.textContent = {
        admitted: "The program accepts these sizes.", refused: "The program refuses these sizes:",
        undecided: "A constraint has no value at these sizes:",
        unexplored: "No constraint refuses these sizes, but no run of the check covers them: ask swiftfx check."
      }[answer.verdict];
      for (const number of answer.constraints) {
        const constraint = data.check.constraints[number];
        list.append(element("li", { class: "mono" }, symbolic(constraint.text),
          element("span", { class: "dim" }, " " + constraint.origin)));
      }
    }
    for (const [name, target] of data.replacements) {
      const value = evaluated(data.expressions, environment)[target];
      if (value !== null) environment.set(name, value);
    }
    sizeValues = evaluated(data.expressions, environment);
    costValues = evaluated(data.costs.expressions, environment);
    for (const action of whenSizesChange) action();
  }
  const constraints = data.check.constraints.map(constraint =>
    [symbolic(constraint.text), constraint.force, constraint.fate, constraint.origin]);
  section("sizes", "Sizes", element("p", {}, "Sizes to try. Tables and curves below follow them."), row,
    unbacked.length ? element("p", { class: "dim" }, "Values that only a run knows:") : null, others, verdict, list,
    element("details", {}, element("summary", {}, `${constraints.length} constraints`),
      table("What the program requires of its inputs", ["constraint", "who", "how it is checked", "where it comes from"], constraints)));
  update();
}

// Nodes, by the author's modules

const rowsByNode = new Map();
const tree = new Map();

function buildTree() {
  tree.set("", { path: "", nodes: [], children: [] });
  function module(path) {
    if (tree.has(path)) return tree.get(path);
    const dot = path.lastIndexOf(".");
    const parent = module(dot < 0 ? "" : path.slice(0, dot));
    const made = { path, nodes: [], children: [], parent };
    tree.set(path, made);
    parent.children.push(made);
    return made;
  }
  data.nodes.forEach((node, index) => module(node.module).nodes.push(index));
  function count(entry) { return entry.total = entry.nodes.length + entry.children.reduce((sum, child) => sum + count(child), 0); }
  count(tree.get(""));
}

/** The sizes of a node's value at the sizes of the form. */
function valueNow(node) {
  if (!node.sizes) return "";
  const values = node.sizes.map(size => sizeValues[size]);
  return "[" + values.map(value => value === null ? "?" : String(value)).join(", ") + "]";
}

function nodeRow(index) {
  const node = data.nodes[index];
  const now = element("td", {}, valueNow(node));
  const row = element("tr", { id: "node-" + index, tabindex: "-1" },
    element("td", {}, node.name), element("td", {}, node.operator),
    element("td", {}, symbolic(node.value), node.binds.length ? element("span", { class: "dim" }, "  born: " + node.binds.join(", ")) : null),
    now, element("td", {}, node.layout ? symbolic(node.layout) : ""),
    element("td", { class: "dim", title: node.code }, node.source));
  rowsByNode.set(index, { row, now });
  return row;
}

const rowsAtOnce = 500;

function nodeTable(entry) {
  const body = element("tbody", {});
  const heads = ["node", "operator", "value", "at these sizes", "strides", "source"];
  const result = element("table", {},
    element("caption", {}, `${entry.nodes.length} nodes of ${entry.path || "the program"}`),
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
  const name = entry.path === "" ? "program" : entry.path.slice(entry.path.lastIndexOf(".") + 1);
  const view = element("details", { open: isOpen }, element("summary", {},
    element("strong", {}, name), element("span", { class: "dim" }, `  ${entry.total} nodes`)));
  entry.view = view;
  function fill() {
    if (entry.isFilled) return;
    entry.isFilled = true;
    const picture = element("div", {});
    view.append(element("button", { onclick: () => draw(entry, picture) }, "Draw"), picture,
      ...entry.children.map(child => moduleView(child, false)));
    if (entry.nodes.length) view.append(nodeTable(entry));
  }
  entry.fill = fill;
  view.addEventListener("toggle", () => { if (view.open) fill(); });
  if (isOpen) fill();
  return view;
}

/** Opens the modules around a node and moves to its row. */
function reveal(index) {
  const path = [];
  for (let entry = tree.get(data.nodes[index].module); entry; entry = entry.parent) path.unshift(entry);
  for (const entry of path) { entry.fill(); entry.view.open = true; }
  const own = path[path.length - 1];
  const position = own.nodes.indexOf(index);
  if (position >= own.shown) own.showRows(position + 1);
  for (const row of document.querySelectorAll("tr.here")) row.classList.remove("here");
  const { row } = rowsByNode.get(index);
  row.classList.add("here");
  row.scrollIntoView({ block: "center" });
  row.focus({ preventScroll: true });
}

whenSizesChange.push(() => { for (const [index, { now }] of rowsByNode) now.textContent = valueNow(data.nodes[index]); });

// Pictures: a module's own nodes and its children as boxes, laid out by dagre

const drawnAtMost = 1500;

function draw(entry, target) {
  const boxOf = new Map();
  const boxes = [];
  function box(key, label, kind, names) {
    boxes.push({ v: key, label, kind, names, width: Math.max(60, 7.3 * label.length + 16), height: 26 });
  }
  for (const index of entry.nodes) {
    const node = data.nodes[index];
    const label = `${node.name}  ${node.value}`;
    box("n" + index, label.length > 60 ? label.slice(0, 59) + "…" : label, "node", node.symbols);
    boxOf.set(index, "n" + index);
  }
  entry.children.forEach((child, place) => {
    const names = new Set();
    (function visit(inner) {
      for (const index of inner.nodes) {
        boxOf.set(index, "m" + place);
        data.nodes[index].symbols.forEach(name => names.add(name));
      }
      inner.children.forEach(visit);
    })(child);
    box("m" + place, `${child.path.slice(child.path.lastIndexOf(".") + 1)}  ${child.total} nodes`, "module", [...names]);
  });
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
  const width = Math.max(...boxes.map(item => item.x + item.width / 2)) + 8;
  const height = Math.max(...boxes.map(item => item.y + item.height / 2)) + 8;
  const picture = drawn("svg", { width, height, viewBox: `-8 -8 ${width + 8} ${height + 8}`, role: "img", "aria-label": `Graph of ${entry.path || "the program"}: ${boxes.length} boxes, ${edges.length} edges` });
  for (const edge of edges)
    picture.append(drawn("path", { class: "edge", d: "M" + edge.points.map(point => `${point.x} ${point.y}`).join("L") }));
  for (const item of boxes) {
    const group = drawn("g", { class: item.kind, transform: `translate(${item.x - item.width / 2} ${item.y - item.height / 2})` },
      drawn("rect", { class: "box" + (item.names.includes(litSymbol) ? " lit" : ""), "data-symbols": item.names.join(" "), width: item.width, height: item.height, rx: 4 }),
      drawn("text", { x: 8, y: 17 }, item.label));
    if (item.kind === "node") group.addEventListener("click", () => reveal(Number(item.v.slice(1))));
    picture.append(group);
  }
  target.replaceChildren(element("div", { class: "scroll", tabindex: "0" }, picture));
}

// Memory and operations

function bytes(value) {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) { value /= 1000; unit++; }
  return (unit ? value.toFixed(1) : value) + " " + units[unit];
}

function costsSection() {
  const { costs } = data;
  const curve = element("div", {});
  const byModule = element("div", {});
  function show() {
    const live = costs.nodes.map(node => costValues[node.live]);
    const known = live.filter(value => value !== null);
    if (!known.length) { curve.replaceChildren(element("p", { class: "dim" }, "No value at these sizes.")); return; }
    const peak = Math.max(...known);
    const at = live.indexOf(peak);
    const [width, height] = [900, 200];
    const points = live.map((value, index) =>
      `${(index / Math.max(1, live.length - 1) * width).toFixed(1)} ${(height - (value ?? 0) / peak * height).toFixed(1)}`);
    const picture = drawn("svg", { viewBox: `0 -20 ${width} ${height + 22}`, width, height: height + 22, role: "img", "aria-label": `Memory by node, at most ${bytes(peak)}` },
      drawn("line", { class: "axis", x1: 0, y1: height, x2: width, y2: height }),
      drawn("path", { class: "curve", d: `M0 ${height}L${points.join("L")}L${width} ${height}Z` }),
      drawn("text", { x: 0, y: -6 }, `${bytes(peak)} after ${costs.nodes[at].name}`));
    curve.replaceChildren(element("p", {}, "At these sizes at most ", element("strong", {}, bytes(peak)), " are alive, after ",
      nodeLink(costs.nodes[at].name), "; weights take ", bytes(costs.weights), "."), element("div", { class: "scroll" }, picture));
    const totals = new Map();
    for (const node of costs.nodes) {
      const value = costValues[node.flops];
      if (value) totals.set(node.module, (totals.get(node.module) ?? 0) + value);
    }
    const rows = [...totals].sort((a, b) => b[1] - a[1]).slice(0, 50)
      .map(([module, value]) => [module || "program", value.toLocaleString("en")]);
    byModule.replaceChildren(rows.length ? table("Floating-point operations by module, the largest first", ["module", "operations"], rows) : "");
  }
  whenSizesChange.push(show);
  section("costs", "Memory and operations",
    element("p", {}, "Peak: ", element("code", {}, symbolic(costs.peak)), " bytes. Operations: ", element("code", {}, symbolic(costs.flops)), "."),
    curve, byModule, costs.remarks.length ? element("ul", {}, ...costs.remarks.map(remark => element("li", {}, remark))) : null);
}

// Search

function searchField() {
  const list = element("ul", { id: "results", role: "listbox", hidden: true });
  const field = element("input", { type: "search", placeholder: "Search nodes  (/)", "aria-label": "Search nodes", oninput: search, onkeydown: key });
  const limit = 50;
  let found = [];
  let current = -1;
  function search() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = !words.length ? [] : data.nodes.flatMap((node, index) => {
      const text = `${node.name} ${node.operator} ${node.value} ${node.module} ${node.source}`.toLowerCase();
      return words.every(word => text.includes(word)) ? [index] : [];
    });
    current = -1;
    list.hidden = !words.length;
    list.replaceChildren(element("li", { class: "dim" }, `${found.length} nodes`),
      ...found.slice(0, limit).map(index => element("li", { role: "option" },
        element("a", { href: "#nodes", onclick: event => { event.preventDefault(); go(index); } }, data.nodes[index].name),
        element("span", { class: "dim" }, ` ${data.nodes[index].operator}  ${data.nodes[index].value}`))));
  }
  function go(index) { list.hidden = true; reveal(index); }
  function key(event) {
    if (event.key === "Escape") { field.value = ""; search(); field.blur(); }
    if (event.key === "Enter" && found.length) go(found[Math.max(0, current)]);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const shown = Math.min(found.length, limit);
      if (!shown) return;
      current = (current + (event.key === "ArrowDown" ? 1 : -1) + shown) % shown;
      [...list.querySelectorAll("[role=option]")].forEach((item, place) => {
        item.classList.toggle("lit", place === current);
        item.setAttribute("aria-selected", String(place === current));
      });
    }
  }
  document.addEventListener("keydown", event => {
    if (event.target instanceof HTMLInputElement) return;
    if (event.key === "/") { event.preventDefault(); field.focus(); }
    if (event.key === "Escape") light(null);
  });
  document.querySelector("nav").prepend(field);
  document.querySelector("main").prepend(list);
}

// The page

function facts(title, rows) {
  return rows.length ? table(title, ["condition", "node", "source"], rows.map(fact => [symbolic(fact.text), fact.node ? nodeLink(fact.node) : "", fact.source])) : null;
}

function findingsSection() {
  section("findings", "Findings", ...data.findings.map(finding => element("details", { open: true },
    element("summary", { class: "bad" }, finding.headline),
    element("p", {}, finding.node ? nodeLink(finding.node) : "", " ", element("span", { class: "dim" }, finding.source)),
    ...finding.fixes.map(fix => element("p", {}, element("code", {}, fix.code), element("span", { class: "dim" }, "  " + fix.outcome))))));
}

function start() {
  buildTree();
  section("overview", "Overview", element("p", {}, data.summary),
    data.error ? element("p", { class: "bad" }, data.error) : null,
    table("Symbols", ["symbol", "values", "what it is", "where it arises"],
      data.symbols.map(symbol => [symbolButton(symbol.name), symbol.range, symbol.read, symbol.node ? nodeLink(symbol.node) : ""])),
    facts("Guards", data.guards), facts("Runtime asserts", data.asserts));
  if (data.findings.length) findingsSection();
  sizesSection();
  costsSection();
  if (data.differences) section("differences", "Differences", element("pre", {}, data.differences));
  section("nodes", "Program", moduleView(tree.get(""), true));
  searchField();
  for (const action of whenSizesChange) action();
  document.documentElement.dataset.ready = "true";
}

start();
