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
      type: "number", step: "1", value: parameter.example, "data-parameter": parameter.text, "aria-label": parameter.text, oninput: update,
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
    const field = element("input", { type: "number", step: "1", value: symbol.example, "data-symbol": symbol.name, "aria-label": symbol.name, oninput: update });
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
  const results = element("p", { id: "results-now" });
  const output = data.nodes.find(node => node.graph === 0 && node.operator === "output");
  whenSizesChange.push(() => {
    const now = output ? valueNow(output.now) : "";
    results.textContent = now ? "Results at these sizes: " + now : "";
  });
  const constraints = data.check.constraints.map(constraint =>
    [symbolic(constraint.text), constraint.force, constraint.fate, constraint.origin]);
  section("sizes", "Sizes", element("p", {}, "Sizes to try. Tables and curves below follow them."), row,
    unbacked.length ? element("p", { class: "dim" }, "Data-dependent sizes, as examples:") : null, others, verdict, list, results,
    element("details", {}, element("summary", {}, `${constraints.length} constraints`),
      table("What the program requires of its inputs", ["constraint", "who", "how it is checked", "where it comes from"], constraints)));
  update();
}
