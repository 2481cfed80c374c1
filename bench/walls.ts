import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import type {Browser} from 'puppeteer-core';
import {readConfig} from '../src/apps/config.ts';
import {Border} from '../src/base/network/border.ts';
import {findBrowser} from '../src/renderers/revideo/browser.ts';
import {bundleProject} from '../src/renderers/revideo/bundle.ts';
import {openProject} from '../src/renderers/revideo/document.ts';
import {serveMedia} from '../src/renderers/revideo/media-server.ts';
import {findProject} from '../src/renderers/revideo/project.ts';
import {NO_WAYS, startBrowser} from '../src/renderers/revideo/start-browser.ts';
import {closeTab, leaveDocument, openTab, type Tab} from '../src/renderers/revideo/tab.ts';
import {keep} from './keep.ts';
import {describedMachine, describeMachine} from './machine.ts';
import {median} from './median.ts';
import {TreeCpu} from './process-cpu.ts';
import {table} from './table.ts';

/** Measures the cost of the wall between two tasks: `node bench/walls.ts`, some minutes. Linux only. */

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** Rounds that count, and those before that warm the three browsers. */
const ROUNDS = 30;
const WARM = 3;
/** Milliseconds between two looks at the processes, and for ending processes to end. */
const LOOK_EVERY = 15;
const REST = 400;

const {cache} = readConfig();
const machine = await describeMachine(cache);
const bundle = await bundleProject(await findProject(join(HERE, 'projects/shapes')), {cache});
const border = new Border();
await using server = Object.assign(await serveMedia(bundle, {border}), {
  [Symbol.asyncDispose]: () => server.close(),
});
const program = await findBrowser(cache);
const work = await mkdtemp(join(tmpdir(), 'revideo-lambda-walls-'));

/** One task, without the wall: the film is counted. */
async function count(tab: Tab): Promise<void> {
  const place = {folder: bundle.folder, server, hide: (text: string) => text, loadSeconds: 60};
  const onError = (error: Error) => {
    throw error;
  };
  const page = await openProject(tab, place, {missingFonts: 'error', onError, onWarning: () => {}});
  const request = {variables: {}, mediaTimeout: 30, maxFrames: 10_000};
  const answer = await page.evaluate((request) => window.revideoLambda.plan(request), request);
  if ('failure' in answer) throw new Error(answer.failure.message);
}

const open = (browser: Browser) => openTab(browser, {server, border, maxBytes: 1e6});
/** Each keeps one browser for all rounds. */
const WAYS = {
  'no wall: the same tab': async (browser: Browser) => {
    const tab = await open(browser);
    return () => count(tab);
  },
  'the document is left, in the same tab': async (browser: Browser) => {
    const tab = await open(browser);
    return async () => {
      await count(tab);
      if (!(await leaveDocument(tab, server))) throw new Error('The tab cannot be used again.');
    };
  },
  'a browser context each': async (browser: Browser) => async () => {
    const tab = await open(browser);
    await count(tab);
    await closeTab(tab);
  },
};
type Way = keyof typeof WAYS;
const names = Object.keys(WAYS) as Way[];

const browsers: Browser[] = [];
try {
  const sides = [];
  for (const name of names) {
    const browser = await startBrowser(program, {
      profile: join(work, String(browsers.length)),
      ways: NO_WAYS,
    });
    browsers.push(browser);
    sides.push({pid: browser.process()?.pid ?? 0, cpu: new TreeCpu(), use: await WAYS[name](browser)});
  }
  const rows: number[][] = [];
  for (let round = 0; round < ROUNDS + WARM; round++) {
    const row: number[] = [];
    for (const {pid, cpu, use} of sides) {
      cpu.look(pid);
      const before = cpu.seconds;
      const looks = setInterval(() => cpu.look(pid), LOOK_EVERY);
      await use();
      await sleep(REST);
      clearInterval(looks);
      cpu.look(pid);
      row.push((cpu.seconds - before) * 1000);
    }
    if (round >= WARM) rows.push(row);
  }
  const results = names.map((way, column) => ({
    way,
    cpuMs: Math.round(median(rows.map((row) => row[column] ?? 0))),
    moreThanNone: Math.round(median(rows.map((row) => (row[column] ?? 0) - (row[0] ?? 0)))),
  }));
  const text = [
    `${describedMachine(machine)} Medians of ${ROUNDS} rounds.`,
    table(
      ['between two tasks', 'CPU-ms a task', 'more than none, round by round'],
      results.map(({way, cpuMs, moreThanNone}) => [way, cpuMs, moreThanNone]),
    ),
  ].join('\n\n');
  process.stdout.write(`${text}\n`);
  await keep(HERE, {
    results: {walls: {machine, rounds: ROUNDS, rows: results}},
    report: {name: 'walls', text},
  });
} finally {
  for (const browser of browsers) await browser.close();
  await rm(work, {recursive: true, force: true, maxRetries: 5});
}
