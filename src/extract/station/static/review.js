// The review page: one cell at a time, the picture beside the number, one key to decide.
"use strict";

const { h, byId, word, number, percent } = page;
const station = { state: null, cell: null, queue: "doubtful", busy: false, trial: null };

const ask = async (name, query = {}) => {
  const response = await fetch(`${name}?${new URLSearchParams(query)}`);
  return answered(response);
};
const tell = async (name, body = {}) => {
  const response = await fetch(name, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  return answered(response);
};
const answered = async (response) => {
  const found = await response.json().catch(() => ({ error: "failed", detail: `HTTP ${response.status}` }));
  if (!response.ok) throw Object.assign(new Error(found.detail), { code: found.error });
  return found;
};
const complain = (error) => {
  const gone = error instanceof TypeError; // fetch: nobody answers
  const box = byId("message");
  box.textContent = gone ? word("error_gone") : `${word(`error_${error.code || "failed"}`)} ${error.message || ""}`;
  box.hidden = false;
};
const quiet = () => { byId("message").hidden = true; };

// --- drawing

const drawHead = () => {
  const { done, waiting, skipped, sample, population, unsaved } = station.state;
  const bar = byId("progress");
  bar.max = Math.max(done + waiting, 1);
  bar.value = done;
  byId("counts").textContent = word("counts", { done: number(done), all: number(done + waiting), skipped: number(skipped) });
  byId("save").disabled = !unsaved;
  const box = byId("sample");
  box.hidden = !sample;
  if (sample) {
    box.textContent = word(sample.looked ? "sample_so_far" : "sample_none", {
      looked: number(sample.looked), wrong: number(sample.wrong), population: number(population),
      share: percent(sample.share, 2), low: percent(sample.low, 2), high: percent(sample.high, 2),
    });
  }
};

const drawWhere = () => {
  const c = station.cell;
  const fact = (key, value) => (value === null || value === "" ? null : h("div", {}, h("dt", {}, word(key)), h("dd", {}, String(value))));
  byId("where").replaceChildren(
    h("h2", {}, `${c.agency || word("agency_unknown")} · ${c.year ?? word("year_unknown")}`),
    h("p", {}, h("strong", {}, `${c.row_label} × ${c.column_label}`), c.unit ? `（${c.unit}）` : ""),
    h("dl", {},
      fact("why", c.reason ? word(`reason_${c.reason}`) : word("reason_none")), fact("read_as", c.raw === "" ? word("nothing") : c.raw),
      fact("confidence", percent(c.confidence)), fact("file", c.file), fact("page", c.page)),
  );
};

const drawClose = () => {
  const c = station.cell;
  const close = byId("close");
  const around = byId("around");
  around.hidden = !c.has_box;
  if (!c.has_box) { close.replaceChildren(h("p", { class: "soft" }, word("no_crop"))); return; }
  const query = new URLSearchParams({ report: c.report, code: c.code });
  close.replaceChildren(picture(`crop.png?${query}`, word("crop_of", { label: `${c.row_label}, ${c.column_label}` })));
  around.replaceChildren(h("h2", {}, word("around")), picture(`crop.png?${query}&view=sums`, word("around")));
};

/** A picture; where it cannot be had the reason stands in its place. */
const picture = (address, text) => h("img", { src: address, alt: text, onerror: async (event) => {
  const reason = await fetch(address).then(answered).catch((error) => error);
  event.target.replaceWith(h("p", { class: "bad" }, `${word(`error_${reason.code || "failed"}`)} ${reason.message || ""}`));
} });

const drawCandidates = () => {
  const c = station.cell;
  const known = c.candidates.filter((o) => o.figure !== null);
  byId("candidates").replaceChildren(...known.slice(0, 9).map((option, i) => h("button", {
    type: "button", "data-choice": i, onclick: () => decide(option.figure), onmouseenter: () => tryOut(option.figure),
    onmouseleave: () => tryOut(null), onfocus: () => tryOut(option.figure), onblur: () => tryOut(null),
  }, h("kbd", {}, String(i + 1)), h("span", { class: "text" }, shown(option.figure)), h("span", {}, percent(option.probability)),
  h("progress", { max: 1, value: option.probability, "aria-hidden": "true" }))));
  const unread = c.shown === "?";
  byId("confirm").disabled = unread;
  byId("confirm").replaceChildren(unread ? word("unread") : word("confirm", { figure: shown(c.shown) }), " ", h("kbd", {}, "Enter"));
};
const shown = (text) => (text === "" ? word("nothing") : text === "?" ? word("unread") : text);

/** The sums as they would be with the figure that is tried out. */
const drawSums = () => {
  const c = station.cell;
  const value = (term) => {
    if (term.code !== c.code || station.trial === null) return term.filled;
    return station.trial === "?" ? null : station.trial === "" ? 0 : Number(station.trial);
  };
  const side = (terms) => terms.reduce((sum, t) => (sum === null || value(t) === null ? null : sum + value(t)), 0);
  const line = (terms) => terms.flatMap((t, i) => [i ? "+" : null, h("span", { class: `term ${t.code === c.code ? "this" : ""} ${value(t) === 0 && t.code !== c.code ? "zero" : ""}` },
    value(t) === null ? "?" : number(value(t)), " ", h("small", {}, t.label))]);
  byId("sums").hidden = c.sums.length === 0;
  byId("sums").replaceChildren(h("h2", {}, word("sums")), ...c.sums.map((sum) => {
    const left = side(sum.left), right = side(sum.right);
    const gap = left === null || right === null ? null : Math.round((left - right) * 1e6) / 1e6;
    const verdict = gap === null ? "open" : gap === 0 ? "holds" : "broken";
    return h("div", { class: `sum ${verdict}`, "data-check": sum.check, "data-verdict": verdict },
      h("div", {}, h("span", { class: "soft" }, word(sum.direction === "row" ? "along_row" : "along_column"), " ", sum.of)),
      h("div", { class: "terms" }, line(sum.left), h("b", {}, "="), line(sum.right)),
      h("div", { class: `verdict ${verdict === "holds" ? "good" : verdict === "broken" ? "bad" : "doubt"}` },
        verdict === "broken" ? word("sum_broken", { left: number(left), right: number(right), gap: number(gap) }) : word(`sum_${verdict}`),
        verdict === "holds" ? "" : closing(sum, value)));
  }));
};

/** What the cell would have to be for the sum to hold, where all other terms are known. */
const closing = (sum, value) => {
  const others = (terms) => terms.filter((t) => t.code !== station.cell.code).map(value);
  const [left, right] = [others(sum.left), others(sum.right)];
  if ([...left, ...right].includes(null)) return "";
  const add = (numbers) => numbers.reduce((s, n) => s + n, 0);
  const here = left.length < sum.left.length ? add(right) - add(left) : add(left) - add(right);
  return here < 0 ? "" : h("span", { class: "soft" }, ` ${word("would_close", { n: number(Math.round(here * 1e6) / 1e6) })}`);
};

const drawTable = () => {
  const { form, code } = station.cell;
  byId("form").hidden = !form;
  if (!form) return;
  const column = Math.max(...form.rows.map((r) => r.cells.findIndex((x) => x && x.code === code)));
  byId("table").replaceChildren(h("table", {}, h("thead", {}, h("tr", {}, h("th", {}), form.columns.map((label, i) => h("th", { scope: "col", class: i === column ? "line" : "" }, label)))),
    h("tbody", {}, form.rows.map((row) => {
      const here = row.cells.some((x) => x && x.code === code);
      return h("tr", { class: here ? "line" : "" }, h("th", { scope: "row" }, h("small", {}, row.group), row.label),
        row.cells.map((x, i) => h("td", { class: `${i === column ? "line" : ""} ${x && x.review ? "review" : ""} ${x && x.code === code ? "this" : ""}` }, x ? x.shown : "")));
    }))));
};

const drawKeys = () => {
  const keys = [["Enter", "key_confirm"], ["1 – 9", "key_choose"], ["t", "key_type"], ["b", "key_blank"], ["x", "key_illegible"], ["s", "key_skip"], ["u", "key_undo"], ["Esc", "key_leave"], ["?", "key_help"]];
  byId("keys").replaceChildren(h("dl", {}, keys.map(([key, meaning]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, word(meaning))])));
};

const drawDone = () => {
  const { queue, done } = station.state;
  byId("done").replaceChildren(h("h2", {}, word(done ? "all_done" : "none_waiting")), h("p", {}, word(queue === "doubtful" ? "done_doubtful" : "done_sample")),
    h("p", {}, h("button", { type: "button", onclick: undo, disabled: !station.state.decisions }, word("undo"), " ", h("kbd", {}, "u"))));
};

const draw = () => {
  drawKeys();
  if (!station.state) return;
  drawHead();
  const there = station.cell !== null;
  byId("cell").hidden = !there;
  byId("done").hidden = there;
  if (!there) { drawDone(); return; }
  drawWhere(); drawClose(); drawCandidates(); drawSums(); drawTable();
  document.body.dataset.cell = `${station.cell.report} ${station.cell.code}`;
};

// --- doing

const load = async (first = null) => {
  station.state = await ask("state", { queue: station.queue });
  const [next, after] = station.state.next;
  const wanted = first || next;
  station.trial = null;
  byId("new").value = "";
  byId("reason").value = "";
  byId("typed_says").textContent = "";
  station.cell = wanted ? await ask("cell", { report: wanted[0], code: wanted[1] }) : null;
  draw();
  byId("decide").focus({ preventScroll: true });
  if (after) for (const view of ["cell", "sums"]) new Image().src = `crop.png?${new URLSearchParams({ report: after[0], code: after[1], view })}`; // ahead of time
};

/** Do one thing at a time, so that a key held down decides nothing unseen. */
const once = async (deed) => {
  if (station.busy) return;
  station.busy = true;
  document.body.setAttribute("aria-busy", "true");
  quiet();
  try { await deed(); } catch (error) { complain(error); } finally { station.busy = false; document.body.removeAttribute("aria-busy"); }
};
const key = () => ({ report: station.cell.report, code: station.cell.code });
const decide = (figure) => once(async () => {
  if (!station.cell) return;
  await tell("decide", { ...key(), new: figure, reason: byId("reason").value, queue: station.queue });
  await load();
});
const skip = () => once(async () => { if (station.cell) { await tell("skip", key()); await load(); } });
const undo = () => once(async () => {
  const back = await tell("undo");
  station.queue = byId("queue").value = back.queue;
  await load([back.report, back.code]);
});
const save = () => once(async () => {
  byId("save").textContent = word("saving");
  try { await tell("save"); } finally { byId("save").textContent = word("save"); }
  station.state = await ask("state", { queue: station.queue }); drawHead(); });
const confirmShown = () => { if (station.cell && station.cell.shown !== "?") decide(station.cell.shown); };
const tryOut = (figure) => { station.trial = figure; if (station.cell) drawSums(); };

/** What a typed text is as a figure, or null: full-width digits, separators and blanks are forgiven. */
const typed = (text) => {
  const plain = text.normalize("NFKC").replace(/[\s,]/g, "");
  return /^[+-]?\d+(\.\d+)?$/.test(plain) ? plain : ["", "/", "-", "—"].includes(plain) ? "" : plain === "?" ? "?" : null;
};

byId("typed").addEventListener("submit", (event) => { event.preventDefault(); if (byId("new").value.trim()) decide(byId("new").value.trim()); else confirmShown(); });
byId("new").addEventListener("input", () => {
  const text = byId("new").value;
  const figure = text.trim() === "" ? null : typed(text);
  byId("typed_says").textContent = text.trim() !== "" && figure === null ? word("not_plain") : "";
  tryOut(figure);
});
byId("confirm").addEventListener("click", confirmShown);
byId("blank").addEventListener("click", () => decide(""));
byId("illegible").addEventListener("click", () => decide("?"));
byId("skip").addEventListener("click", skip);
byId("undo").addEventListener("click", undo);
byId("save").addEventListener("click", save);
byId("queue").addEventListener("change", () => once(async () => { station.queue = byId("queue").value; await load(); }));
const help = () => {
  const box = byId("keys");
  box.hidden = !box.hidden;
  byId("help").setAttribute("aria-expanded", String(!box.hidden));
};
byId("help").addEventListener("click", help);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target.matches("input, select")) {
    if (event.key === "Escape") { byId("new").value = ""; tryOut(null); byId("decide").focus(); }
    return;
  }
  if (event.key === "Enter" && event.target.matches("button, a, summary")) return; // the button itself is meant
  const deeds = { Enter: confirmShown, t: () => byId("new").focus(), b: () => decide(""), x: () => decide("?"), s: skip, u: undo, "?": help };
  const choice = /^[1-9]$/.test(event.key) ? document.querySelector(`[data-choice="${event.key - 1}"]`) : null;
  const deed = choice ? () => choice.click() : deeds[event.key];
  if (!deed || event.repeat) return;
  event.preventDefault();
  deed();
});

page.start(draw);
once(load);
