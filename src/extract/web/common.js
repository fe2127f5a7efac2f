// Helpers of all pages: words in two languages, elements from data, tables that sort. Texts are always set as text.
"use strict";

const page = {};

page.language = (() => {
  try { return localStorage.getItem("language") === "en" ? "en" : "zh"; } catch { return "zh"; }
})();

/** The word of a key in the page's language, with {name} filled in; an unknown key is shown as it is. */
page.word = (key, values = {}) => {
  const pair = window.data.words[key];
  const text = pair ? pair[page.language === "en" ? 1 : 0] : key;
  return text.replace(/\{(\w+)\}/g, (_, name) => (name in values ? values[name] : ""));
};

/** Make an element: attributes, on… listeners, then children (texts, elements, arrays; null is left out). */
page.h = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((c) => c !== null && c !== undefined && c !== false));
  return element;
};

page.byId = (id) => document.getElementById(id);

/** Numbers as people read them; null is a dash. */
page.number = (value, digits = 4) => {
  if (value === null || value === undefined || Number.isNaN(value)) return "—";
  return new Intl.NumberFormat(page.language === "en" ? "en" : "zh-CN", { maximumFractionDigits: digits }).format(value);
};

page.percent = (share, digits = 1) => (share === null || share === undefined ? "—" : `${page.number(100 * share, digits)}%`);

/** Put the words into all elements that ask for one: data-word for their text, data-word-label for their name. */
page.translate = (root = document) => {
  document.documentElement.lang = page.language === "en" ? "en" : "zh-Hans";
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = page.word(element.dataset.word);
  for (const element of root.querySelectorAll("[data-word-label]")) {
    element.setAttribute(element.matches("input") ? "placeholder" : "aria-label", page.word(element.dataset.wordLabel));
    if (element.matches("input")) element.setAttribute("aria-label", page.word(element.dataset.wordLabel));
  }
  const title = document.querySelector("title[data-word]");
  if (title) document.title = page.word(title.dataset.word);
};

/** Wire the switch of the language; `redraw` draws what was made from data again. */
page.start = (redraw) => {
  const button = page.byId("language");
  const show = () => {
    button.textContent = page.language === "en" ? "中文" : "English";
    button.lang = page.language === "en" ? "zh-Hans" : "en";
    page.translate();
    redraw();
  };
  button.addEventListener("click", () => {
    page.language = page.language === "en" ? "zh" : "en";
    try { localStorage.setItem("language", page.language); } catch { /* a browser that keeps nothing: the switch still works */ }
    show();
  });
  show();
};
