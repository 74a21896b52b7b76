// Draws what the model says, as the lessons' timelines are drawn (`src/chart.rs`), again whenever a slider moves.
const explore = (() => {
  const { last, readable } = model;
  const COLUMN = (100 * 7.2) / 340;
  const percent = (time, end) => ((100 * time) / end).toFixed(2) + "%";
  // Five times at the most, a round step apart.
  const round = (end) => {
    let step = 1;
    while (end > 5 * step) step *= String(step)[0] === "2" ? 2.5 : 2;
    return [...Array(Math.ceil(end / step) - 1).keys()].map((n) => step * (n + 1));
  };
  const axis = (end, height) => {
    const tick = (time, anchor) => {
      const x = percent(time, end);
      return `<line class="grid" x1="${x}" y1="18.0" x2="${x}" y2="${(22 + height).toFixed(1)}" stroke="currentColor" opacity="0.25"/>\n` +
        `<text class="tick" x="${x}" y="13.0" text-anchor="${anchor}">${time ? readable(time) : 0}</text>\n`;
    };
    const share = (time) => (100 * time) / end;
    const clear = (time) => share(time) >= 5 * COLUMN && share(time) < 100 - COLUMN * (readable(end).length + 4);
    return tick(0, "start") + tick(end, "end") + round(end).filter(clear).map((time) => tick(time, "middle")).join("");
  };
  const picture = (plans) => {
    const end = last(Object.values(plans).flat());
    const part = (time) => percent(time, end);
    const row = (attempts, call) => {
      const { ended, dropped } = attempts.at(-1);
      const bar = ({ made, begun, ended, dropped }) =>
        (begun > made
          ? `<line class="unpolled" x1="${part(made)}" y1="22" x2="${part(begun)}" y2="22" stroke="currentColor" stroke-width="2" stroke-dasharray="2 4"/>`
          : "") +
        `<rect class="waiting" x="${part(begun)}" y="18" width="${part(ended - begun)}" height="8" rx="2"/>` +
        (dropped
          ? `<svg x="${part(ended)}" y="22" overflow="visible"><path class="dropped" d="M-6 -6l12 12m0 -12l-12 12" stroke="currentColor" stroke-width="2.5"/></svg>`
          : "");
      return `<svg y="${22 + 34 * call}" overflow="visible"><text class="label" y="13">call ${call + 1}</text>` +
        `<text class="figure" x="100%" y="13" text-anchor="end">${dropped ? "dropped at " : ""}${readable(ended)}</text>` +
        `<rect class="track" y="18" width="100%" height="8" opacity="0.08"/>${attempts.map(bar).join("")}</svg>`;
    };
    const figure = ([name, rows]) => {
      const calls = rows.at(-1).call + 1;
      const words = `${name}: ${readable(last(rows))}`;
      const bars = [...Array(calls).keys()].map((call) => row(rows.filter((attempt) => attempt.call === call), call));
      return `<figure><figcaption>${words}</figcaption><svg role="img" aria-label="${words}" width="100%" ` +
        `height="${22 + 34 * calls}" overflow="visible" font-size="12" fill="currentColor">${axis(end, 34 * calls)}${bars.join("")}</svg></figure>`;
    };
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
  return { axis, picture, start };
})();
globalThis.document?.querySelectorAll(".explore").forEach(explore.start);
