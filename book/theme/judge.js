"use strict";
// Judges an answer as the terminal does: `quiz/answer.rs` in JavaScript. A test compares the two.
const judge = (() => {
  const tidy = (text) => text.split(/\p{White_Space}+/u).filter(Boolean).join(" ");
  const plain = (text) => tidy(text.toLowerCase()).replace(/[`"']/g, "").replace(/\.+$/, "");
  const UNITS = [
    [1, /^(us|µs|microseconds)$/],
    [1e3, /^(ms|millis|milliseconds?)$/],
    [1e6, /^(s|secs?|seconds?)$/],
    [6e7, /^(m|mins?|minutes?)$/],
    [3.6e9, /^(h|hours?)$/],
  ];
  // In microseconds; undefined if it is no duration.
  const duration = (text) => {
    const [, digits, unit] =
      /^([\d.,_]*)(.+)$/.exec(tidy(text).replace(/\.+$/, "").toLowerCase()) ?? [];
    const number = digits?.replace(/[_,]/g, "");
    const factor = UNITS.find(([, names]) => names.test(unit?.trim()))?.[0];
    if (factor && /^(\d+\.?\d*|\.\d+)$/.test(number)) return Math.round(number * factor);
  };
  const same = (given, right) => {
    const [a, b] = [duration(given), duration(right)];
    if (b === undefined) return plain(given) === plain(right);
    if (a !== undefined) return a === b;
    // A mere number counts as seconds where a duration is asked for.
    const number = tidy(given);
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(number) && Math.round(number * 1e9) === b * 1e3;
  };
  const NOT = ["error", "compile error"].concat(
    ["does not", "doesn't", "it does not", "it doesn't"].map((not) => not + " compile"),
  );
  const NOTHING = ["nothing", "prints nothing", "it prints nothing"];
  // The key has `choice`, `words`, or `stdout`, which is null if the program does not compile.
  return ({ choice, words, stdout }, given) => {
    if (choice !== undefined) return given === choice;
    words ??= stdout === null ? NOT : tidy(stdout) ? undefined : NOTHING;
    if (words) return words.some((right) => same(given, right));
    const time = duration(given);
    return tidy(given) === tidy(stdout) || (time !== undefined && time === duration(stdout));
  };
})();
