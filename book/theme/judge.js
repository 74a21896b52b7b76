// Judges an answer as `quiz/answer.rs`, `meaning.rs` and `number.rs` do; a test compares them.
const judge = (() => {
  const list = (words) => words.split("|");
  const tidy = (text) => text.split(/\p{White_Space}+/u).filter(Boolean);
  const squash = (text) => text.replace(/^(?:an?|the) /, "").split(/[ _-]/)
    .map((word) => word.replace(/^(.{2,}[^s])s$/u, "$1")).join("");

  // Numbers.
  const SMALL = list("zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen");
  const TENS = list("twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety");
  const PARTS = { half: 2, halve: 2, quarter: 4, fifth: 5, tenth: 10, hundredth: 100, thousandth: 1000 };
  const small = (word) =>
    SMALL.includes(word) ? SMALL.indexOf(word) : TENS.includes(word) ? 10 * TENS.indexOf(word) + 20 : undefined;
  const digits = (word) => {
    let plain = word.replaceAll("_", "");
    plain = plain.replace(/^[1-9]\d{0,2}(?:,[^,.]{3})+(?=\.|$)/, (whole) => whole.replaceAll(",", ""));
    plain = plain.replace(/^([^,]*),([^,.]*)$/, "$1.$2");
    if (/^(\d+\.?\d*|\.\d+)$/.test(plain)) return Number(plain);
  };
  const cardinal = (words) => {
    const point = words.indexOf("point");
    if (point >= 0) {
      const whole = cardinal(words.slice(0, point));
      const after = words.slice(point + 1).map(small);
      if (whole === undefined || !after.length || !after.every((digit) => digit < 10)) return;
      return digits(`${whole}.${after.join("")}`);
    }
    let [thousands, part, room] = [0, undefined, Infinity];
    for (const [i, word] of words.entries()) {
      const [value, low] = [digits(word), small(word)];
      if (value !== undefined) {
        if (i) return;
        [part, room] = [value, 0];
      } else if (low !== undefined) {
        if (low >= room || (!low && i)) return;
        room = low < 20 ? 0 : 10;
        part = (part ?? 0) + low;
      } else if (/^an?$/.test(word) && !i && /^(hundred|thousand)$/.test(words[1])) [part, room] = [1, 0];
      else if (word === "and" && i + 1 < words.length && /^(hundred|thousand)$/.test(words[i - 1])) continue;
      else if (word === "hundred" && !(part >= 100)) [part, room] = [(part ?? 1) * 100, 100];
      else if (word === "thousand" && !thousands) [thousands, part, room] = [(part ?? 1) * 1000, undefined, 1000];
      else return;
    }
    if (words.length) return thousands + (part ?? 0);
  };
  const sum = (a, b) => (a === undefined || b === undefined ? undefined : a + b);
  const slashed = (word) => {
    const [, count, parts] = /^([^/]*)\/(.*)$/.exec(word) ?? [];
    const value = count === undefined ? NaN : digits(count) / digits(parts);
    return Number.isFinite(value) ? value : undefined;
  };
  const fraction = (words) => {
    const [count, last] = [words.slice(0, -1), words.at(-1) ?? ""];
    const value = count.length ? undefined : slashed(last);
    const parts = PARTS[last.replace(/s$/, "")];
    if (value !== undefined || !parts) return value;
    const some = /^an?$|^$/.test(count.join(" ")) ? 1 : cardinal(count);
    return some && some / parts;
  };
  const number = (all) => {
    const part = list(all.join("|").replace(/(?:\|of)?\|(?:an?)$|\|of(?:\|one)?$/, ""));
    const words = part.length < all.length && fraction(part) !== undefined ? part : all;
    const and = words.lastIndexOf("and");
    if (and >= 0 && fraction(words.slice(and + 1)) !== undefined)
      return sum(cardinal(words.slice(0, and)), fraction(words.slice(and + 1)));
    if (words.length > 1 && slashed(words.at(-1)) !== undefined)
      return sum(cardinal(words.slice(0, -1)), slashed(words.at(-1)));
    return fraction(words) ?? cardinal(words);
  };

  // Times, in microseconds, and counts.
  const UNITS = [
    [/^(us|µs|μs|microseconds?)$/, 1],
    [/^(ms|msecs?|millis?|milliseconds?)$/, 1e3],
    [/^(s|secs?|seconds?)$/, 1e6],
    [/^(m|mins?|minutes?)$/, 6e7],
    [/^(h|hrs?|hours?)$/, 3.6e9],
  ];
  const time = (words) => {
    let [micros, first, last, begin] = [0, undefined, 0, 0];
    for (const [i, word] of words.entries()) {
      const unit = begin < i ? UNITS.find(([names]) => names.test(word))?.[1] : undefined;
      if (unit) {
        const count = words.slice(begin, i);
        micros += unit * (/^an?$/.test(count.join(" ")) ? 1 : (number(count) ?? NaN));
        [first, last, begin] = [first ?? unit, unit, i + 1];
      } else if (word === "and" && begin === i && first) begin = i + 1;
    }
    if (begin < words.length) micros += last * (fraction(words.slice(begin)) ?? NaN);
    if (first && !Number.isNaN(micros)) return { micros: Math.round(micros), unit: first };
  };
  const SPEED = "(?: as fast| faster| as quick| quicker| the speed)?$";
  const TIMES = RegExp(`^(?:x|×|fold|times?)${SPEED}`);
  const OFTEN = [
    [RegExp(`^(never|not at all|not once)$`), 0],
    [RegExp(`^once${SPEED}`), 1],
    [RegExp(`^(twice|double)${SPEED}`), 2],
    [RegExp(`^(thrice|triple)${SPEED}`), 3],
  ];
  const count = (words) => {
    const said = words.join(" ");
    const factor = number(list(words.join("|").replace(/^([x×]|(a\|factor\|of|factor(\|of)?))\|/, "")));
    if (/^([x×]|factor|a factor of) /.test(said) && factor !== undefined) return { count: factor, noun: "time" };
    if (said === "none") return { count: 0, noun: "" };
    const often = OFTEN.find(([form]) => form.test(said));
    if (often) return { count: often[1], noun: "time" };
    for (let n = words.length; n; n--) {
      const value = number(words.slice(0, n));
      if (value === undefined) continue;
      const noun = words.slice(n).join(" ");
      if (!/\d/.test(noun)) return { count: value, noun: TIMES.test(noun) ? "time" : squash(noun) };
      return;
    }
  };

  // What somebody means: a time, a count, or words.
  const LEAD = /^(about|around|approximately|approx\.?|roughly|circa|ca\.?|exactly|just|only|still|it|its|itll|is|takes|take|took|will|would|should|be|prints|returns|i|think|guess|expect|say|maybe|probably|perhaps|that)$/;
  const TAIL = /,* (?:or so|in all|in total|total|altogether|i think|i guess|i expect|long|later|exactly|approximately|roughly)$/;
  const plain = (text) => {
    let rest = tidy(text.toLowerCase().replace(/[`"'‘’“”]/g, "")).join(" ");
    for (let before; before !== rest; ) {
      before = rest;
      rest = rest.replace(/[.!?,;:… ]+$/, "").replace(/\(\)$/, "");
    }
    return rest;
  };
  const meaning = (text) => {
    const words = tidy(plain(text).replace(/[~≈]/g, " ").replaceAll("½", " 1/2 "));
    const number1 = (word) => /^([\d.]|an?$)/.test(word) || number([word]) !== undefined;
    while (words.length > 1 && (LEAD.test(words[0]) || (/^(after|at|for|in)$/.test(words[0]) && number1(words[1]))))
      words.shift();
    let said = words.join(" ");
    while (TAIL.test(said)) said = said.replace(TAIL, "");
    const parts = said.split(" ").flatMap((word) => [
      ...(word.startsWith("-") ? ["-"] : []),
      ...word.replace(/,+$/, "").split("-").flatMap((part) => part.match(/[\d.,_/]+|[^\d.,_/]+/gu) ?? []),
    ]);
    return time(parts) ?? count(parts) ?? { words: squash(said) };
  };
  const is = (a, b) => {
    if (b.micros === undefined) {
      const counts = !a.noun || a.noun === b.noun || (!b.noun && a.noun === "time");
      return b.words === undefined ? a.count === b.count && counts : a.words === b.words;
    }
    return a.micros === b.micros || (a.noun === "" && [1e6, b.unit].some((unit) => Math.round(a.count * unit) === b.micros));
  };
  const lacksUnit = (a, b) =>
    a.noun === "" && UNITS.some(([, unit]) => Math.round(a.count * unit) === b.micros);

  const NOT_COMPILING = list("error|compile error|compiler error|compilation error|does not compile|doesnt compile|not compile|wont compile|cannot compile|cant compile|fails to compile|compilation fails|no compile");
  const NOTHING = list("nothing|nothing at all|no output|empty");
  const printed = (text) => tidy(text.replaceAll("\\n", " ").replaceAll(",", " ")).join(" ");
  const unquoted = (text) => /^(["'`])([^]*)\1$/.exec(text)?.[2] ?? text;
  // The key has one of the three; `null` is the output of what does not compile. What only lacks its unit is neither
  // right nor wrong: `undefined`.
  return ({ choice, words, stdout }, given) => {
    if (choice) return given === choice;
    given = given.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
    const means = meaning(given);
    const says = (all) => all.some((right) => is(means, meaning(right)));
    if (words) return says(words) || (words.some((right) => lacksUnit(means, meaning(right))) ? undefined : false);
    if (stdout === null) return says(NOT_COMPILING);
    if (!tidy(stdout).length) return says(NOTHING);
    return (
      (meaning(stdout).words === undefined && says([stdout])) ||
      [given, unquoted(given)].some((text) => printed(text) === printed(stdout))
    );
  };
})();
