// Makes the questions of a page answerable, and keeps the score in the browser.
(() => {
  const box = document.querySelector(".score");
  if (!box) return;
  const forms = [...document.querySelectorAll(".quiz form")];
  const ids = forms.map((form) => form.id);
  const KEY = "async-workbook-quiz";
  // A browser that is told to remember nothing refuses. The score then lasts as long as the page.
  let store = {};
  try {
    store = localStorage;
  } catch {}
  const score = JSON.parse(store[KEY] ?? "{}");

  const show = (form, words, open = false) => {
    form.querySelector("[role=status]").textContent = words;
    Object.assign(form.querySelector("details"), { hidden: !(form.id in score), open });
  };
  const verdict = (right) => ["Wrong.", "Right."][right] ?? "";
  const count = (ids) => {
    const answered = ids.filter((id) => id in score);
    return `${answered.filter((id) => score[id]).length} right of ${answered.length} answered`;
  };
  const keep = () => {
    box.querySelector("p").textContent =
      `${count(ids)}, of ${ids.length} in this chapter. In all chapters: ${count(Object.keys(score))}.`;
    store[KEY] = JSON.stringify(score);
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

  for (const form of forms) {
    form.querySelector("p button").hidden = false;
    // The button that copies a program would submit the form that it stands in.
    for (const copy of form.querySelectorAll("pre button")) copy.type = "button";
    form.onsubmit = (event) => {
      event.preventDefault();
      const given = form.answer.value.trim();
      if (!given) return show(form, "Choose or type an answer first.");
      const right = Number(judge(JSON.parse(decodeURIComponent(form.dataset.key)), given));
      // The first answer counts: from then on, the right one is on the screen.
      score[form.id] ??= right;
      show(form, verdict(right), true);
      keep();
    };
  }
  const [here, all] = box.querySelectorAll("button");
  here.onclick = () => forget(ids);
  all.onclick = () => forget(Object.keys(score));
  box.hidden = false;
  begin();
})();
