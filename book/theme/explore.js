"use strict";
// Draws what the model says, and draws it again whenever a slider moves.
const explore = (() => {
  const bars = (rows, scale) => {
    // In percent, so that the letters keep their size on a narrow screen.
    const x = (time) => (14 + (70 * time) / scale).toFixed(2);
    const cross = '<path d="M-5-5 5 5M-5 5 5-5"/>';
    return rows.map(({ call, made, begun, ended, dropped }) => {
      const y = 20 * call;
      const [from, to] = [x(begun), x(ended)];
      const wait = `<line x1="${x(made)}%" x2="${from}%" y1="${y + 10}" y2="${y + 10}"/>`;
      const next = rows.some((row) => row.call === call && row.made > made);
      return `<text x="0" y="${y + 15}">call ${call + 1}</text>${begun > made ? wait : ""}` +
        `<rect x="${from}%" width="${(to - from).toFixed(2)}%" y="${y + 4}" height="12"` +
        `${dropped ? ' class="dropped"' : ""}/>` +
        (dropped ? `<svg x="${to}%" y="${y + 10}">${cross}</svg>` : "") +
        (next ? "" : `<text x="${to}%" dx="8" y="${y + 15}">${model.readable(ended)}</text>`);
    }).join("");
  };
  const said = ({ call, begun, ended, dropped }) =>
    `call ${call + 1} ${model.readable(begun)} to ${model.readable(ended)}${dropped ? ", dropped" : ""}`;
  const picture = (plans) => {
    const scale = Math.max(...Object.values(plans).map(model.last));
    return Object.entries(plans).map(([name, rows]) =>
      `<figure><figcaption>${name}: ${model.readable(model.last(rows))}</figcaption>` +
      `<svg role="img" height="${20 * (rows.at(-1).call + 1)}"` +
      ` aria-label="${name}: ${rows.map(said).join("; ")}">${bars(rows, scale)}</svg></figure>`,
    ).join("");
  };

  const start = (root) => {
    const sliders = [...root.querySelectorAll("input")];
    const draw = () => {
      const settings = {};
      for (const slider of sliders) {
        const { name, value, dataset, nextElementSibling: output } = slider;
        settings[name] = Number(value);
        const shown = dataset.unit === "ms" ? model.readable(settings[name]) : value + dataset.unit;
        output.value = shown;
        slider.setAttribute("aria-valuetext", shown);
      }
      const { plans, result } = model.simulate(root.dataset.explore, settings);
      root.querySelector(".picture").innerHTML = picture(plans);
      root.querySelector("[role=status]").textContent = result;
    };
    root.addEventListener("input", draw);
    root.querySelector("[hidden]").hidden = false;
    draw();
  };
  return { picture, start };
})();
if (globalThis.document) document.querySelectorAll(".explore").forEach(explore.start);
