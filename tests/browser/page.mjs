/*
 * A reader at work: opens the page from file://, sorts, filters, switches metric and baseline, follows a number to its log
 * lines, changes the theme, prints; and once more without JavaScript, on a phone, and with hostile content.
 *
 * node page.mjs CHROMIUM FOLDER: the folder holds report.html and hostile.html; screenshots and the PDF are left in it.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { HtmlValidate } from 'html-validate';

const [, , executablePath, folder] = process.argv;
const pages = ['report.html', 'hostile.html'];
const url = (name) => pathToFileURL(path.join(folder, name)).href;
const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu'] });
const complaints = [];
let failed = 0;

async function open(name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1300, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60000);
  page.on('console', (message) => complaints.push(`${name}: console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`${name}: ${error}`));
  page.on('dialog', (dialog) => { complaints.push(`${name}: a dialog opened`); dialog.dismiss(); });
  page.on('request', (request) => {
    if (!/^(file|data):/.test(request.url())) complaints.push(`${name}: asked for ${request.url()}`);
  });
  await page.goto(url(name));
  return page;
}

async function test(title, body) {
  const before = complaints.length;
  try {
    await body();
    assert.deepEqual(complaints.slice(before), []);
    console.log(`ok    ${title}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${title}\n${error.stack}`);
  }
}

const visibleRows = (page, table) => page.locator(`${table} tbody tr:visible`);
const column = (page, table, n) => page.locator(`${table} tbody tr:visible`).evaluateAll(
  (rows, at) => rows.map((row) => row.cells[at].dataset.v ?? row.cells[at].textContent.trim()), n);

await test('opens without a word on the console, the answer first', async () => {
  const page = await open('report.html');
  assert.match(await page.locator('#findings .callout').innerText(), /measured under software emulation \(TCG\)/);
  assert.ok(await page.locator('main > section').first().getAttribute('id') === 'findings');
  await page.screenshot({ path: path.join(folder, 'desktop.png') });
});

await test('sorts by a number, both ways', async () => {
  const page = await open('report.html');
  const heading = page.locator('#t-summary thead th', { hasText: 'Mean' });
  const at = await heading.evaluate((th) => th.cellIndex);
  await heading.getByRole('button').click();
  assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
  const up = (await column(page, '#t-summary', at)).map(Number);
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  await heading.getByRole('button').click();
  assert.equal(await heading.getAttribute('aria-sort'), 'descending');
  const down = (await column(page, '#t-summary', at)).map(Number);
  assert.deepEqual(down, [...up].reverse());
});

await test('sorts with the keyboard alone', async () => {
  const page = await open('report.html');
  const heading = page.locator('#t-findings thead th').nth(1);
  await heading.getByRole('button').focus();
  await page.keyboard.press('Enter');
  assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
  const codes = await column(page, '#t-findings', 1);
  assert.deepEqual(codes, [...codes].sort());
});

await test('filters by words and by a chosen value', async () => {
  const page = await open('report.html');
  const controls = page.locator('.controls', { has: page.getByLabel('Filter the rows by words') }).first();
  const all = await visibleRows(page, '#t-summary').count();
  await controls.getByRole('searchbox').fill('docker latency_p95');
  assert.equal(await visibleRows(page, '#t-summary').count(), 2);
  assert.match(await controls.getByRole('status').innerText(), /^2 of \d+ rows$/);
  await controls.getByRole('searchbox').fill('');
  await controls.getByLabel('Platform').selectOption('Docker');
  assert.equal(await visibleRows(page, '#t-summary').count(), all / 3);
});

await test('switches metric and baseline', async () => {
  const page = await open('report.html');
  const box = page.locator('#m-platforms');
  assert.equal(await visibleRows(page, '#m-platforms-0').count(), 4);
  await box.getByLabel('Metric').selectOption('latency_p95');
  assert.equal(await visibleRows(page, '#m-platforms-0').count(), 2);
  await box.getByLabel('Metric').selectOption('*');
  assert.ok(await visibleRows(page, '#m-platforms-0').count() > 10);
  await box.getByLabel('Metric').selectOption('');
  await box.getByLabel('Baseline').selectOption({ label: 'Docker' });
  assert.equal(await visibleRows(page, '#m-platforms-0').count(), 0);
  assert.equal(await visibleRows(page, '#m-platforms-2').count(), 4);
  assert.match(await page.locator('#m-platforms-2 thead').innerText(), /QEMU raw \/ Docker/);
});

await test('leads from a number to its runs and to the log line', async () => {
  const page = await open('report.html');
  const number = page.locator('#m-platforms-0 tbody tr:visible a.mean').first();
  const shown = await number.innerText();
  await number.click();
  const evidence = page.locator(await page.evaluate(() => location.hash));
  assert.ok(await evidence.evaluate((element) => element.open));
  assert.match(await evidence.locator('summary').innerText(), new RegExp(shown.replace('.', '\\.')));
  const row = evidence.locator('tbody tr').first();
  const printed = await row.locator('td').first().innerText();
  await row.getByRole('link').click();
  const line = page.locator(await page.evaluate(() => location.hash));
  await line.waitFor({ state: 'visible' });
  assert.match(await line.innerText(), new RegExp(`events per second:\\s+${printed.replace('.', '\\.')}`));
  await page.screenshot({ path: path.join(folder, 'evidence.png') });
});

await test('every inner link has a target, every number that is a link leads to its runs', async () => {
  const page = await open('report.html');
  const dead = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')]
    .filter((link) => !document.getElementById(link.getAttribute('href').slice(1))).map((link) => link.outerHTML));
  assert.deepEqual(dead, []);
  assert.ok(await page.locator('a.mean').count() > 50);
});

await test('shows tooltips for mouse and keyboard', async () => {
  const page = await open('report.html');
  const number = page.locator('#m-platforms-0 a.mean').first();
  await number.hover();
  assert.match(await page.locator('#tip').innerText(), /n = 5, 95 % CI .* logs\/raw\/c1g1_cpu_r1\.txt:10/);
  await page.keyboard.press('Escape');
  assert.ok(await page.locator('#tip').isHidden());
  await number.focus();
  assert.ok(await page.locator('#tip').isVisible());
});

await test('changes the theme and draws the other picture', async () => {
  const page = await open('report.html', { colorScheme: 'dark' });
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await paper();
  assert.ok(await page.locator('.on-dark').first().isVisible());
  await page.locator('#theme').click();
  assert.equal(await page.locator('#theme').innerText(), 'Theme: light');
  assert.notEqual(await paper(), dark);
  assert.ok(await page.locator('.on-dark').first().isHidden());
  await page.locator('#theme').click();
  assert.equal(await paper(), dark);
  await page.screenshot({ path: path.join(folder, 'dark.png') });
});

await test('prints', async () => {
  const page = await open('report.html', { colorScheme: 'dark' });
  const pdf = await page.pdf({ path: path.join(folder, 'print.pdf'), format: 'A4' });
  assert.ok(pdf.length > 20000);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
  assert.ok(await page.locator('nav').isHidden());
  assert.ok(await page.locator('.on-light').first().isVisible());
});

await test('is readable without JavaScript', async () => {
  const page = await open('report.html', { javaScriptEnabled: false });
  assert.ok(await page.locator('#m-platforms-0 tbody tr:visible').count() === 4);
  assert.ok(await page.locator('#t-comparison-platform tbody tr:visible').count() > 20);
  await page.locator('#m-platforms-0 a.mean').first().click();
  assert.match(page.url(), /#s\d+$/);
});

for (const name of pages) {
  await test(`${name} fits a phone`, async () => {
    const page = await open(name, { viewport: { width: 360, height: 800 }, isMobile: true, hasTouch: true });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    await page.screenshot({ path: path.join(folder, name.replace('.html', '-phone.png')) });
  });

  for (const colorScheme of ['light', 'dark'])
    await test(`${name} has no accessibility problem that axe finds (${colorScheme})`, async () => {
      const page = await open(name, { colorScheme, bypassCSP: true });
      await page.addStyleTag({ content: 'section { content-visibility: visible !important }' }); /* look at everything */
      await page.evaluate(axeSource);
      const { violations } = await page.evaluate(() => window.axe.run(document));
      assert.deepEqual(violations.map((v) => `${v.impact} ${v.id}: ${v.nodes[0].html.slice(0, 200)}`), []);
    });

  await test(`${name} is valid HTML`, async () => {
    const { results } = await new HtmlValidate({ extends: ['html-validate:standard'] }).validateFile(path.join(folder, name));
    assert.deepEqual(results.flatMap((r) => r.messages).slice(0, 5).map((m) => `${m.line}: ${m.ruleId} ${m.message}`), []);
  });
}

await test('hostile content is text: nothing runs, nothing is asked for', async () => {
  const page = await open('hostile.html');
  assert.equal(await page.locator('script').count(), 1);
  assert.equal(await page.locator('img, iframe, object, embed, base, form').count(), 0);
  assert.match(await page.locator('#evidence').evaluate((element) => element.textContent), /<\/script><img src=x onerror=alert\(1\)>/);
});

await test('the content security policy stops a script that would get in', async () => {
  const page = await open('report.html');
  const before = complaints.length;
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.appendChild(script);
    return window.ran === true;
  });
  assert.equal(ran, false);
  const said = complaints.splice(before);
  assert.ok(said.every((text) => /Content Security Policy/i.test(text)), said.join('\n'));
});

await browser.close();
console.log(failed ? `${failed} failed` : 'all passed');
process.exit(failed ? 1 : 0);
