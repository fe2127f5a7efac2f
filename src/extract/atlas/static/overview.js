// The first page: what there is, how complete and how sound, by year and by region.
"use strict";

const regions = { state: { sort: "region" }, text: "" };

const drawTiles = () => {
  const { totals, errors } = data.overview;
  const held = totals.checks.holds || 0;
  const assessed = held + (totals.checks.source_error || 0) + (totals.checks.doubtful || 0);
  const tile = (key, value, note) => h("div", {}, h("dt", {}, word(key)), h("dd", {}, value, note ? h("small", {}, note) : ""));
  return h("dl", { class: "tiles" }, tile("agencies", number(totals.agencies)), tile("reports", number(totals.reports)),
    tile("cells", number(totals.cells), word("cells_note", { n: number(totals.review) })),
    tile("sums_hold", assessed ? percent(held / assessed, 2) : "—", word("sums_note", { n: number(assessed) })),
    tile("publisher_errors", h("a", { href: "errors.html" }, number(errors)), word("publisher_note")));
};

const yearName = (year) => (year === null ? word("year_unknown") : String(year));

const drawCharts = (main) => {
  const { years } = data.overview;
  const names = years.map((y) => yearName(y.year));
  const bars = (box, keys, description) => atlas.chart(box, {
    description, xAxis: { type: "category", data: names }, yAxis: { type: "value" },
    series: keys.map((key) => ({ name: word(`series_${key}`), type: "bar", stack: "all", barMaxWidth: 48, data: years.map((y) => y[key]) })),
  });
  const boxes = [h("div", { class: "chart" }), h("div", { class: "chart" })];
  main.append(h("div", { class: "pair" },
    h("section", { class: "card" }, h("h2", {}, word("coverage_by_year")), boxes[0]),
    h("section", { class: "card" }, h("h2", {}, word("errors_by_year")), boxes[1])));
  bars(boxes[0], ["complete", "partial", "other"], word("coverage_by_year"));
  bars(boxes[1], ["source_error", "doubtful"], word("errors_by_year"));
};

const drawYears = () => h("section", { class: "card" }, h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": word("quality_by_year") },
  h("table", { class: "data" }, h("caption", {}, word("quality_by_year")),
    h("thead", {}, h("tr", {}, ["year", "reports", "series_complete", "cells", "review_share", "series_holds", "series_source_error", "series_doubtful"].map((key, i) => h("th", { scope: "col", class: i ? "number" : "" }, word(key))))),
    h("tbody", {}, data.overview.years.map((y) => h("tr", {}, h("th", { scope: "row" }, yearName(y.year)),
      [number(y.reports), number(y.complete), number(y.cells), percent(y.cells ? y.review / y.cells : null, 2), number(y.holds), number(y.source_error), number(y.doubtful)].map((text) => h("td", { class: "number" }, text))))))));

const drawRegions = (box) => {
  const years = data.overview.years.map((y) => y.year).filter((y) => y !== null);
  const most = Math.max(1, ...data.overview.regions.flatMap(([, , counts]) => Object.values(counts)));
  const rows = data.overview.regions.filter(([province, city]) => atlas.folded(province + city).includes(atlas.folded(regions.text)));
  const name = (r) => [r[0], r[1]].filter(Boolean).join(" ") || word("region_unknown");
  const heat = (n) => h("span", { class: "heat", style: n ? `background: rgba(11, 92, 173, ${0.08 + 0.5 * (n / most)}); padding: .15rem .5rem; border-radius: 3px` : "" }, n ? number(n) : "—");
  atlas.table(box, {
    caption: word("coverage_by_region"), rows, state: regions.state, size: 30,
    columns: [{ key: "region", label: "region", value: name, cell: (r) => name(r), class: "name" },
      ...years.map((year) => ({ key: String(year), label: String(year), value: (r) => r[2][year] || 0, cell: (r) => heat(r[2][year]), number: true }))],
  });
};

const drawProblems = () => {
  const { problems } = data.overview;
  if (!problems.length) return "";
  return h("section", { class: "card" }, h("h2", {}, word("problems")), h("p", { class: "soft" }, word("problems_note")),
    h("div", { class: "scroll" }, h("table", {}, h("tbody", {}, problems.map(([kind, n]) => h("tr", {}, h("td", { class: "number" }, number(n)), h("td", {}, atlas.say(data.registry.problems[kind] || [kind, kind]))))))));
};

atlas.start((main) => {
  main.replaceChildren(h("h1", {}, word("overview_title")), drawTiles());
  drawCharts(main);
  const box = h("div");
  main.append(drawYears(), h("section", { class: "card" }, h("div", { class: "filters" }, atlas.search("find_region", regions.text, (text) => { regions.text = text; regions.state.page = 0; drawRegions(box); })), box), drawProblems());
  drawRegions(box);
});
