// Judges an answer as `quiz/answer.rs` does; a test compares the two.
const judge = (() => {
  const tidy = (text) => text.split(/\p{White_Space}+/u).filter(Boolean).join(" ");
  const plain = (text) => tidy(text.toLowerCase()).replace(/[`"']/g, "").replace(/\.+$/, "");
  const DURATION = /^([\d.,_]*) ?(?:(us|µs|microseconds)|(ms|millis|milliseconds?)|(s|secs?|seconds?)|(m|mins?|minutes?)|(h|hours?)) ?$/;
  // In microseconds; undefined if it is none.
  const duration = (text) => {
    const [, digits, ...units] = DURATION.exec(tidy(text).replace(/\.+$/, "").toLowerCase()) ?? [];
    const number = digits?.replace(/[_,]/g, "");
    const unit = [1, 1e3, 1e6, 6e7, 3.6e9][units.findIndex(Boolean)];
    if (/^(\d+\.?\d*|\.\d+)$/.test(number)) return Math.round(number * unit);
  };
  const same = (given, right) => {
    const [a, b] = [duration(given), duration(right)];
    if (b === undefined) return plain(given) === plain(right);
    if (a !== undefined) return a === b;
    // A mere number counts as seconds here.
    return Math.round(tidy(given) * 1e9) === b * 1e3;
  };
  // The key has one of the three; `null` is the output of what does not compile.
  return ({ choice, words, stdout }, given) => {
    if (choice) return given === choice;
    if (words) return words.some((right) => same(given, right));
    if (stdout === null) return /^(it )?does(nt| not) compile$|^(compile )?error$/.test(plain(given));
    if (!tidy(stdout)) return /^((it )?prints )?nothing$/.test(plain(given));
    const time = duration(given);
    return tidy(given) === tidy(stdout) || (time !== undefined && time === duration(stdout));
  };
})();
