// Search

function searchField() {
  const list = element("ul", { id: "results", role: "listbox", "aria-label": "Nodes found", hidden: true });
  const count = element("p", { id: "found", class: "dim", role: "status", hidden: true });
  const field = element("input", {
    type: "search", placeholder: "Search nodes  (/)", "aria-label": "Search nodes", role: "combobox", "aria-controls": "results",
    "aria-expanded": "false", "aria-autocomplete": "list", oninput: search, onkeydown: key
  });
  const limit = 50;
  let found = [];
  let current = -1;
  function search() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = !words.length ? [] : data.nodes.flatMap((node, index) => {
      const text = `${node.name} ${node.operator} ${node.value} ${node.module} ${node.source ?? ""}`.toLowerCase();
      return words.every(word => text.includes(word)) ? [index] : [];
    });
    current = -1;
    show(words.length > 0);
    field.removeAttribute("aria-activedescendant");
    count.textContent = `${found.length} nodes`;
    list.replaceChildren(
      ...found.slice(0, limit).map((index, place) => element("li", { role: "option", id: "result-" + place, "aria-selected": "false" },
        element("a", { href: "#nodes", tabindex: "-1", onclick: event => { event.preventDefault(); go(index); } }, data.nodes[index].name),
        element("span", { class: "dim" }, ` ${data.nodes[index].operator}  ${data.nodes[index].value}`))));
  }
  function show(isShown) {
    list.hidden = count.hidden = !isShown;
    field.setAttribute("aria-expanded", String(isShown));
  }
  function go(index) { show(false); reveal(index); }
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
      field.setAttribute("aria-activedescendant", "result-" + current);
    }
  }
  document.addEventListener("keydown", event => {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") { event.preventDefault(); field.focus(); }
    if (event.key === "Escape") light(null);
    if (event.key === "n") nextOccurrence(1);
    if (event.key === "p") nextOccurrence(-1);
  });
  document.querySelector("nav").prepend(field);
  document.querySelector("main").prepend(count, list);
}
