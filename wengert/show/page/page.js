// Goes through the steps of the sweeps: one step a row that has a number. What is shown is copied from the row's own cells and
// from the graph beside; nothing is computed here, and every word comes from the page.
"use strict";
(() => {
  // -- the size of a picture: as wide as its box; a graph is never too small to be read

  const drawn = document.querySelector("figure > svg");
  const least = drawn?.closest("figure.graph") ? 0.8 : 0.45;
  const natural = drawn ? Number(drawn.getAttribute("width")) : 0;

  function fit() {
    if (!natural) return;
    const room = drawn.parentElement.clientWidth;
    drawn.style.width = `${Math.max(least * natural, Math.min(natural, room))}px`;
    drawn.style.height = "auto";
  }
  addEventListener("resize", fit);
  fit();

  // -- the player, where there are steps

  const rows = [...document.querySelectorAll("tr[data-step]")];
  const template = document.getElementById("player");
  if (!rows.length || !template) return;
  const last = rows.length;
  document.documentElement.classList.add("steps");
  template.replaceWith(template.content);
  const player = document.querySelector(".player");
  const panel = player.querySelector(".panel");
  const progress = player.querySelector(".progress");
  const list = player.querySelector("dl");
  const slider = player.querySelector("input");
  const buttons = new Map([...player.querySelectorAll("button")].map((b) => [b.dataset.go, b]));
  slider.max = last;

  // -- what a row is about, and where it is in the graph

  const picture = document.querySelector("figure.graph");
  const vertices = [...document.querySelectorAll("figure.graph g.vertex")];
  const edges = [...document.querySelectorAll("figure.graph g.edge")];
  const vertexOf = index(vertices, (v) => words(v.dataset.names));
  const edgesOf = index(edges, (e) => [...words(e.dataset.covers), ...words(e.dataset.names)]);
  const stepsOf = new Map(); // vertex or edge: its steps, in order
  const reached = new Map(); // "forward v1", "reverse v1", "reverse v1,x2": the step that finds that figure
  const figures = [...document.querySelectorAll("figure.graph [data-figure]")];

  function words(text) {
    return text ? text.split(" ") : [];
  }

  function index(elements, keys) {
    const found = new Map();
    for (const element of elements) {
      for (const key of keys(element)) {
        if (!found.has(key)) found.set(key, []);
        found.get(key).push(element);
      }
    }
    return found;
  }

  /** The kind of a row's sweep. */
  function kindOf(row) {
    return row.closest("section").dataset.kind || "";
  }

  /** The elements of the graph that a row is about: where it comes from, where it goes, and what leads there. */
  function placesOf(row) {
    const { about, to } = row.dataset;
    const at = vertexOf.get(about) || edgesOf.get(about) || [];
    if (to === undefined) return { at, to: [], along: [] };
    const along = edgesOf.get(`${about},${to}`) || edgesOf.get(to) || [];
    return { at, to: vertexOf.get(to) || [], along };
  }

  /** Which steps each place of the graph has, and which step finds which figure: of an adjoint the last that adds to it. */
  function prepare() {
    const swept = new Map(); // kind: the first section of it: of several the graph shows that one
    rows.forEach((row, i) => {
      const step = i + 1;
      const kind = kindOf(row);
      const { at, to, along } = placesOf(row);
      for (const place of new Set([...along, ...(kind === "reverse" && to.length ? to : at)])) {
        if (!stepsOf.has(place)) stepsOf.set(place, []);
        stepsOf.get(place).push(step);
      }
      const section = row.closest("section");
      if (!swept.has(kind)) swept.set(kind, section);
      if (swept.get(kind) !== section) return;
      const { about, to: name } = row.dataset;
      if (kind === "list") {
        if (!reached.has(`forward ${about}`)) reached.set(`forward ${about}`, step);
      } else {
        reached.set(`${kind} ${name || about}`, step);
        if (name) reached.set(`${kind} ${about},${name}`, step);
      }
    });
  }
  if (picture) prepare();

  // -- one step

  let current = 0;
  const ways = {
    first: () => 1, back: () => current - 1, forward: () => current + 1, last: () => last, whole: () => 0,
  };
  let marked = []; // what the step before has marked, as pairs of element and class

  function mark(element, name) {
    element.classList.add(name);
    marked.push([element, name]);
  }

  /** Shows a step; 0 is the whole, without a step. */
  function show(step) {
    current = Math.max(0, Math.min(last, step));
    for (const [element, name] of marked) element.classList.remove(name);
    marked = [];
    document.querySelector("tr[aria-current]")?.removeAttribute("aria-current");
    slider.value = current;
    const said = current ? progress.dataset.one : progress.dataset.all;
    progress.textContent = said.replace("{step}", current).replace("{steps}", last);
    slider.setAttribute("aria-valuetext", progress.textContent);
    document.documentElement.classList.toggle("stepping", current > 0);
    for (const [go, button] of buttons) {
      button.disabled = ways[go]() === current || ways[go]() < 0 || ways[go]() > last;
    }
    list.replaceChildren();
    drawGraph();
    if (!current) return;
    const row = rows[current - 1];
    row.setAttribute("aria-current", "step");
    mark(row, "current");
    fill(row);
    reveal(row);
  }

  /** The panel: the cells of the row under the headings of its columns. */
  function fill(row) {
    const section = row.closest("section");
    const heading = section.querySelector("h2");
    if (heading) progress.append(" \u00b7 ", ...copies(heading));
    panel.dataset.kind = kindOf(row);
    const names = section.querySelectorAll("thead tr > *");
    [...row.cells].forEach((cell, i) => {
      if (!cell.hasChildNodes()) return;
      const name = document.createElement("dt");
      const value = document.createElement("dd");
      if (names[i]) name.append(...copies(names[i]));
      value.append(...copies(cell));
      list.append(name, value);
    });
  }

  function copies(element) {
    return [...element.childNodes].map((node) => node.cloneNode(true));
  }

  /** The graph as far as the step has come. */
  function drawGraph() {
    if (!picture) return;
    for (const figure of figures) {
      figure.classList.toggle("later", current > 0 && reached.get(figure.dataset.figure) > current);
    }
    if (!current) return;
    const row = rows[current - 1];
    const kind = kindOf(row);
    const { at, to, along } = placesOf(row);
    const [now, other] = kind === "reverse" && to.length ? [to, at] : [at, to];
    now.forEach((v) => mark(v, "current"));
    other.filter((v) => !now.includes(v)).forEach((v) => mark(v, "source"));
    along.forEach((e) => mark(e, "current"));
    if (!to.length) { // what leads to a statement, and of an adjoint what leads on from it
      const end = kind === "reverse" ? "from" : "to";
      for (const v of now) edges.filter((e) => e.dataset[end] === v.id).forEach((e) => mark(e, "feeds"));
    }
    picture.dataset.kind = kind;
    const shown = [...along, ...at, ...to].map((place) => place.getBoundingClientRect());
    if (shown.length) scrollTo(picture, bounds(shown));
  }

  // -- keeping in sight

  function bounds(boxes) {
    return {
      left: Math.min(...boxes.map((b) => b.left)), right: Math.max(...boxes.map((b) => b.right)),
      top: Math.min(...boxes.map((b) => b.top)), bottom: Math.max(...boxes.map((b) => b.bottom)),
    };
  }

  /** How far to scroll so that low to high lies between from and to. */
  function shift(low, high, from, to) {
    if (low < from || high - low > to - from) return low - from;
    return high > to ? high - to : 0;
  }

  function scrollTo(box, wanted) {
    const frame = box.getBoundingClientRect();
    const room = 12;
    box.scrollLeft += shift(wanted.left, wanted.right, frame.left + room, frame.right - room);
    box.scrollTop += shift(wanted.top, wanted.bottom, frame.top + room, frame.bottom - room);
  }

  const stuck = [...document.querySelectorAll(".stage, figure.graph")];

  /** How far down an element that stays in sight lies over the tables. */
  function overlies(element) {
    if (getComputedStyle(element).position !== "sticky") return 0;
    const box = element.getBoundingClientRect();
    const tables = document.querySelector("main").getBoundingClientRect();
    return box.left < tables.right ? box.height : 0;
  }

  /** Scrolls the page up or down until the row is in sight, between what lies over the page above and below. */
  function reveal(row, more = 3) {
    const wanted = row.getBoundingClientRect();
    const floor = getComputedStyle(player).position === "fixed" ? player.getBoundingClientRect().top : innerHeight;
    const ceiling = stuck.reduce((most, e) => Math.max(most, overlies(e)), 0);
    const room = Math.min(2 * wanted.height, (floor - ceiling) / 4);
    const by = shift(wanted.top, wanted.bottom, ceiling + room, floor - room);
    if (by) scrollBy(0, by);
    // what comes into sight only now may turn out higher or lower than it was taken for
    if (by && more) requestAnimationFrame(() => row === rows[current - 1] && reveal(row, more - 1));
  }

  // -- the address: #step=12. A quick run through many steps is one entry of the history.

  let waiting = 0;
  let own = ""; // the address that we have written and not heard of yet

  function go(step) {
    show(step);
    clearTimeout(waiting);
    waiting = setTimeout(remember, 120);
  }

  function remember() {
    const hash = `#step=${current}`;
    if (location.hash !== hash && (current || location.hash)) location.hash = own = hash;
  }

  function remembered() {
    const found = /^#step=(\d+)$/.exec(location.hash);
    return found ? Number(found[1]) : 0;
  }

  addEventListener("hashchange", () => {
    const mine = location.hash === own;
    own = "";
    if (mine) return; // the person may be further on by now
    clearTimeout(waiting);
    if (remembered() !== current) show(remembered());
  });

  // -- what a person does

  const keys = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last", Escape: "whole" };

  for (const [way, button] of buttons) button.addEventListener("click", () => go(ways[way]()));
  slider.addEventListener("input", () => go(Number(slider.value)));

  addEventListener("keydown", (event) => {
    const way = keys[event.key];
    if (!way || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target === slider && way !== "whole") return; // it moves by itself
    const box = event.target.closest?.("[tabindex]");
    if (box && event.key.startsWith("Arrow") && box.scrollWidth > box.clientWidth) return; // a wide table scrolls
    event.preventDefault();
    go(ways[way]());
  });

  document.querySelector("main").addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-step]");
    if (row && getSelection().isCollapsed) go(Number(row.dataset.step));
  });

  picture?.addEventListener("click", (event) => {
    const steps = stepsOf.get(event.target.closest("g.vertex, g.edge"));
    if (steps) go(steps.find((step) => step > current) || steps[0]);
  });

  fit(); // the player has taken room
  show(remembered());
})();
