// What the explorers show, as tokio's clock has it. Times are in milliseconds.
const model = (() => {
  const OFFSETS = [1, -4, 5, -2, 3, -5, 2, -1, 4, -3, 0];
  // Somewhere in the spread, and the same every time.
  const latency = (s, call, attempt = 0) => {
    const offset = OFFSETS[(call + 3 * attempt) % OFFSETS.length] / 5;
    return Math.round((s.latency * (100 + s.spread * offset)) / 1000) * 10;
  };
  const last = (rows) => Math.max(0, ...rows.map((row) => row.ended));
  // As the workbook writes times: 35 ms, 0.5 s, 1.25 s.
  const readable = (ms) =>
    ms < 100 ? `${ms} ms` : `${(ms / 1000).toFixed(3).replace(/0{1,2}$/, "")} s`;

  // Pairs of a name and its rows, and the facts about them in words.
  const simulate = (explorer, s) => {
    const calls = [...Array(s.calls).keys()];
    const row = (call, made, begun = made) =>
      ({ call, made, begun, ended: begun + latency(s, call) });
    const gather = () => {
      const inTurn = [];
      for (const call of calls) inTurn.push(row(call, last(inTurn)));
      return [[["In turn", inTurn], ["Together", calls.map((call) => row(call, 0))]]];
    };
    const timeouts = () => {
      const rows = [];
      for (const call of calls) {
        for (let made = 0, n = 0, dropped = true; dropped && n < s.attempts; n++) {
          const takes = latency(s, call, n);
          // Who ends as the time is up is in time: a timeout polls its future first.
          dropped = takes > s.timeout;
          const ended = made + Math.min(takes, s.timeout);
          rows.push({ call, made, begun: made, ended, dropped });
          made = ended + 100 * 2 ** n;
        }
      }
      const dropped = rows.filter((row) => row.dropped).length;
      return [[["Over", rows]], `Answered: ${rows.length - dropped}`, `Dropped: ${dropped}`];
    };
    const semaphores = () => {
      // When each permit is free. Whoever asked first gets the first.
      const free = Array(s.limit).fill(0);
      const permits = calls.map((call) => {
        const next = row(call, 0, Math.min(...free));
        free[free.indexOf(next.begun)] = next.ended;
        return next;
      });
      const chunks = [];
      for (let first = 0; first < s.calls; first += s.limit) {
        const made = last(chunks);
        chunks.push(...calls.slice(first, first + s.limit).map((call) => row(call, made)));
      }
      return [
        [["With a semaphore", permits], ["In chunks", chunks]],
        `In flight at most: ${Math.min(s.limit, s.calls)}`,
        `Last permit: ${readable(permits.at(-1).begun)}`,
      ];
    };
    const [plans, ...facts] = { gather, timeouts, semaphores }[explorer]();
    const totals = plans.map(([name, rows]) => `${name}: ${readable(last(rows))}`);
    return { plans, result: [...totals, ...facts].join(". ") + "." };
  };
  return { simulate, latency, last, readable };
})();
