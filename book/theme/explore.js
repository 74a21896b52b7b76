// Draws what the model says, again whenever a slider moves.
const explore = (() => {
  const { last, readable } = model;
  const picture = (plans) => {
    const scale = Math.max(...plans.map(([, rows]) => last(rows)));
    // In percent of the width, so that letters keep their size on a narrow screen.
    const x = (time) => (14 + (70 * time) / scale).toFixed(1);
    const bar = ({ call, made, begun, ended, dropped }, index, rows) => {
      const [from, to, y] = [x(begun), x(ended), 20 * call + 15];
      return `<text y="${y}">call ${call + 1}</text>` +
        (made < begun ? `<line x1="${x(made)}%" x2="${from}%" y1="${y - 5}" y2="${y - 5}"/>` : "") +
        `<rect x="${from}%" width="${(to - from).toFixed(1)}%" y="${y - 11}" height="12"` +
        (dropped ? ` class="dropped"/><text x="${to}%" dx="-5" y="${y}">╳</text>` : "/>") +
        (rows[index + 1]?.call === call ? "" : `<text x="${to}%" dx="9" y="${y}">${readable(ended)}</text>`);
    };
    const said = ({ call, begun, ended, dropped }) =>
      `call ${call + 1}: ${readable(begun)} to ${readable(ended)}${dropped ? ", dropped" : ""}`;
    const figure = ([name, rows]) =>
      `<figure><figcaption>${name}: ${readable(last(rows))}</figcaption>` +
      `<svg role="img" height="${20 * rows.at(-1).call + 20}" aria-label="${rows.map(said).join("; ")}">` +
      `${rows.map(bar).join("")}</svg></figure>`;
    return plans.map(figure).join("");
  };
  const start = (root) => {
    root.querySelector("[hidden]").hidden = false;
    root.oninput = () => {
      const settings = {};
      for (const slider of root.querySelectorAll("input")) {
        const value = (settings[slider.name] = Number(slider.value));
        const shown = value + slider.dataset.unit;
        slider.setAttribute("aria-valuetext", shown);
        slider.nextElementSibling.value = shown;
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
