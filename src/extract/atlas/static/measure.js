// One measure: how it spreads over agencies, how it went over the years, and the ranking.
"use strict";

const LEAST = 30; // fewer agencies say little about each other's place
const ask = { year: null, level: "", kind: "", text: "", state: { sort: "value", down: true } };
const chosen = () => {
  const name = decodeURIComponent((location.hash || "").slice(1));
  return data.measures.find((m) => m.name === name) || data.measures.find((m) => m.name === "disclosure_rate") || data.measures[0];
};
/** The share of values up to which a quantile stands, by linear interpolation (the usual rule of spreadsheets). */
const quantile = (sorted, q) => {
  if (!sorted.length) return null;
  const at = (sorted.length - 1) * q, low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
};

const rowsOf = (m, year) => {
  const a = data.agencies, values = data[`measure/${m.name}`];
  const wanted = atlas.folded(ask.text), last = new Map(), rows = [];
  values.year.forEach((y, k) => { if (y === year - 1) last.set(values.agency[k], values.value[k]); });
  values.year.forEach((y, k) => {
    const i = values.agency[k];
    if (y !== year || (ask.level && a.level[i] !== ask.level) || (ask.kind && a.kind[i] !== ask.kind)) return;
    if (wanted && !atlas.folded(a.agency[i] + a.region[i]).includes(wanted)) return;
    const before = last.get(i) ?? null, value = values.value[k];
    rows.push({ i, value, top: values.numerator[k], bottom: values.denominator?.[k] ?? null, sure: values.sure[k], change: value === null || before === null ? null : value - before });
  });
  return rows;
};

const drawSpread = (box, m, sorted) => {
  if (sorted.length < 2 || sorted[0] === sorted[sorted.length - 1]) { box.replaceChildren(h("p", { class: "soft" }, word("too_few"))); return; }
  const top = m.rate && sorted[sorted.length - 1] <= 1 ? 1 : quantile(sorted, 0.98), low = m.rate ? Math.min(0, sorted[0]) : sorted[0];
  const n = 20, step = (top - low) / n || 1;
  const counts = new Array(n).fill(0);
  for (const v of sorted) counts[Math.min(n - 1, Math.max(0, Math.floor((v - low) / step)))] += 1;
  const mark = (q, label, offset) => ({ xAxis: Math.min(n - 1, Math.max(0, Math.floor((quantile(sorted, q) - low) / step))), label: { formatter: label, offset } });
  atlas.chart(box, {
    description: word("distribution"), legend: { show: false }, grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: counts.map((_, k) => atlas.show(low + k * step, m)), axisLabel: { interval: 4 } }, yAxis: { type: "value" },
    tooltip: { trigger: "axis", confine: true, formatter: ([p]) => `${atlas.show(low + p.dataIndex * step, m)} – ${p.dataIndex === n - 1 ? atlas.show(sorted[sorted.length - 1], m) : atlas.show(low + (p.dataIndex + 1) * step, m)}: ${p.value}` },
    series: [{ type: "bar", barCategoryGap: "8%", data: counts, markLine: { symbol: "none", lineStyle: { color: "#b3261e" }, label: { color: "#b3261e" }, data: [mark(0.1, "P10", [-12, 0]), mark(0.5, word("median"), [0, -12]), mark(0.9, "P90", [12, 0])] } }],
  });
};

const drawTrend = (box, m) => {
  const years = m.years.filter(([, n]) => n);
  const show = (v) => atlas.show(v, m);
  atlas.chart(box, {
    description: word("trend"), xAxis: { type: "category", data: years.map(([y]) => String(y)) },
    yAxis: { type: "value", axisLabel: { formatter: (v) => (m.rate ? percent(v, 0) : number(v)) } },
    tooltip: { trigger: "axis", confine: true, formatter: (p) => { const y = years[p[0].dataIndex]; return `${y[0]}<br>P10 ${show(y[3])}<br>${word("median")} ${show(y[4])}<br>P90 ${show(y[5])}<br>n/N ${y[1]}/${y[2]}`; } },
    series: [
      { name: "P10", type: "line", data: years.map((y) => y[3]), lineStyle: { type: "dashed" }, symbol: "none", color: "#6d7b8d" },
      { name: word("median"), type: "line", data: years.map((y) => y[4]), lineStyle: { width: 3 }, color: "#0b5cad" },
      { name: "P90", type: "line", data: years.map((y) => y[5]), lineStyle: { type: "dashed" }, symbol: "none", color: "#e08b1d" },
    ],
  });
};

const drawRanking = (box, m, rows) => {
  const ranked = new Map();
  rows.filter((r) => r.value !== null).sort((x, y) => y.value - x.value).forEach((r, k, all) => ranked.set(r, k && all[k - 1].value === r.value ? ranked.get(all[k - 1]) : k + 1));
  const a = data.agencies;
  const change = (r) => (r.change === null ? "—" : `${r.change > 0 ? "+" : ""}${m.rate ? word("points", { n: number(100 * r.change, 1) }) : number(r.change)}`);
  atlas.table(box, {
    caption: word("ranking", { n: number(ranked.size), all: number(rows.length) }), rows, state: ask.state,
    columns: [
      { key: "rank", label: "rank", value: (r) => -(ranked.get(r) ?? Infinity), cell: (r) => number(ranked.get(r)), number: true },
      { key: "agency", label: "agency", value: (r) => a.agency[r.i], cell: (r) => atlas.agencyLink(r.i), class: "name" },
      { key: "value", label: "value", value: (r) => r.value, cell: (r) => h("span", { class: r.sure ? "" : "mark m-review", title: r.sure ? null : word("mark_review") }, atlas.show(r.value, m)), number: true },
      ...(m.ratio ? [{ key: "top", label: "numerator", value: (r) => r.top, cell: (r) => number(r.top), number: true }, { key: "bottom", label: "denominator", value: (r) => r.bottom, cell: (r) => number(r.bottom), number: true }] : []),
      { key: "change", label: "change", value: (r) => r.change, cell: change, number: true },
      { key: "region", label: "region", value: (r) => a.region[r.i], cell: (r) => a.region[r.i] || "—", class: "minor" },
      { key: "level", label: "level", value: (r) => atlas.level(a.level[r.i]), cell: (r) => atlas.level(a.level[r.i]), class: "nowrap minor" },
      { key: "kind", label: "kind", value: (r) => atlas.kind(a.kind[r.i]), cell: (r) => atlas.kind(a.kind[r.i]), class: "minor" },
    ],
  });
};

const drawStats = (m, rows, sorted) => {
  const there = rows.filter((r) => r.value !== null && r.bottom > 0);
  const whole = m.ratio ? there.reduce((s, r) => s + r.top, 0) / there.reduce((s, r) => s + r.bottom, 0) : sorted.reduce((s, v) => s + v, 0);
  const tile = (label, value, note) => h("div", {}, h("dt", {}, label), h("dd", {}, value, note ? h("small", {}, note) : ""));
  return h("dl", { class: "tiles" }, tile(word("covered"), `${number(sorted.length)}/${number(rows.length)}`, sorted.length < LEAST ? word("few_note", { n: LEAST }) : ""),
    tile("P10", atlas.show(quantile(sorted, 0.1), m)), tile(word("median"), atlas.show(quantile(sorted, 0.5), m)), tile("P90", atlas.show(quantile(sorted, 0.9), m)),
    tile(word(m.ratio ? "weighted" : "sum"), sorted.length ? atlas.show(whole, m) : "—"));
};

const fill = (m, parts) => {
  atlas.charts.splice(0).forEach((chart) => chart.dispose());
  const rows = rowsOf(m, ask.year);
  const sorted = rows.map((r) => r.value).filter((v) => v !== null).sort((x, y) => x - y);
  parts.stats.replaceChildren(drawStats(m, rows, sorted));
  drawTrend(parts.trend, m);
  drawSpread(parts.spread, m, sorted);
  drawRanking(parts.ranking, m, rows);
};

const draw = (main) => {
  const m = chosen();
  if (!m) { main.replaceChildren(h("p", {}, word("no_measures"))); return; }
  const years = m.years.map(([y]) => y);
  if (!years.includes(ask.year)) ask.year = years[years.length - 1];
  const parts = { stats: h("div"), trend: h("div", { class: "chart" }), spread: h("div", { class: "chart" }), ranking: h("div") };
  const redo = () => { ask.state.page = 0; parts.spread.replaceWith(parts.spread = h("div", { class: "chart" })); parts.trend.replaceWith(parts.trend = h("div", { class: "chart" })); fill(m, parts); };
  const present = (column, name) => [["", word("all")], ...[...new Set(column)].map((value) => [value, name(value)]).sort((x, y) => x[1].localeCompare(y[1], "zh-Hans-CN"))];
  main.replaceChildren(
    h("h1", {}, atlas.say(m.label)),
    h("section", { class: "card" }, h("div", { class: "filters" },
      atlas.select("measure", data.measures.map((x) => [x.name, atlas.say(x.label)]), m.name, (name) => { location.hash = name; }),
      atlas.select("year", [...years].reverse().map((y) => [y, y]), ask.year, (y) => { ask.year = Number(y); redo(); }),
      atlas.select("level", present(data.agencies.level, atlas.level), ask.level, (v) => { ask.level = v; redo(); }),
      atlas.select("kind", present(data.agencies.kind, atlas.kind), ask.kind, (v) => { ask.kind = v; redo(); }),
      atlas.search("find_agency", ask.text, (text) => { ask.text = text; redo(); })),
    h("p", { class: "soft" }, [atlas.say(m.caveat), m.unit && !m.rate ? word("unit_is", { unit: m.unit }) : ""].filter(Boolean).join(" · ") || ""),
    h("details", {}, h("summary", {}, word("formula")), h("ul", {}, Object.entries(m.formulas).map(([name, written]) => h("li", {}, `${word("edition", { name })}: `, h("code", {}, written)))), h("p", { class: "soft" }, word("null_note"))),
    parts.stats),
    h("div", { class: "pair" }, h("section", { class: "card" }, h("h2", {}, word("trend")), parts.trend), h("section", { class: "card" }, h("h2", {}, word("distribution")), parts.spread)),
    h("section", { class: "card" }, parts.ranking));
  document.title = `${atlas.say(m.label)} · ${word("atlas")}`;
  atlas.measure(m.name).then(() => { fill(m, parts); document.body.dataset.ready = m.name; }).catch((error) => { main.append(h("p", { role: "alert" }, `${word("error_failed")} ${error.message}`)); });
};
window.addEventListener("hashchange", () => { atlas.charts.splice(0).forEach((c) => c.dispose()); draw(byId("main")); });
atlas.start(draw);
