// One agency: its years side by side, what was found wrong, its measures, and the published files.
"use strict";

const view = { column: null, shard: null };
const chosen = () => Number((location.hash || "#0").slice(1).split("/")[0]);
const MARKS = { r: "repaired", d: "derived", m: "missing", c: "corrected" };
const CHARTS = [["new_requests", "concluded"], ["disclosure_rate", "carry_over_rate"], ["reviews", "lawsuits"], ["review_correction_rate", "litigation_correction_rate"]];

const drawHead = (i, reports) => {
  const a = data.agencies;
  const link = (r) => h("li", {}, h("b", {}, r.year ?? word("year_unknown")), " ", r.link ? h("a", { href: r.link }, r.file) : h("span", {}, r.file),
    h("span", { class: "soft" }, ` · ${word(`status_${r.status}`)} ${number(r.present)}/${number(r.expected)}${r.published ? ` · ${r.published}` : ""}${r.edition ? ` · ${word("edition", { name: r.edition })}` : ""}${r.titled !== a.agency[i] ? ` · ${r.titled}` : ""}`),
    r.counts ? "" : h("span", { class: "tag doubt" }, word("older_version")), r.review ? h("span", { class: "tag doubt" }, word("waiting", { n: number(r.review) })) : "");
  return [h("h1", {}, a.agency[i]), h("p", { class: "soft" }, [a.region[i], atlas.level(a.level[i]), atlas.kind(a.kind[i])].filter(Boolean).join(" · ")),
    h("section", { class: "card" }, h("h2", {}, word("published_files")), h("ul", { class: "plain" }, reports.map(link)))];
};

const drawErrors = (errors) => {
  if (!errors.length) return h("section", { class: "card" }, h("h2", {}, word("found_wrong")), h("p", { class: "good" }, word("nothing_wrong")));
  return h("section", { class: "card" }, h("h2", {}, word("found_wrong")), errors.map((e) => h("article", { class: "error" },
    h("h3", {}, `${e.year ?? ""} ${atlas.errorTitle(e)}`, e.verdict === "source_error" ? "" : h("span", { class: "tag doubt" }, word(`verdict_${e.verdict}`))),
    atlas.errorText(e), atlas.source(e), e.picture ? h("img", { src: `crops/${e.picture}`, alt: word("crop_alt"), loading: "lazy" }) : "")));
};

/** One cell of a year; its mark says what stands behind the number. */
const cellOf = (report, code) => {
  const form = data.forms[report.edition];
  const k = form ? form.codes.indexOf(code) : -1;
  if (k < 0 || !report.cells.length) return h("td", { class: "v-none" }, "");
  const letter = report.marks[k];
  const mark = MARKS[letter.toLowerCase()];
  const review = letter !== letter.toLowerCase();
  const value = report.cells[k];
  const text = letter.toLowerCase() === "b" && value === 0 ? "·" : number(value);
  const names = [mark ? `m-${mark}` : "", review ? "m-review" : ""].join(" ").trim();
  const told = [mark && word(`mark_${mark}`), review && word("mark_review"), letter === "b" && word("mark_blank")].filter(Boolean).join("；");
  return h("td", { class: value ? "" : "v-none" }, names ? h("span", { class: `mark ${names}`, title: told }, text) : text);
};

const pageLink = (report, t) => {
  const pages = report.pages.split(" ");
  const at = pages[t];
  if (!report.link || !at || at === "-") return "";
  return h("small", {}, h("a", { href: report.format === "pdf" ? `${report.link}#page=${at}` : report.link }, word("page_at", { page: at })));
};

/** A table of the form, years side by side; codes that are shown elsewhere are left out. */
const drawTable = (reports, table, t, form, elsewhere) => {
  const wide = table.columns.length > 1 && table.rows.length > 20;
  const column = wide ? (view.column ?? table.columns.length - 1) : 0;
  const rows = wide || table.columns.length === 1 ? table.rows.map((r) => [r.group, r.label, r.cells[column]])
    : table.rows.flatMap((r) => r.cells.map((c, i) => [[r.group, r.label].filter(Boolean).join(" / "), table.columns[i].split(" / ").pop(), c]));
  const chooser = wide && !elsewhere.size ? h("div", { class: "filters" }, atlas.select("applicant", table.columns.map((label, i) => [i, label.split(" / ").pop()]), column, (value) => { view.column = Number(value); draw(byId("main")); byId("applicant").focus(); })) : "";
  const known = rows.filter(([, , c]) => c !== null && !elsewhere.has(form.codes[c]));
  if (!known.length) return null;
  return h("section", { class: `card ${table.name}` }, h("h2", {}, word(`table_${table.name}`)), chooser,
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": word(`table_${table.name}`) }, h("table", { class: "form" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }), reports.map((r) => h("th", { scope: "col" }, r.year ?? "?", pageLink(r, t))))),
      h("tbody", {}, known.flatMap(([group, label, c], k) => [
        group && (!k || known[k - 1][0] !== group) ? h("tr", { class: "group" }, h("th", { scope: "rowgroup", colspan: reports.length + 1 }, group)) : null,
        h("tr", { class: group ? "" : "top-level" }, h("th", { scope: "row" }, label), reports.map((r) => cellOf(r, form.codes[c])))])))));
};

const drawTables = (reports) => {
  const editions = [...new Set(reports.map((r) => r.edition).filter((name) => data.forms[name]))].sort().reverse();
  const legend = h("p", { class: "legend" }, h("span", {}, "· ", word("mark_blank")), ["review", "corrected", "repaired", "derived", "missing"].map((m) => h("span", {}, h("span", { class: `mark m-${m}` }, "12"), " ", word(`mark_${m}`))));
  return editions.flatMap((name) => {
    const mine = reports.filter((r) => r.edition === name);
    const form = data.forms[name], newest = name === editions[0];
    const elsewhere = new Set(newest ? [] : data.forms[editions[0]].codes);
    const shown = newest ? reports : mine; // the newest form has a column for every year; of an older form only the cells that the newest lacks follow
    const heading = editions.length > 1 && !newest ? [h("h2", {}, word("edition", { name }))] : [];
    return [...heading, ...(newest ? [legend] : []), ...form.tables.map((table, t) => drawTable(shown, table, t, form, elsewhere)).filter(Boolean)];
  });
};

const drawMeasures = async (i, main) => {
  const heads = Object.fromEntries(data.measures.map((m) => [m.name, m]));
  const pairs = CHARTS.map((names) => names.filter((name) => heads[name])).filter((names) => names.length);
  await Promise.all(pairs.flat().map((name) => atlas.measure(name)));
  const of = (name) => {
    const m = data[`measure/${name}`];
    const found = {};
    m.agency.forEach((agency, k) => { if (agency === i) found[m.year[k]] = m.value[k]; });
    return found;
  };
  byId("development")?.remove(); // of a drawing that this one overtook
  const section = h("section", { class: "card", id: "development" }, h("h2", {}, word("development")));
  const grid = h("div", { class: "pair" });
  section.append(grid);
  main.insertBefore(section, byId("tables"));
  for (const names of pairs) {
    const series = names.map((name) => [heads[name], of(name)]);
    const known = series.flatMap(([, found]) => Object.keys(found).map(Number));
    if (!known.length) continue;
    const first = Math.min(...known), last = Math.max(...known);
    const years = Array.from({ length: last - first + 1 }, (_, k) => first + k); // a year without a report is a gap
    const rate = series[0][0].rate;
    const box = h("div", { class: "chart small" });
    grid.append(h("div", {}, h("p", { class: "soft" }, names.flatMap((name, k) => [k ? " · " : "", h("a", { href: `measure.html#${name}` }, atlas.say(heads[name].label))])), box));
    atlas.chart(box, {
      description: names.map((name) => atlas.say(heads[name].label)).join(", "), xAxis: { type: "category", data: years.map(String) },
      yAxis: { type: "value", axisLabel: { formatter: (v) => (rate ? percent(v, 0) : number(v)) } },
      tooltip: { trigger: "axis", confine: true, valueFormatter: (v) => atlas.show(v, { rate }) },
      series: series.map(([head, found]) => ({ name: atlas.say(head.label), type: rate ? "line" : "bar", barMaxWidth: 28, connectNulls: false, data: years.map((y) => found[y] ?? null) })),
    });
  }
};

const draw = (main) => {
  const i = chosen();
  if (!(i >= 0 && i < data.agencies.agency.length)) { main.replaceChildren(h("p", {}, word("no_such_agency"), " ", h("a", { href: "agencies.html" }, word("agencies")))); return; }
  document.title = `${data.agencies.agency[i]} · ${word("atlas")}`;
  atlas.load(`agency/${Math.floor(i / data.about.shard)}`).then((shard) => {
    const found = shard[i];
    const counting = found.reports.filter((r) => r.counts);
    main.replaceChildren(...drawHead(i, found.reports), drawErrors(found.errors), h("div", { id: "tables", class: "tables" }, drawTables(counting)));
    document.body.dataset.ready = i;
    return drawMeasures(i, main);
  }).then(() => { document.body.dataset.charts = i; }).catch((error) => { main.append(h("p", { role: "alert" }, `${word("error_failed")} ${error.message}`)); });
};
window.addEventListener("hashchange", () => { atlas.charts.splice(0).forEach((c) => c.dispose()); draw(byId("main")); window.scrollTo(0, 0); });
atlas.start(draw);
