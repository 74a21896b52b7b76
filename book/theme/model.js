"use strict";
// What the explorers show, as tokio's clock has it. Times are in milliseconds.
const model = (() => {
  const OFFSETS = [1, -4, 5, -2, 3, -5, 2, -1, 4, -3, 0];
  // Of `attempt` at `call`: somewhere in the spread, and the same every time.
  const latency = (s, call, attempt = 0) => {
    const offset = OFFSETS[(call + 3 * attempt) % OFFSETS.length] / 5;
    return Math.round((s.latency * (100 + s.spread * offset)) / 1000) * 10;
  };
  const row = (s, call, made, begun = made) =>
    ({ call, made, begun, ended: begun + latency(s, call) });
  const calls = (s) => [...Array(s.calls).keys()];
  const last = (rows) => Math.max(0, ...rows.map((row) => row.ended));

  const PLANS = {
    gather(s) {
      const inTurn = [];
      for (const call of calls(s)) inTurn.push(row(s, call, last(inTurn)));
      return { "In turn": inTurn, Together: calls(s).map((call) => row(s, call, 0)) };
    },
    timeouts(s) {
      const attempts = (call) => {
        const rows = [];
        for (let made = 0, n = 0; n < s.attempts; n++) {
          const takes = latency(s, call, n);
          // Who ends as the time is up is in time: a timeout polls its future first.
          const dropped = takes > s.timeout;
          const ended = made + Math.min(takes, s.timeout);
          rows.push({ call, made, begun: made, ended, dropped });
          if (!dropped) break;
          made = ended + 100 * 2 ** n;
        }
        return rows;
      };
      return { Attempts: calls(s).flatMap(attempts) };
    },
    semaphores(s) {
      // When each permit is free; whoever asked first has the first that is.
      const free = Array(s.limit).fill(0);
      const window = calls(s).map((call) => {
        const begun = Math.min(...free);
        const next = row(s, call, 0, begun);
        free[free.indexOf(begun)] = next.ended;
        return next;
      });
      const chunks = [];
      for (let first = 0; first < s.calls; first += s.limit) {
        const chunk = calls(s).slice(first, first + s.limit);
        const begun = last(chunks);
        chunks.push(...chunk.map((call) => row(s, call, begun)));
      }
      return { "With a semaphore": window, "In chunks": chunks };
    },
  };

  const highWater = (rows) =>
    Math.max(
      ...rows.map(({ begun }) => rows.filter((r) => r.begun <= begun && begun < r.ended).length),
    );
  // As the workbook writes times: 35 ms, 0.5 s, 1.25 s.
  const readable = (ms) =>
    ms < 100 ? `${ms} ms` : `${(ms / 1000).toFixed(3).replace(/0{1,2}$/, "")} s`;

  const RESULTS = {
    gather: (inTurn, together) =>
      `In turn: ${readable(last(inTurn))}, the sum. ` +
      `Together: ${readable(last(together))}, as long as the slowest.`,
    timeouts(rows) {
      const dropped = rows.filter((row) => row.dropped).length;
      return `Answered: ${rows.length - dropped}. Attempts dropped: ${dropped}. ` +
        `All is over after ${readable(last(rows))}.`;
    },
    semaphores: (window, chunks) =>
      `With a semaphore: ${readable(last(window))}, with at most ${highWater(window)} in flight; ` +
      `the last permit comes after ${readable(window.at(-1).begun)}. ` +
      `In chunks: ${readable(last(chunks))}.`,
  };
  // The rows of each plan by its name, and the result in words.
  const simulate = (name, settings) => {
    const plans = PLANS[name](settings);
    return { plans, result: RESULTS[name](...Object.values(plans)) };
  };
  return { simulate, latency, last, highWater, readable };
})();
