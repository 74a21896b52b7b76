// Takes the answers to a page's questions, and keeps the score.
(() => {
  // If the browser refuses, or has kept no score, it lasts as long as the page.
  let score = {};
  try {
    score = { ...JSON.parse(localStorage.workbookQuiz) };
  } catch {}
  const forms = document.querySelectorAll(".quiz form");

  const code = (text) => Object.assign(document.createElement("code"), { textContent: text });
  const withCode = (text) => text.split("`").map((part, i) => (i % 2 ? code(part) : part));
  const show = (form, words, open = false) => {
    form.querySelector("[role=status]").replaceChildren(...withCode(words));
    Object.assign(form.querySelector("details"), { hidden: !(form.id in score), open });
  };
  const verdict = (right) => ["Wrong.", "Right."][right] ?? "";
  const count = (ids) => {
    const answered = ids.filter((id) => id in score);
    const right = answered.filter((id) => score[id]);
    return `${right.length} right of ${answered.length} answered`;
  };
  const keep = () => {
    const all = count(Object.keys(score));
    for (const { line, ids } of chapters) {
      line.textContent = `${count(ids)}, of ${ids.length} in this chapter. In all chapters: ${all}.`;
    }
    try {
      localStorage.workbookQuiz = JSON.stringify(score);
    } catch {}
  };
  const forget = (ids) => {
    for (const id of ids) delete score[id];
    for (const form of forms) {
      form.reset();
      show(form, verdict(score[form.id]));
    }
    keep();
  };

  for (const form of forms) {
    form.querySelector("p button").hidden = false;
    // The book's search reads no attributes.
    for (const folded of form.querySelectorAll("[data-text]")) {
      folded.append(...withCode(folded.dataset.text));
      delete folded.dataset.text;
    }
    form.onsubmit = (event) => {
      event.preventDefault();
      const given = form.answer.value.trim();
      if (!given) return show(form, "Give an answer first.");
      const judged = judge(JSON.parse(decodeURIComponent(form.dataset.key)), given);
      if (judged === undefined) return show(form, "Which unit? Type it too: ms, s, min or h.");
      const right = Number(judged);
      // The first answer counts: it shows the right one.
      score[form.id] ??= right;
      // A wrong choice says what is wrong with it.
      const why = form.querySelector(":checked")?.dataset.why ?? "";
      show(form, `${verdict(right)} ${why}`.trim(), true);
      keep();
    };
  }
  // In print.html, there are several.
  const chapters = [...document.querySelectorAll(".score")].map((box) => {
    const [line, here, all] = box.children;
    const ids = [...box.parentNode.querySelectorAll("form")].map((form) => form.id);
    here.onclick = () => forget(ids);
    all.onclick = () => forget(Object.keys(score));
    box.hidden = false;
    return { line, ids };
  });
  forget([]);
})();
