// The page of a report. All text from the program is set as text, never parsed as markup.
const data = JSON.parse(document.getElementById("data").textContent);
// Nodes tell the places of their symbols among the expressions: names are long in some programs.
for (const node of data.nodes) node.symbols = node.symbols?.map(place => data.expressions[place]);
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

/** Moves the focus to the next place of the symbol that is lit. */
function nextOccurrence(step) {
  if (litSymbol === null) return;
  const places = [...document.querySelectorAll("main button.sym.lit")].filter(button => button.checkVisibility());
  if (!places.length) return;
  const here = places.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : places.length - 1) : (here + step + places.length) % places.length;
  places[next].scrollIntoView({ block: "center" });
  places[next].focus({ preventScroll: true });
}
