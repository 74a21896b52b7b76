// What the explorers show. Times are in milliseconds.
const model = (() => {
  const OFFSETS = [1, -4, 5, -2, 3, -5, 2, -1, 4, -3, 0];
  // Somewhere in the spread, and the same every time.
  const latency = (s, call, attempt = 0) => {
    const offset = OFFSETS[(call + 3 * attempt) % OFFSETS.length] / 5;
    return Math.round((s.latency * (100 + s.spread * offset)) / 1000) * 10;
  };
  const last = (rows) => Math.max(0, ...rows.map((row) => row.ended));
  // As in the workbook: 35 ms, 0.5 s, 1.25 s.
  const readable = (ms) =>
    ms < 100 ? `${ms} ms` : `${ms % 100 ? ms / 1000 : (ms / 1000).toFixed(1)} s`;

  // Each plan's rows, and the result in words.
  const simulate = (explorer, s) => {
    const calls = [...Array(s.calls).keys()];
    const row = (call, made, begun = made) => ({ call, made, begun, ended: begun + latency(s, call) });
    const inOrder = (next) => calls.reduce((rows, call) => [...rows, next(call, rows)], []);
    const inChunks = (size) => inOrder((call, rows) => row(call, last(rows.slice(0, call - (call % size)))));
    const limited = () => inOrder((call, rows) => {
      // First come, first served: each call that ends lets one in.
      const ends = rows.map((row) => row.ended).sort((a, b) => a - b);
      return row(call, 0, ends[call - s.limit] ?? 0);
    });
    const attempts = (call) => {
      const rows = [];
      for (let made = 0, n = 0, dropped = true; dropped && n < s.attempts; n++) {
        const takes = latency(s, call, n);
        // What ends as the time is up is in time: a timeout polls its future first.
        dropped = takes > s.timeout;
        const ended = made + Math.min(takes, s.timeout);
        rows.push({ call, made, begun: made, ended, dropped });
        made = ended + 100 * 2 ** n;
      }
      return rows;
    };
    const plans = {
      gather: () => ({ "In turn": inChunks(1), Together: inChunks(s.calls) }),
      timeouts: () => ({ "All over": calls.flatMap(attempts) }),
      semaphores: () => ({ "With a semaphore": limited(), "In chunks": inChunks(s.limit) }),
    }[explorer]();
    const words = Object.entries(plans).map(([name, rows]) => `${name}: ${readable(last(rows))}.`);
    const [rows] = Object.values(plans);
    if (s.timeout) {
      const dropped = rows.filter((row) => row.dropped).length;
      words.push(`Calls answered: ${rows.length - dropped}. Attempts dropped: ${dropped}.`);
    }
    if (s.limit) {
      words.push(`In flight: at most ${Math.min(s.limit, s.calls)}. Last permit: ${readable(rows.at(-1).begun)}.`);
    }
    return { plans, result: words.join(" ") };
  };
  return { simulate, latency, last, readable };
})();
