// SPDX-License-Identifier: Apache-2.0
// A browser for tests that are written in Python: takes calls as lines of JSON on standard input, and answers each with
// a line on standard output. Ends, and its browser with it, with the end of its input.
//
//   driver.mjs FOLDER CHROMIUM     FOLDER has node_modules/playwright-core
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";

const [folder, executablePath] = process.argv.slice(2);
const { chromium } = createRequire(path.resolve(folder, "package.json"))("playwright-core");

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"],
});
const pages = [];

const calls = {
  async open({ url, width, height, dark, phone, reducedMotion, user, password, skew }) {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: dark ? "dark" : "light",
      reducedMotion: reducedMotion ? "reduce" : "no-preference",
      ...(phone ? { deviceScaleFactor: 2, isMobile: true, hasTouch: true } : {}),
      ...(user ? { httpCredentials: { username: user, password } } : {}),
    });
    // A computer whose clock is that many milliseconds ahead.
    if (skew) await context.addInitScript((ahead) => {
      const now = Date.now;
      Date.now = () => now() + ahead;
    }, skew);
    const page = await context.newPage();
    const told = [];
    page.on("console", (message) => told.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => told.push(`error: ${error.message}`));
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    pages.push({ context, page, told, asked });
    await page.goto(url, { waitUntil: "domcontentloaded" });
    return pages.length - 1;
  },
  close: ({ page }) => pages[page].context.close(),
  value: ({ page, expression }) => pages[page].page.evaluate(expression),
  click: ({ page, selector }) => pages[page].page.click(selector, { timeout: 20000 }),
  tap: ({ page, selector }) => pages[page].page.tap(selector, { timeout: 20000 }),
  hover: ({ page, selector }) => pages[page].page.hover(selector, { timeout: 20000 }),
  press: ({ page, key }) => pages[page].page.keyboard.press(key),
  select: ({ page, selector, value }) => pages[page].page.selectOption(selector, value, { timeout: 20000 }),
  resize: ({ page, width, height }) => pages[page].page.setViewportSize({ width, height }),
  colors: ({ page, dark }) => pages[page].page.emulateMedia({ colorScheme: dark ? "dark" : "light" }),
  reload: ({ page }) => pages[page].page.reload({ waitUntil: "domcontentloaded" }),
  back: ({ page }) => pages[page].page.goBack(),
  screenshot: ({ page, file }) => pages[page].page.screenshot({ path: file }),
  told: ({ page }) => pages[page].told,
  asked: ({ page }) => pages[page].asked,
  /** Clicks, and gives the name and the place of what is saved then. */
  async download({ page, selector }) {
    const coming = pages[page].page.waitForEvent("download", { timeout: 30000 });
    await pages[page].page.click(selector, { timeout: 20000 });
    const download = await coming;
    return { name: download.suggestedFilename(), file: await download.path() };
  },
  /** Whether somebody sees the tab. A headless Chromium hides no tab, whatever comes before it: the page is told. */
  show: ({ page, isSeen }) =>
    pages[page].page.evaluate((isHidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }, !isSeen),
  leave: ({ page, url }) => pages[page].page.goto(url),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { method, ...values } = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await calls[method](values)) ?? null };
  } catch (error) {
    answer = { error: String(error.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
process.exit(0);
