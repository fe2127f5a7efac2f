// All agencies: searched, filtered by level and kind, sorted.
"use strict";

const list = { state: { sort: "agency" }, text: "", level: "", kind: "" };
const every = data.agencies.agency.map((_, i) => i);
const folded = data.agencies.agency.map((name, i) => atlas.folded(name + data.agencies.region[i]));

const drawList = (box) => {
  const a = data.agencies;
  const wanted = atlas.folded(list.text);
  const rows = every.filter((i) => folded[i].includes(wanted) && (!list.level || a.level[i] === list.level) && (!list.kind || a.kind[i] === list.kind));
  atlas.table(box, {
    caption: word("agencies_found", { n: number(rows.length), all: number(every.length) }), rows, state: list.state,
    columns: [
      { key: "agency", label: "agency", value: (i) => a.agency[i], cell: (i) => atlas.agencyLink(i), class: "name" },
      { key: "region", label: "region", value: (i) => a.region[i], cell: (i) => a.region[i] || "—", class: "minor" },
      { key: "level", label: "level", value: (i) => atlas.level(a.level[i]), cell: (i) => atlas.level(a.level[i]), class: "nowrap minor" },
      { key: "kind", label: "kind", value: (i) => atlas.kind(a.kind[i]), cell: (i) => atlas.kind(a.kind[i]), class: "minor" },
      { key: "years", label: "years", value: (i) => a.years[i].length, cell: (i) => years(a.years[i]), number: true },
      { key: "new", label: "new_requests", value: (i) => a.new_requests?.[i], cell: (i) => number(a.new_requests?.[i]), number: true },
      { key: "rate", label: "disclosure_rate", value: (i) => a.disclosure_rate?.[i], cell: (i) => percent(a.disclosure_rate?.[i]), number: true },
      { key: "errors", label: "publisher_errors", value: (i) => a.errors[i], cell: (i) => number(a.errors[i]), number: true },
      { key: "review", label: "review", value: (i) => a.review[i], cell: (i) => number(a.review[i]), number: true },
    ],
  });
};
const years = (known) => {
  if (!known.length) return "—";
  const [first, last] = [Math.min(...known), Math.max(...known)];
  const gaps = last - first + 1 - known.length;
  return `${first === last ? first : `${first}–${last}`}${gaps ? ` (−${gaps})` : ""}`;
};

atlas.start((main) => {
  const box = h("div");
  const redraw = () => { list.state.page = 0; drawList(box); };
  const present = (column, name) => [["", word("all")], ...[...new Set(column)].map((value) => [value, name(value)]).sort((x, y) => x[1].localeCompare(y[1], "zh-Hans-CN"))];
  main.replaceChildren(h("h1", {}, word("agencies_title")), h("section", { class: "card" },
    h("div", { class: "filters" },
      atlas.search("find_agency", list.text, (text) => { list.text = text; redraw(); }),
      atlas.select("level", present(data.agencies.level, atlas.level), list.level, (value) => { list.level = value; redraw(); }),
      atlas.select("kind", present(data.agencies.kind, atlas.kind), list.kind, (value) => { list.kind = value; redraw(); })),
    box));
  drawList(box);
});
