// Publishers' errors: each with the cells it quotes, and the print itself where it was a picture.
"use strict";

const SIZE = 25;
const ask = { text: "", kind: "", verdict: "source_error", year: "", page: 0 };
const kindOf = (e) => (e.title ? e.check.split(".").slice(0, 2).join(".") : ["row_total", "results_total", "balance"].find((k) => e.check.includes(`.${k}`)) || "other");
const kindName = (kind) => {
  const one = data.errors.find((e) => kindOf(e) === kind);
  return one && one.title ? atlas.say(one.title) : word(`kind_${kind}`);
};
const nameOf = (e) => (e.agency === null ? word("agency_unknown") : data.agencies.agency[e.agency]);

const drawList = (box) => {
  const wanted = atlas.folded(ask.text);
  const found = data.errors.filter((e) => (!ask.kind || kindOf(e) === ask.kind) && (!ask.verdict || e.verdict === ask.verdict) && (!ask.year || String(e.year) === ask.year)
    && (!wanted || atlas.folded(nameOf(e)).includes(wanted)));
  const pages = Math.max(1, Math.ceil(found.length / SIZE));
  ask.page = Math.min(ask.page, pages - 1);
  const turn = (by) => { ask.page += by; drawList(box); box.scrollIntoView({ block: "start" }); };
  box.replaceChildren(h("p", { class: "soft", "aria-live": "polite" }, word("errors_found", { n: number(found.length) })),
    ...found.slice(ask.page * SIZE, (ask.page + 1) * SIZE).map((e) => h("article", { class: "error" },
      h("h3", {}, e.agency === null ? word("agency_unknown") : atlas.agencyLink(e.agency), ` · ${e.year ?? word("year_unknown")} · ${atlas.errorTitle(e)}`, e.verdict === "source_error" ? "" : h("span", { class: "tag doubt" }, word(`verdict_${e.verdict}`))),
      atlas.errorText(e), atlas.source(e), e.picture ? h("img", { src: `crops/${e.picture}`, alt: word("crop_alt"), loading: "lazy" }) : "")),
    pages > 1 ? h("div", { class: "pager" }, h("button", { type: "button", disabled: ask.page === 0, onclick: () => turn(-1) }, word("previous")),
      h("span", {}, word("page_of", { page: number(ask.page + 1), pages: number(pages), rows: number(found.length) })),
      h("button", { type: "button", disabled: ask.page === pages - 1, onclick: () => turn(1) }, word("next"))) : "");
};

atlas.start((main) => {
  const box = h("div", { id: "list" });
  const set = (key) => (value) => { ask[key] = value; ask.page = 0; drawList(box); };
  const kinds = [...new Set(data.errors.map(kindOf))], years = [...new Set(data.errors.map((e) => e.year).filter((y) => y !== null))].sort().reverse();
  const verdicts = [...new Set(data.errors.map((e) => e.verdict))];
  if (!verdicts.includes(ask.verdict)) ask.verdict = "";
  main.replaceChildren(h("h1", {}, word("errors_title")), h("p", { class: "soft" }, word("errors_note")), h("section", { class: "card" },
    h("div", { class: "filters" }, atlas.search("find_agency", ask.text, set("text")),
      atlas.select("what", [["", word("all")], ...kinds.map((k) => [k, kindName(k)])], ask.kind, set("kind")),
      atlas.select("verdict", [["", word("all")], ...verdicts.map((v) => [v, word(`verdict_${v}`)])], ask.verdict, set("verdict")),
      atlas.select("year", [["", word("all")], ...years.map((y) => [y, y])], ask.year, set("year"))),
    box));
  drawList(box);
});
