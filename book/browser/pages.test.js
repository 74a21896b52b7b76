// Every page of the book: what it loads, whether it fits a phone, whether everybody can use it, and the search.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { PAGES, PICTURES, file, reader, served, useBrowser } from "./book.js";

useBrowser();

test("there are pages", () => assert.ok(PAGES.length >= 10, PAGES.join()));

for (const [kind, address] of [["from a server", served], ["as a file", file]]) {
  test(`every page loads ${kind}, without a complaint or a request to another host`, async () => {
    const { page, context, complaints } = await reader();
    // The page for what does not exist is served at any depth, and so it looks for everything at the server's root.
    for (const name of PAGES.filter((name) => address === served || name !== "404.html")) {
      await page.goto(address(name), { waitUntil: "load" });
      assert.deepEqual(complaints, [], name);
      assert.ok(await page.locator("main").innerText(), name);
    }
    await context.close();
  });
}

// Three of mdBook's own fonts are larger than this; a page is there before a reader notices.
const LIMIT = 24 * 1024;

test("script and style of ours are under 24 KB on every page", async () => {
  const { page, context } = await reader();
  for (const name of PAGES) {
    const ours = [];
    const note = (response) => {
      if (response.url().includes("/theme/")) ours.push(response.body());
    };
    page.on("response", note);
    await page.goto(served(name), { waitUntil: "load" });
    page.off("response", note);
    const bytes = (await Promise.all(ours)).reduce((sum, body) => sum + body.length, 0);
    assert.ok(ours.length >= 5 && bytes < LIMIT, `${name}: ${bytes} bytes in ${ours.length} files`);
  }
  await context.close();
});

test("no page scrolls sideways on a phone", async () => {
  const { page, context } = await reader({ width: 390 });
  for (const name of PAGES) {
    await page.goto(served(name), { waitUntil: "load" });
    // At once: a page is laid out anew for each that is opened alone, and some have a hundred.
    await page.evaluate(() => document.querySelectorAll("main details").forEach((details) => (details.open = true)));
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll("html, body, #mdbook-content, main, main > *")]
        .filter((element) => element.scrollWidth > Math.max(element.clientWidth, 390))
        .filter((element) => !["auto", "scroll"].includes(getComputedStyle(element).overflowX) || element.matches("#mdbook-content"))
        .map((element) => `${element.tagName} ${element.className} ${element.scrollWidth}`),
    );
    assert.deepEqual(wide, [], name);
  }
  await context.close();
});

test("on a phone, every timeline and every table is read without scrolling sideways", async () => {
  const { page, context } = await reader({ width: 390 });
  const seen = { timelines: 0, tables: 0 };
  for (const name of PAGES.filter((name) => name !== "print.html")) {
    await page.goto(served(name), { waitUntil: "load" });
    const found = await page.evaluate(() => {
      for (const details of document.querySelectorAll("main details")) details.open = true;
      const inside = (element) => {
        const { left, right } = element.getBoundingClientRect();
        return left >= -1 && right <= innerWidth + 1;
      };
      const drawn = [...document.querySelectorAll("main svg[role=img]")];
      const tables = [...document.querySelectorAll("main table")];
      const words = drawn.flatMap((svg) => [...svg.querySelectorAll("text")]);
      // Two words of one line must not run into each other.
      const meet = drawn.flatMap((svg) =>
        [...svg.querySelectorAll(".label")].filter((label) => {
          const figure = label.nextElementSibling;
          const [a, b] = [label, figure].map((text) => text.getBoundingClientRect());
          return a.right > b.left;
        }),
      );
      const cells = tables.flatMap((table) => [...table.querySelectorAll("td")]);
      const wide = [...words, ...cells].filter((part) => !inside(part));
      const scroll = [...document.querySelectorAll(".table-wrapper, .chart pre")].filter((box) => box.scrollWidth > box.clientWidth + 1);
      return {
        timelines: drawn.length,
        tables: tables.length,
        faults: [...wide, ...meet, ...scroll].map((part) => `${part.className.baseVal ?? part.className} ${part.textContent.slice(0, 60)}`),
      };
    });
    assert.deepEqual(found.faults, [], name);
    seen.timelines += found.timelines;
    seen.tables += found.tables;
  }
  assert.ok(seen.timelines > 20 && seen.tables > 30, JSON.stringify(seen));
  await context.close();
});

test("on a phone, a cell says which column it is of", async () => {
  const { page, context } = await reader({ width: 390 });
  await page.goto(served("from-python.html"), { waitUntil: "load" });
  const label = page.locator("[data-column='Rust']").first();
  const shown = () => label.evaluate((element) => getComputedStyle(element, "::before").content);
  assert.match(await shown(), /Rust/);
  await page.setViewportSize({ width: 1200, height: 900 });
  assert.equal(await shown(), "none");
  await context.close();
});

test("a link to a mistake unfolds it, and the others stay folded", async () => {
  const { page, context } = await reader();
  await page.goto(served("03_gather.html#awaits-in-a-loop"), { waitUntil: "load" });
  const open = page.locator(".mistake[open]");
  assert.equal(await open.count(), 1);
  assert.match(await open.innerText(), /Ten calls take ten times as long as one[^]*Wrong[^]*pages\.push\(upstream\.fetch\(path\)\.await\)/);
  await page.evaluate(() => (location.hash = "future-treated-as-started"));
  await page.locator(".mistake[open] #future-treated-as-started").waitFor();
  await context.close();
});

test("right code stands beside wrong code once a reader asks for it", async () => {
  const { page, context } = await reader();
  await page.goto(served("03_gather.html#awaits-in-a-loop"), { waitUntil: "load" });
  const sides = page.locator(".mistake[open] .sides");
  const right = sides.locator(".right");
  assert.ok(!(await right.locator("pre").isVisible()));
  await right.locator("summary").click();
  assert.match(await right.locator("pre code.hljs").innerText(), /join_all\(/);
  // Both at the same moment: the page may scroll between two.
  const places = () =>
    sides.evaluate((sides) => [".wrong", ".right"].map((side) => sides.querySelector(side).getBoundingClientRect().toJSON()));
  const [wrong, beside] = await places();
  assert.ok(wrong.x + wrong.width <= beside.x && Math.abs(wrong.y - beside.y) < 2);
  await page.setViewportSize({ width: 390, height: 844 });
  const [above, below] = await places();
  assert.ok(above.y + above.height <= below.y);
  await context.close();
});

test("without script, mistakes and right code can be unfolded", async () => {
  const { page, context } = await reader({ javaScriptEnabled: false });
  await page.goto(served("03_gather.html"), { waitUntil: "load" });
  const mistake = page.locator(".mistake", { has: page.locator("#awaits-in-a-loop") });
  await mistake.locator("h3").click();
  await mistake.locator(".right summary").click();
  const right = mistake.locator(".right pre");
  assert.match(await right.evaluate((pre) => getComputedStyle(pre, "::before").content), /join_all/);
  await context.close();
});

test("the sidebar has pages, and no sections of a page", async () => {
  const { page, context } = await reader();
  await page.goto(served("03_gather.html"), { waitUntil: "load" });
  const links = await page.locator("#mdbook-sidebar a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  assert.ok(links.length >= 18, links.join());
  assert.deepEqual(links.filter((link) => link.includes("#")), []);
  await context.close();
});

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
for (const theme of ["light", "navy"]) {
  test(`axe finds nothing to object to, in the theme ${theme}`, async () => {
    const { page, context } = await reader({ theme });
    const found = [];
    for (const name of PAGES.filter((name) => !["404.html", "print.html"].includes(name))) {
      await page.goto(served(name), { waitUntil: "load" });
      const question = page.locator(".quiz form", { has: page.getByRole("radio") }).first();
      if (await question.count()) {
        await question.getByRole("radio").first().check();
        await question.getByRole("button", { name: "Check" }).click();
      }
      for (const mistake of (await page.locator(".mistake:has(.right)").all()).slice(0, 2)) {
        await mistake.locator("h3").click();
        await mistake.locator(".right summary").click();
      }
      await page.addScriptTag({ path: axe });
      const { violations } = await page.evaluate(() =>
        globalThis.axe.run(
          // The menu bar is mdBook's own.
          { exclude: "#mdbook-menu-bar" },
          // Browsers let Tab reach a program that scrolls.
          { rules: { "scrollable-region-focusable": { enabled: false } } },
        ),
      );
      found.push(
        ...violations.flatMap(({ id, nodes }) =>
          nodes.map(({ html, failureSummary }) => `${name}: ${id}: ${html}\n${failureSummary}`),
        ),
      );
    }
    await context.close();
    assert.equal(found.join("\n"), "");
  });
}

test("pictures of a page, in light and in dark, wide and narrow", async () => {
  for (const theme of ["light", "navy"]) {
    for (const width of [1200, 390]) {
      const { page, context } = await reader({ theme, width });
      for (const name of ["index", "03_gather"]) {
        await page.goto(served(`${name}.html`), { waitUntil: "load" });
        const picture = await page.screenshot({
          path: join(PICTURES, `${name}-${theme}-${width}.png`),
          fullPage: true,
        });
        assert.ok(picture.length > 10_000);
      }
      await context.close();
    }
  }
});

async function search(page, words) {
  await page.goto(served("03_gather.html"), { waitUntil: "load" });
  await page.keyboard.press("s");
  await page.getByRole("searchbox").pressSequentially(words);
  const results = page.locator("#mdbook-searchresults-header");
  await results.filter({ hasText: `'${words}'` }).waitFor();
  return results.innerText();
}

test("the search finds a mistake by its symptom, and its result unfolds it", async () => {
  const { page, context } = await reader();
  await search(page, "ten calls take ten times");
  await page.locator("#mdbook-searchresults a[href*='#awaits-in-a-loop']").first().click();
  await page.locator(".mistake[open] #awaits-in-a-loop").waitFor();
  await context.close();
});

test("the search finds what stands in a page", async () => {
  const { page, context } = await reader();
  assert.match(await search(page, "overlap"), /^\d+ search results? for/);
  await context.close();
});

test("the search knows the questions, and no answers", async () => {
  // The index has spaces where elements begin.
  const plain = (text) => text.replace(/\s+/g, "");
  const { page, context } = await reader();
  await search(page, "overlap");
  const indexed = await page.evaluate(() =>
    Object.values(window.search.index.documentStore.docs).map((section) => section.body).join(" "),
  );
  await context.close();
  const { page: visitor, context: visit } = await reader({ javaScriptEnabled: false });
  const answers = [];
  let visible = "";
  for (const name of PAGES.filter((name) => name !== "print.html")) {
    await visitor.goto(served(name), { waitUntil: "load" });
    for (const question of await visitor.locator(".question legend").allTextContents()) {
      assert.ok(plain(indexed).includes(plain(question)), question);
    }
    for (const answer of await visitor.locator(".question p[data-text]").all()) {
      answers.push(plain((await answer.getAttribute("data-text")).replaceAll("`", "")).slice(0, 60));
    }
    visible += await visitor.locator("main").evaluate((main) => {
      for (const answer of main.querySelectorAll(".question details")) answer.remove();
      return main.textContent;
    });
  }
  await visit.close();
  // A page may say the same where everybody reads it.
  const secret = answers.filter((answer) => !plain(visible).includes(answer));
  assert.ok(secret.length > 50, `${secret.length} answers`);
  assert.deepEqual(secret.filter((answer) => plain(indexed).includes(answer)), []);
});
