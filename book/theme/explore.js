// Draws what the model says, again whenever a slider moves.
const explore = (() => {
  const { last, readable } = model;
  const picture = (plans) => {
    const scale = last(Object.values(plans).flat());
    // In percent: letters keep their size on a phone.
    const part = (time) => ((100 * time) / scale).toFixed(1) + "%";
    const bar = ({ call, made, begun, ended, dropped }, index, rows) => {
      const more = rows[index + 1]?.call === call;
      return `<svg x="14%" y="${20 * call}" width="70%">` +
        `<text x="-20%" y="15">${more ? "" : `call ${call + 1}`}</text>` +
        `<rect class="wait" x="${part(made)}" width="${part(begun - made)}"/>` +
        `<rect${dropped ? ' class="dropped"' : ""} x="${part(begun)}" width="${part(ended - begun)}"/>` +
        `<text x="${part(ended)}" dx="3" y="15">${dropped ? "╳ " : ""}${more ? "" : readable(ended)}</text></svg>`;
    };
    const figure = ([name, rows]) =>
      `<figure><figcaption>${name}: ${readable(last(rows))}</figcaption>` +
      `<svg width="100%" height="${20 * rows.at(-1).call + 20}">${rows.map(bar).join("")}</svg></figure>`;
    return Object.entries(plans).map(figure).join("");
  };
  const start = (root) => {
    root.querySelector("[hidden]").hidden = false;
    root.oninput = () => {
      const settings = {};
      for (const slider of root.querySelectorAll("input")) {
        slider.previousElementSibling.value = slider.value;
        settings[slider.name] = Number(slider.value);
      }
      const { plans, result } = model.simulate(root.dataset.explore, settings);
      root.querySelector("[role=status]").textContent = result;
      root.querySelector(".picture").innerHTML = picture(plans);
    };
    root.oninput();
  };
  return { picture, start };
})();
globalThis.document?.querySelectorAll(".explore").forEach(explore.start);
