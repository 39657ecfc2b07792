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

function differenceSection() {
  const { difference } = data;
  section("differences", "Differences",
    element("p", {}, element("strong", {}, data.name), " → ", element("strong", {}, difference.name), element("span", { class: "dim" }, "  " + difference.summary)),
    difference.equal ? element("p", { class: "good" }, "They are equal but for names and order.") : null,
    ...difference.sections.map(part => element("details", { open: part.lines.length <= 100 },
      element("summary", {}, `${part.title}: ${part.lines.length}`),
      table("What differs: " + part.title, ["difference", "in " + data.name, "in " + difference.name],
        part.lines.map(line => [line.text, line.a ? nodeLink(line.a) : "", line.b ? nodeLink(line.b, "b") : ""])))));
}

/** A button that changes between the light and the dark page; at first the system decides. */
function themeButton() {
  const root = document.documentElement;
  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }
  const button = element("button", { id: "theme", onclick: () => { root.dataset.theme = isDark() ? "light" : "dark"; tell(); } });
  function tell() { button.textContent = isDark() ? "Light" : "Dark"; }
  tell();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
  document.querySelector("nav").append(button);
}

function start() {
  buildTrees();
  section("overview", "Overview", element("p", {}, data.summary),
    data.error ? element("p", { class: "bad" }, data.error) : null,
    table("Symbols", ["symbol", "values", "what it is", "where it arises"],
      data.symbols.map(symbol => [symbolButton(symbol.name), symbol.range, symbol.read, symbol.node ? nodeLink(symbol.node) : ""])),
    facts("Guards", data.guards), facts("Runtime asserts", data.asserts),
    element("p", { class: "dim" }, "Keys: / searches, a click on a symbol lights it up, n and p go to its next and previous place, Escape puts it out."));
  if (data.findings.length) findingsSection();
  sizesSection();
  costsSection();
  if (data.difference) differenceSection();
  programSection();
  searchField();
  themeButton();
  for (const action of whenSizesChange) action();
  document.documentElement.dataset.ready = "true";
}

start();
