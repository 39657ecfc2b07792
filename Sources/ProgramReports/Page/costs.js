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
