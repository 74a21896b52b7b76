// Judges an answer as `quiz/answer.rs`, `meaning.rs` and `number.rs` do; a test compares them.
const judge = (() => {
  const list = (words) => words.split(" ");
  const tidy = (text) => text.split(/\p{White_Space}+/u).filter(Boolean);
  const A = /^(an?)?$/;

  const ONES = list("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen");
  const TENS = list("- - twenty thirty forty fifty sixty seventy eighty ninety");
  const PARTS = { half: 2, quarter: 4, quarters: 4, tenth: 10, tenths: 10 };
  // What is no number is NaN.
  const digits = (word) => {
    const plain = word.replaceAll("_", "").replace(/^([1-9]\d{0,2}),(\d{3})$/, "$1$2").replace(",", ".");
    return /^(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
  };
  const place = (all, word) => (word !== "-" && all.includes(word) ? all.indexOf(word) : NaN);
  const first = (...numbers) => numbers.find((number) => number >= 0) ?? NaN;
  const cardinal = (words) => {
    if (words.at(-1) === "hundred") {
      const many = words.slice(0, -1);
      return many.at(-1) === "hundred" ? NaN : 100 * (/^a?$/.test(many) ? 1 : cardinal(many));
    }
    const [a = "", b, more] = words;
    if (!words[1]) return first(digits(a), place(ONES, a), 10 * place(TENS, a));
    const one = place(ONES, b);
    return more || !one || one > 9 ? NaN : 10 * place(TENS, a) + one;
  };
  const fraction = (words) => {
    const count = words.slice(0, -1);
    return (A.test(count) ? 1 : cardinal(count)) / PARTS[words.at(-1)];
  };
  const number = (all) => {
    const part = list(all.join(" ").replace(/( of)? a$/, ""));
    const words = part.length < all.length && fraction(part) >= 0 ? part : all;
    const and = words.lastIndexOf("and");
    const half = and < 0 ? NaN : fraction(words.slice(and + 1));
    return half >= 0 ? cardinal(words.slice(0, and)) + half : first(fraction(words), cardinal(words));
  };

  // Times, in microseconds, and counts.
  const UNITS = [
    [/^([uµμ]s|microseconds?)$/, 1],
    [/^(ms|msecs?|millis?|milliseconds?)$/, 1e3],
    [/^(s|secs?|seconds?)$/, 1e6],
    [/^(m|mins?|minutes?)$/, 6e7],
    [/^(h|hrs?|hours?)$/, 3.6e9],
  ];
  const time = (words) => {
    let [micros, unit, last, begin] = [0, 0, 0, 0];
    words.forEach((word, i) => {
      const here = begin < i && UNITS.find(([names]) => names.test(word))?.[1];
      if (here) {
        const count = words.slice(begin, i);
        micros += here * (A.test(count) ? 1 : number(count));
        [unit, last, begin] = [unit || here, here, i + 1];
      } else if (word === "and" && begin === i && unit) begin++;
    });
    if (begin < words.length) micros += last * fraction(words.slice(begin));
    if (unit && micros >= 0) return { micros: Math.round(micros), unit };
  };
  const squash = (text) =>
    list(text.replace(/^(an?|the) /, "").replace(/[_-]/g, " "))
      .map((word) => word.replace(/^(..+[^s])s$|^(.[^s])s$/u, "$1$2"))
      .join("");
  const FAST = "( as fast| faster)?$";
  const OFTEN = ["^(never|not at all|not once)$", "^once$", `^(twice|double)${FAST}`].map((often) => RegExp(often));
  const TIMES = RegExp(`^(x|×|fold|times?)${FAST}`);
  const count = (words) => {
    const said = words.join(" ");
    const often = first(/^[x×] /.test(said) ? number(words.slice(1)) : NaN, OFTEN.findIndex((often) => often.test(said)));
    if (often >= 0) return { count: often, noun: "time" };
    if (said === "none") return { count: 0, noun: "" };
    const length = words.findLastIndex((_, i) => number(words.slice(0, i + 1)) >= 0) + 1;
    const noun = words.slice(length).join(" ");
    if (length && !/\d/.test(noun))
      return { count: number(words.slice(0, length)), noun: TIMES.test(noun) ? "time" : squash(noun) };
  };

  // What somebody means: a time, a count, or words.
  const LEADS = list("about around approximately approx approx. roughly ca ca. exactly just only it its itll is takes take took will would prints i think guess expect maybe probably");
  const TAIL = /,* (or so|in all|in total|total|i think|i guess|long|later)$/;
  const meaning = (text) => {
    let said = tidy(text.toLowerCase().replace(/[`"'‘’“”]/g, "")).join(" ");
    for (let all; all !== said; ) said = (all = said).replace(/[.!?,;:… ]+$/, "").replace(/\(\)$/, "");
    const words = tidy(said.replace(/[~≈]/g, " "));
    const isNumber = (word) => /^([\d.]|an?$)/.test(word) || number([word]) >= 0;
    while (words[1] && (LEADS.includes(words[0]) || (/^(after|at|for|in)$/.test(words[0]) && isNumber(words[1]))))
      words.shift();
    said = words.join(" ");
    while (TAIL.test(said)) said = said.replace(TAIL, "");
    const parts = list(said).flatMap((word) => word.replace(/,+$/, "").match(/^-|[\d.,_]+|[^-\d.,_]+/gu) ?? []);
    return time(parts) ?? count(parts) ?? { words: squash(said) };
  };
  const comes = (a, b, units) => a.noun === "" && units.some((unit) => Math.round(a.count * unit) === b.micros);
  const is = (a, b) => {
    if (b.words !== undefined) return a.words === b.words;
    if (b.unit) return a.micros === b.micros || comes(a, b, [1e6, b.unit]);
    return a.count === b.count && (!a.noun || a.noun === b.noun || (!b.noun && a.noun === "time"));
  };

  const NOT_COMPILING = /^((compile|compiler|compilation)?error|(doenot|doesnt|not|no|wont|cannot|cant|failto)compile|compilationfail)$/;
  const printed = (text) => tidy(text.replace(/\\n|,/g, " ")).join(" ");
  // The key has one of the three; `null` is the output of what does not compile. A number that only lacks its unit is
  // neither right nor wrong, but `undefined`.
  return ({ choice, words, stdout }, given) => {
    if (choice) return given === choice;
    given = given.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
    const means = meaning(given);
    const says = (right) => is(means, meaning(right));
    const lacksUnit = (right) => comes(means, meaning(right), UNITS.map(([, unit]) => unit));
    if (words) return words.some(says) || (words.some(lacksUnit) ? undefined : false);
    if (stdout === null) return NOT_COMPILING.test(means.words);
    if (!tidy(stdout).length) return /^(nothing(atall)?|nooutput|empty)$/.test(means.words);
    const unquoted = given.replace(/^(["'`])([^]*)\1$/, "$2");
    return (
      (meaning(stdout).words === undefined && says(stdout)) ||
      [given, unquoted].some((text) => printed(text) === printed(stdout))
    );
  };
})();
