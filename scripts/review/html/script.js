// @ts-nocheck runs in a browser; this project's type check knows Node.js alone.
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const { body, documentElement: root } = document;
  const [search, found] = [byId("search"), byId("found")];
  document.querySelector(".tools").hidden = false;

  // Read once: reading the text of ten thousand rows at every key would be felt.
  let index;
  const readIndex = () => {
    index ??= all("article").map((article) => ({
      article,
      head: `${article.querySelector("header").textContent}\n${article.querySelector(".pair").textContent}`.toLowerCase(),
      folds: all("details.equal", article),
      rows: all("table.rows > tbody.v, details.equal tbody > tr", article).map((row) => ({
        row,
        text: row.textContent.toLowerCase(),
      })),
    }));
    return index;
  };

  const showMatches = (query) => {
    let [resources, attributes] = [0, 0];
    for (const { article, head, folds, rows } of readIndex()) {
      const named = head.includes(query);
      const hits = rows.filter(({ text }) => text.includes(query));
      for (const { row } of rows) row.hidden = false;
      if (!named) for (const { row, text } of rows) row.hidden = !text.includes(query);
      for (const fold of folds) fold.open = hits.some(({ row }) => fold.contains(row));
      article.hidden = !named && hits.length === 0;
      resources += article.hidden ? 0 : 1;
      attributes += hits.length;
    }
    const told = `${resources} ${resources === 1 ? "resource matches" : "resources match"}`;
    found.textContent = `${told}, ${attributes} ${attributes === 1 ? "attribute" : "attributes"}`;
  };

  const showAll = () => {
    if (!index) return;
    for (const { article, folds, rows } of index) {
      article.hidden = false;
      for (const { row } of rows) row.hidden = false;
      for (const fold of folds) fold.open = false;
    }
    found.textContent = "";
  };

  let timer;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const query = search.value.trim().toLowerCase();
      if (query) showMatches(query);
      else showAll();
    }, 80);
  });

  for (const choice of all("input[name=show]")) {
    choice.addEventListener("change", () => {
      body.dataset.show = choice.value;
    });
  }

  byId("fold").addEventListener("click", ({ currentTarget }) => {
    const folds = all("main details");
    const open = folds.some((fold) => !fold.open);
    for (const fold of folds) fold.open = open;
    currentTarget.textContent = open ? "Fold all" : "Unfold all";
  });

  const themes = ["auto", "light", "dark"];
  byId("theme").addEventListener("click", ({ currentTarget }) => {
    const theme = themes[(themes.indexOf(root.dataset.theme ?? "auto") + 1) % themes.length];
    root.dataset.theme = theme;
    currentTarget.textContent = `Theme: ${theme}`;
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement && event.target.type === "search";
    if (event.key === "/" && !typing) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === "Escape" && typing && search.value) {
      search.value = "";
      showAll();
    }
  });

  // A link into something folded or filtered away shows it first.
  const reveal = () => {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.hidden || getComputedStyle(target).display === "none") {
      search.value = "";
      showAll();
      const everything = document.querySelector("input[name=show][value=all]");
      everything.checked = true;
      body.dataset.show = "all";
    }
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", reveal);
})();
