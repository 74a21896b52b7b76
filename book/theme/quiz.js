// Takes the answers to a page's questions, and keeps the score.
(() => {
  const box = document.querySelector(".score");
  if (!box) return;
  const [line, here, all] = box.children;
  const forms = [...document.querySelectorAll(".quiz form")];
  const ids = forms.map((form) => form.id);
  // If the browser refuses, the score lasts as long as the page.
  let store = {};
  try {
    store = localStorage;
  } catch {}
  const score = JSON.parse(store.workbookQuiz ?? "{}");

  const show = (form, words, open = false) => {
    form.querySelector("[role=status]").textContent = words;
    Object.assign(form.querySelector("details"), { hidden: !(form.id in score), open });
  };
  const verdict = (right) => ["Wrong.", "Right."][right] ?? "";
  const count = (ids) => {
    const answered = ids.filter((id) => id in score);
    const right = answered.filter((id) => score[id]);
    return `${right.length} right of ${answered.length} answered`;
  };
  const keep = () => {
    line.textContent =
      `${count(ids)}, of ${ids.length} in this chapter. In all chapters: ${count(Object.keys(score))}.`;
    store.workbookQuiz = JSON.stringify(score);
  };
  const begin = () => {
    for (const form of forms) {
      form.reset();
      show(form, verdict(score[form.id]));
    }
    keep();
  };
  const forget = (ids) => {
    for (const id of ids) delete score[id];
    begin();
  };

  const code = (text) => Object.assign(document.createElement("code"), { textContent: text });
  for (const form of forms) {
    form.querySelector("p button").hidden = false;
    // The book's search reads no attributes.
    for (const folded of form.querySelectorAll("[data-text]")) {
      folded.append(...folded.dataset.text.split("`").map((part, i) => (i % 2 ? code(part) : part)));
      delete folded.dataset.text;
    }
    form.onsubmit = (event) => {
      event.preventDefault();
      const given = form.answer.value.trim();
      if (!given) return show(form, "Give an answer first.");
      const right = Number(judge(JSON.parse(decodeURIComponent(form.dataset.key)), given));
      // The first answer counts: it shows the right one.
      score[form.id] ??= right;
      show(form, verdict(right), true);
      keep();
    };
  }
  here.onclick = () => forget(ids);
  all.onclick = () => forget(Object.keys(score));
  box.hidden = false;
  begin();
})();
