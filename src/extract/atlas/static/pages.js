// What the pages of the atlas share: data loaded on demand, tables that are searched, sorted and paged, charts.
"use strict";

const { h, byId, word, number, percent } = page;
const data = window.data;
const atlas = { charts: [] };

/** Load a script of data once; it lies beside the page, no network is used. */
atlas.load = (name) => new Promise((resolve, reject) => {
  if (data[name]) { resolve(data[name]); return; }
  const script = h("script", { src: `data/${name}.js` });
  script.onload = () => resolve(data[name]);
  script.onerror = () => reject(new Error(name));
  document.head.append(script);
});

/** A measure by columns; its value is one part by the other, none where the lower is 0 or either is unknown. */
atlas.measure = (name) => atlas.load(`measure/${name}`).then((m) => {
  m.value ??= m.numerator.map((top, k) => (!m.denominator ? top : top === null || !(m.denominator[k] > 0) ? null : top / m.denominator[k]));
  return m;
});

/** One of a pair [Chinese, English]. */
atlas.say = (pair) => (page.language === "en" ? pair[1] || pair[0] : pair[0]);
atlas.level = (name) => atlas.say(data.registry.levels[name] || ["", ""]);
atlas.kind = (name) => atlas.say(data.registry.kinds[name] || [name, name]);
atlas.agencyLink = (i) => h("a", { href: `agency.html#${i}` }, data.agencies.agency[i]);
atlas.show = (value, measure) => {
  if (value === null || value === undefined) return "—";
  return measure.rate ? percent(value) : number(value, 4);
};

/** Choices of a select: [value, text] pairs; `changed` gets the value. */
atlas.select = (key, options, chosen, changed) => h("label", {}, word(key), h("select", { id: key, onchange: (e) => changed(e.target.value) },
  options.map(([value, text]) => h("option", { value, selected: String(value) === String(chosen) }, text))));
atlas.search = (key, value, changed) => h("label", { class: "grow" }, word(key), h("input", { id: key, type: "search", value, oninput: (e) => changed(e.target.value) }));
atlas.folded = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

/**
 * A table of data. Columns: {key, label, value(row) to sort by, cell(row) to show, number}. State is kept between drawings in `state`.
 */
atlas.table = (box, { caption, columns, rows, state, size = 100 }) => {
  state.page ??= 0;
  const sorted = () => {
    const column = columns.find((c) => c.key === state.sort);
    if (!column) return rows;
    const sign = state.down ? -1 : 1;
    const text = new Intl.Collator("zh-Hans-CN");
    return [...rows].sort((a, b) => {
      const x = column.value(a), y = column.value(b);
      if (x === null || x === undefined) return y === null || y === undefined ? 0 : 1; // what is unknown comes last either way
      if (y === null || y === undefined) return -1;
      return sign * (column.number ? x - y : text.compare(String(x), String(y)));
    });
  };
  const draw = () => {
    const ordered = sorted();
    const pages = Math.max(1, Math.ceil(rows.length / size));
    state.page = Math.min(state.page, pages - 1);
    const shown = ordered.slice(state.page * size, (state.page + 1) * size);
    const turn = (by) => { state.page += by; draw(); box.scrollIntoView({ block: "start" }); };
    const head = columns.map((c) => h("th", { scope: "col", class: `${c.number ? "number" : ""} ${c.class || ""}`, "aria-sort": state.sort === c.key ? (state.down ? "descending" : "ascending") : null },
      h("button", { type: "button", "data-sort": c.key, onclick: () => {
        state.down = state.sort === c.key ? !state.down : Boolean(c.number);
        state.sort = c.key; state.page = 0; draw();
        box.querySelector(`[data-sort="${c.key}"]`).focus();
      } }, word(c.label))));
    box.replaceChildren(
      h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, h("table", { class: "data" }, h("caption", {}, caption),
        h("thead", {}, h("tr", {}, head)),
        h("tbody", {}, shown.map((row, i) => h("tr", {}, columns.map((c) => h("td", { class: `${c.number ? "number" : ""} ${c.class || ""}` }, c.cell(row, state.page * size + i)))))))),
      pages > 1 ? h("div", { class: "pager" },
        h("button", { type: "button", disabled: state.page === 0, onclick: () => turn(-1) }, word("previous")),
        h("span", {}, word("page_of", { page: number(state.page + 1), pages: number(pages), rows: number(rows.length) })),
        h("button", { type: "button", disabled: state.page === pages - 1, onclick: () => turn(1) }, word("next"))) : "");
  };
  draw();
};

/** A link to the published file of an error, at its page where the format has pages. */
atlas.source = (error) => (error.link ? h("p", {}, h("a", { href: error.page && error.link.toLowerCase().endsWith(".pdf") ? `${error.link}#page=${error.page}` : error.link }, error.file), error.page ? ` · ${word("page_at", { page: error.page })}` : "") : h("p", { class: "soft" }, error.file));

/** A chart in a box, drawn as vectors so that it prints; its numbers are told to screen readers. */
atlas.chart = (box, option) => {
  const chart = echarts.init(box, null, { renderer: "svg" });
  const narrow = box.clientWidth < 480;
  chart.setOption({
    animation: false, aria: { enabled: true, label: { description: option.description } }, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    color: ["#0b5cad", "#e08b1d", "#6d7b8d", "#1b7a43", "#8e44ad"], grid: { left: 8, right: 16, top: 44, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", confine: true }, legend: { top: 0, type: "scroll", textStyle: { fontSize: narrow ? 11 : 12 } }, ...option,
  });
  atlas.charts.push(chart);
  new ResizeObserver(() => { if (!chart.isDisposed()) chart.resize(); }).observe(box); // a chart beside it may come later
  return chart;
};
window.addEventListener("beforeprint", () => atlas.charts.forEach((chart) => chart.resize({ width: 640 })));
window.addEventListener("afterprint", () => atlas.charts.forEach((chart) => chart.resize({ width: "auto" })));

/** An error in words: the sum with its cells, or the sentence of a check across reports. */
atlas.errorText = (error) => {
  if (error.message) return h("p", {}, atlas.say(error.message));
  const known = new Map(error.cells.map(([code, value]) => [code, { value }]));
  const label = (code) => {
    const form = Object.values(data.forms).find((f) => f.codes.includes(code));
    if (!form) return code;
    const [row, column] = form.labels[form.codes.indexOf(code)];
    const acrossRow = error.check.includes("row_total") || !code.startsWith("requests.");
    return (acrossRow ? column : row).split(" / ").pop();
  };
  const side = (expression) => expression.split(" + ").map((code, i) => {
    const cell = known.get(code);
    if (cell && cell.value === 0 && expression.includes(" + ")) return null; // zeros add nothing
    return h("span", {}, i ? "+ " : "", cell ? h("b", {}, number(cell.value)) : "", " ", h("small", {}, label(code)));
  });
  return h("div", {}, h("p", { class: "sumline" }, side(error.sides[0]), h("b", {}, "≠"), side(error.sides[1])),
    h("p", { class: "bad" }, word("sum_broken", { left: number(error.left), right: number(error.right), gap: number(error.difference) })));
};
atlas.errorTitle = (error) => {
  if (error.title) return atlas.say(error.title);
  const kind = ["row_total", "results_total", "balance"].find((name) => error.check.includes(`.${name}`));
  const part = error.check.split(".").slice(2).join(".");
  const code = error.sides[1].split(" + ")[0];
  const form = Object.values(data.forms).find((f) => f.codes.includes(code));
  const labels = form ? form.labels[form.codes.indexOf(code)] : ["", part];
  const of = kind === "row_total" ? labels[0] : kind ? labels[1] : labels[0];
  return word(`check_${kind || "other"}`, { of: of.split(" / ").pop() });
};

/** Draw the page, now and whenever the language changes; a fault of ours is shown, not swallowed. */
atlas.start = (draw) => page.start(() => {
  atlas.charts.splice(0).forEach((chart) => chart.dispose());
  byId("footer").textContent = word("made_by", data.about);
  try { draw(byId("main")); } catch (error) { byId("main").replaceChildren(h("p", { role: "alert" }, `${word("error_failed")} ${error.message}`)); throw error; }
});
