// Unfolds the mistake that a link leads to, and shows right code as code.
(() => {
  // The only dark theme that is looked after here.
  document.getElementById("mdbook-theme-navy")?.replaceChildren("Dark");

  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let part = target; part; part = part.parentElement) if (part.localName === "details") part.open = true;
    target?.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  if (location.hash) unfold();

  // Search reads no attributes: the reference solution stands in one until a reader asks for it.
  for (const details of document.querySelectorAll(".right")) {
    details.ontoggle = () => {
      const folded = details.querySelector("[data-text]");
      if (!folded) return;
      const code = Object.assign(document.createElement("code"), {
        className: "language-rust", textContent: folded.dataset.text,
      });
      delete folded.dataset.text;
      folded.append(code);
      globalThis.hljs?.highlightBlock(code);
    };
  }
})();
