// The questions of a chapter, as a reader answers them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { file, reader, served, useBrowser } from "./book.js";

useBrowser();

const CHAPTER = "03_gather.html";
// The questions of chapter 03 that these tests answer.
const CHOICE = "03-sum-or-max";
const TRACING = "03-how-long-joined";
const COMPILING = "03-spawn-needs-static";
const SHORT = "03-longest-chain";

const form = (page, id) => page.locator(`form[id="${id}"]`);
const status = (page, id) => form(page, id).getByRole("status");
const score = (page) => page.locator(".score p");

async function type(page, id, answer) {
  await form(page, id).getByRole("textbox").fill(answer);
  await form(page, id).getByRole("button", { name: "Check" }).click();
}

async function choose(page, id, name) {
  await form(page, id).getByRole("radio", { name }).check();
  await form(page, id).getByRole("button", { name: "Check" }).click();
}

async function visit(options = {}) {
  const visitor = await reader(options);
  await visitor.page.goto((options.address ?? served)(CHAPTER), { waitUntil: "load" });
  return visitor;
}

for (const [kind, address] of [["from a server", served], ["as a file", file]]) {
  test(`right and wrong answers are told apart, ${kind}`, async () => {
    const { page, context, complaints } = await visit({ address });
    await choose(page, CHOICE, "3 s, the slowest");
    assert.equal(await status(page, CHOICE).innerText(), "Right.");
    await type(page, TRACING, "0.4 s");
    assert.equal(await status(page, TRACING).innerText(), "Right.");
    await type(page, COMPILING, "FERRIS");
    assert.equal(await status(page, COMPILING).innerText(), "Wrong.");
    await type(page, SHORT, "0.6 s");
    assert.equal(await status(page, SHORT).innerText(), "Wrong.");
    assert.match(await score(page).innerText(), /^2 right of 4 answered, of 8 in this chapter\./);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test("an answer is explained once one is given", async () => {
  const { page, context } = await visit();
  const answer = form(page, SHORT).locator("details");
  assert.ok(!(await answer.isVisible()));
  await form(page, SHORT).getByRole("button", { name: "Check" }).click();
  assert.equal(await status(page, SHORT).innerText(), "Give an answer first.");
  assert.ok(!(await answer.isVisible()));
  await type(page, SHORT, "1.4 s");
  assert.match(await answer.innerText(), /0\.8 s[^]*longest chain/);
  assert.equal(await answer.locator("code").first().innerText(), "async");
  await context.close();
});

test("the first answer counts", async () => {
  const { page, context } = await visit();
  await type(page, SHORT, "1.4 s");
  await type(page, SHORT, "800ms");
  assert.equal(await status(page, SHORT).innerText(), "Right.");
  assert.match(await score(page).innerText(), /^0 right of 1 answered/);
  await context.close();
});

test("the keyboard is enough", async () => {
  const { page, context } = await visit();
  const url = page.url();
  await page.locator(".quiz").evaluate((quiz) => {
    // Where Tab goes on from.
    quiz.tabIndex = -1;
    quiz.focus();
  });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  // The arrows would turn the pages of the book.
  for (const key of ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
  const chosen = form(page, CHOICE).locator("input:checked + span");
  assert.equal(await chosen.innerText(), "3 s, the slowest");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await status(page, CHOICE).innerText(), "Right.");

  await form(page, SHORT).getByRole("textbox").focus();
  // These would open the search and the help.
  await page.keyboard.type("s/?0.8 s");
  for (let n = 0; n < "0.8 s".length; n++) await page.keyboard.press("ArrowLeft");
  for (let n = 0; n < "s/?".length; n++) await page.keyboard.press("Backspace");
  await page.keyboard.press("Enter");
  assert.equal(await status(page, SHORT).innerText(), "Right.");
  assert.equal(page.url(), url);
  await context.close();
});

test("the copy button of a program does not answer its question", async () => {
  const { page, context } = await visit();
  const question = page.locator(".question", { has: form(page, TRACING) });
  await question.locator("> pre").hover();
  await question.locator(".clip-button").click();
  assert.equal(await status(page, TRACING).innerText(), "");
  await context.close();
});

test("the score survives a reload, counts over chapters, and can be forgotten", async () => {
  const { page, context } = await visit();
  await choose(page, CHOICE, "3 s, the slowest");
  await page.reload({ waitUntil: "load" });
  assert.equal(await status(page, CHOICE).innerText(), "Right.");
  assert.ok(await form(page, CHOICE).getByText("Answer", { exact: true }).isVisible());

  await page.goto(served("06_semaphores.html"), { waitUntil: "load" });
  assert.match(await score(page).innerText(), /^0 right of 0 answered.*In all chapters: 1 right of 1 answered\.$/);
  await page.getByRole("button", { name: "Forget the answers of this chapter" }).click();
  assert.match(await score(page).innerText(), /In all chapters: 1 right of 1 answered\.$/);

  await page.goto(served(CHAPTER), { waitUntil: "load" });
  await page.getByRole("button", { name: "Forget the answers of this chapter" }).click();
  assert.equal(await status(page, CHOICE).innerText(), "");
  assert.ok(!(await form(page, CHOICE).locator("details").isVisible()));
  assert.match(await score(page).innerText(), /^0 right of 0 answered.*In all chapters: 0 right of 0 answered\.$/);
  await choose(page, CHOICE, "6 s, the sum");
  await page.getByRole("button", { name: "Forget all answers" }).click();
  await page.reload({ waitUntil: "load" });
  assert.match(await score(page).innerText(), /In all chapters: 0 right of 0 answered\.$/);
  await context.close();
});

test("a browser that remembers nothing still asks", async () => {
  const { page, context, complaints } = await reader();
  await context.addInitScript(() => {
    Object.defineProperty(globalThis, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    });
  });
  await page.goto(served(CHAPTER), { waitUntil: "load" });
  await type(page, SHORT, "0.8 s");
  assert.equal(await status(page, SHORT).innerText(), "Right.");
  assert.match(await score(page).innerText(), /^1 right of 1 answered/);
  assert.deepEqual(complaints, []);
  await context.close();
});

for (const kept of ["{", "null", "[]", "5"]) {
  test(`where the browser has kept ${kept}, the score begins anew`, async () => {
    const { page, context, complaints } = await visit();
    await page.evaluate((kept) => (localStorage.workbookQuiz = kept), kept);
    await page.reload({ waitUntil: "load" });
    assert.match(await score(page).innerText(), /^0 right of 0 answered.*In all chapters: 0 right of 0 answered\.$/);
    await type(page, SHORT, "0.8 s");
    assert.equal(await status(page, SHORT).innerText(), "Right.");
    await page.reload({ waitUntil: "load" });
    assert.match(await score(page).innerText(), /^1 right of 1 answered.*In all chapters: 1 right of 1 answered\.$/);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test("a browser that has no room left still asks", async () => {
  const { page, context, complaints } = await visit();
  const room = await page.evaluate(() => {
    localStorage.removeItem("workbookQuiz");
    for (let size = 2 ** 24, filling = ""; size >= 1; ) {
      try {
        localStorage.filling = filling + "x".repeat(size);
        filling = localStorage.filling;
      } catch {
        size /= 2;
      }
    }
    try {
      localStorage.workbookQuiz = "{}";
      return true;
    } catch {
      return false;
    }
  });
  assert.equal(room, false);
  await page.reload({ waitUntil: "load" });
  await type(page, SHORT, "0.8 s");
  assert.equal(await status(page, SHORT).innerText(), "Right.");
  await choose(page, CHOICE, "6 s, the sum");
  // With what is wrong with that choice.
  assert.match(await status(page, CHOICE).innerText(), /^Wrong\. .+\.$/);
  assert.match(await score(page).innerText(), /^1 right of 2 answered/);
  await page.getByRole("button", { name: "Forget all answers" }).click();
  assert.match(await score(page).innerText(), /^0 right of 0 answered/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("where all chapters are on one page, each has its own score", async () => {
  const { page, context, complaints } = await reader();
  await page.goto(served("print.html"), { waitUntil: "load" });
  const quizzes = page.locator(".quiz");
  const chapters = await quizzes.count();
  assert.ok(chapters > 1, `${chapters} quizzes`);
  const third = page.locator(".quiz", { has: form(page, SHORT) });
  const scores = () =>
    quizzes.evaluateAll((quizzes) =>
      quizzes.map((quiz) => {
        const [, chapter, asked, all] = /^(.*), of (\d+) in this chapter\. In all chapters: (.*)\.$/.exec(
          quiz.querySelector(".score p").innerText,
        );
        return { chapter, all, right: Number(asked) === quiz.querySelectorAll("form").length };
      }),
    );
  const none = { chapter: "0 right of 0 answered", all: "0 right of 0 answered", right: true };
  assert.deepEqual(await scores(), Array(chapters).fill(none));

  const others = Array(chapters - 1).fill({ ...none, all: "1 right of 1 answered" });
  await type(page, SHORT, "0.8 s");
  assert.match(await third.locator(".score p").innerText(), /^1 right of 1 answered, of 8 /);
  const answered = await scores();
  assert.deepEqual(answered.filter(({ chapter }) => chapter === none.chapter), others);

  // The button of another chapter forgets nothing of this one.
  const other = page.locator(".quiz", { hasNot: form(page, SHORT) }).first();
  await other.getByRole("button", { name: "Forget the answers of this chapter" }).click();
  assert.equal(await status(page, SHORT).innerText(), "Right.");
  await third.getByRole("button", { name: "Forget the answers of this chapter" }).click();
  assert.equal(await status(page, SHORT).innerText(), "");
  assert.deepEqual(await scores(), Array(chapters).fill(none));
  assert.deepEqual(complaints, []);
  await context.close();
});

test("without script, each answer can be unfolded", async () => {
  const { page, context } = await visit({ javaScriptEnabled: false });
  const url = page.url();
  assert.ok(!(await page.getByRole("button", { name: "Check" }).first().isVisible()));
  assert.ok(!(await score(page).isVisible()));
  await form(page, SHORT).getByRole("textbox").press("Enter");
  assert.equal(page.url(), url);
  const right = form(page, SHORT).locator("details [data-text]").first();
  assert.ok(!(await right.isVisible()));
  await form(page, SHORT).getByText("Answer", { exact: true }).click();
  assert.ok(await right.isVisible());
  const shown = await right.evaluate((element) => getComputedStyle(element, "::before").content);
  assert.match(shown, /0\.8 s/);
  await context.close();
});
