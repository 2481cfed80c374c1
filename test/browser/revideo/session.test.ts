import type {Page} from 'puppeteer-core';
import {describe, expect, it, onTestFinished} from 'vitest';
import {readConfig} from '../../../src/apps/config.ts';
import {Border} from '../../../src/base/network/border.ts';
import {findBrowser} from '../../../src/renderers/revideo/browser.ts';
import {bundleProject} from '../../../src/renderers/revideo/bundle.ts';
import {serveMedia} from '../../../src/renderers/revideo/media-server.ts';
import {findProject} from '../../../src/renderers/revideo/project.ts';
import {Session, type SessionOptions} from '../../../src/renderers/revideo/session.ts';
import {LOOPBACK} from '../../support/loopback.ts';
import {ownTemporaryDirectory, processesBelow, processesIn, until} from '../../support/processes.ts';
import {startReceiver} from '../../support/receiver.ts';
import {silentServer} from '../../support/silent-server.ts';
import {type ThrowAwayProject, throwAwayCache, throwAwayProject} from '../../support/throw-away-project.ts';

const signal = new AbortController().signal;

/** A session on a small project. `use` is a task that reports where it ran. */
async function open(options: Partial<SessionOptions> = {}, film: Partial<ThrowAwayProject> = {}) {
  const temporary = ownTemporaryDirectory();
  const project = await findProject(throwAwayProject({scene: 'yield* waitFor(0.1);', ...film}));
  const bundle = await bundleProject(project, {cache: await throwAwayCache()});
  const border = new Border({privateHosts: LOOPBACK});
  const server = await serveMedia(bundle, {border});
  const program = await findBrowser(readConfig().cache);
  const session = new Session(program, {
    server,
    border,
    maxBytes: 1e6,
    folder: bundle.folder,
    loadSeconds: 30,
    stallSeconds: 120,
    ...options,
  });
  onTestFinished(async () => {
    await session.close();
    await server.close();
    expect(processesIn(temporary)).toEqual([]);
  });
  const use = (meanwhile: (page: Page) => Promise<unknown> = async () => {}) =>
    session.run({
      signal,
      work: async (page) => {
        await page.evaluate(() =>
          window.revideoLambda.plan({variables: {}, mediaTimeout: 30, maxFrames: 1000}),
        );
        await meanwhile(page);
        return {ok: {page, pid: page.browser().process()?.pid ?? 0}};
      },
    });
  return {use, temporary, session, server};
}

describe('A session', () => {
  it('keeps a tab for the next piece of work', async () => {
    const {use} = await open();
    const [first, second] = [await use(), await use()];
    expect(second.page).toBe(first.page);
  });

  it('throws a tab away in which something can outlive the document', async () => {
    const {use} = await open();
    const {url} = await startReceiver();
    const pages = new Set<Page>();
    const leave = async (code: string) => {
      const {page} = await use((page) => page.evaluate(code));
      expect(pages.has(page)).toBe(false);
      pages.add(page);
    };
    await leave(`fetch('${url}', {mode: 'no-cors'}).then(() => {})`);
    await leave("void document.body.append(document.createElement('iframe'))");
    await leave(
      "new SharedWorker('data:text/javascript,', {extendedLifetime: true}); navigator.locks.query()",
    );
    await leave('void 0');
    expect((await use()).page).toBe([...pages].at(-1));
  });

  it('throws a tab away that died while it had nothing to do', async () => {
    const {use} = await open();
    const first = await use();
    const tabs = processesBelow(first.pid).filter((line) => line.includes('--type=renderer'));
    expect(tabs).not.toEqual([]);
    for (const line of tabs) process.kill(Number.parseInt(line, 10), 'SIGKILL');
    await until(() => first.page.isClosed());
    const second = await use();
    expect(second.page).not.toBe(first.page);
    expect(second.pid).toBe(first.pid);
  });

  it('fails a piece of work whose tab dies, and does the next one in another', async () => {
    const {use} = await open();
    const crashed = use((page) => page.goto('chrome://crash').catch(() => new Promise(() => {})));
    await expect(crashed).rejects.toMatchObject({name: 'BrowserCrashed', retryable: true});
    const {page} = await use();
    expect(page.isClosed()).toBe(false);
  });

  it('replaces its browser after so many pieces of work', async () => {
    const {use, temporary} = await open({browserUses: 3});
    const pids: unknown[] = [];
    for (let used = 0; used < 7; used++) pids.push((await use()).pid);
    const [first, , , second, , , third] = pids;
    expect(pids).toEqual([first, first, first, second, second, second, third]);
    expect(new Set(pids).size).toBe(3);
    const left = processesIn(temporary).filter((line) => !line.includes('--type='));
    expect(left).toEqual([expect.stringMatching(`^${third} `)]);
  });

  it('does not replace its browser under a running piece of work', async () => {
    const {use} = await open({browserUses: 3});
    const wait = Promise.withResolvers<void>();
    const long = use(() => wait.promise);
    const pids: unknown[] = [];
    for (let used = 0; used < 4; used++) pids.push((await use()).pid);
    wait.resolve();
    const {pid} = await long;
    expect(pids).toEqual([pid, pid, pid, pid]);
    expect((await use()).pid).not.toBe(pid);
  });

  it("names what the browser's driver throws, and masks what it was given", async () => {
    const {session} = await open();
    const src = `https://a.example/my film.mp4?sig="SECRET" and <SECRET>`;
    const fail = (work: (page: Page) => Promise<unknown>) =>
      session
        .run({signal, given: {clips: [{src}]}, work: async (page) => ({ok: await work(page)})})
        .catch((error: unknown) => error);
    const evaluate = (code: string) => fail((page) => page.evaluate(code));
    expect(await evaluate('revideoLambda = undefined; revideoLambda.plan()')).toMatchObject({
      name: 'SceneFailed',
      message:
        "The project's page does not answer as it should: Cannot read properties of undefined (reading 'plan')",
    });
    const thrown = await evaluate(`throw new Error(${JSON.stringify(`no ${src}`)})`);
    expect(thrown).toMatchObject({name: 'SceneFailed', message: expect.stringContaining('my%20film.mp4?…')});
    expect(String((thrown as Error).message)).not.toContain('SECRET');
    const left = "location.href = 'about:blank'; new Promise(() => {})";
    expect(await evaluate(left)).toMatchObject({
      name: 'SceneFailed',
      message: expect.stringContaining('left its page'),
    });
    const late = fail((page) => page.waitForFunction('false', {timeout: 50}));
    expect(await late).toMatchObject({name: 'RenderStalled', message: expect.stringContaining('50ms')});
    const refused = fail(async (page) => (await page.createCDPSession()).send('No.such' as never));
    expect(await refused).toMatchObject({name: 'BrowserCrashed'});
  });

  it('quotes the project alone where nothing is drawn', async () => {
    const {session} = await open({stallSeconds: 2});
    const stall = (code: string) =>
      session.run({
        signal,
        work: async (page) => page.evaluate(code).then(() => new Promise<never>(() => {})),
      });
    await expect(stall('1')).rejects.toMatchObject({
      name: 'RenderStalled',
      message: 'Nothing was drawn for 2 s. The page said nothing.',
    });
    await expect(stall("console.log('wait for it')")).rejects.toMatchObject({
      message: "Nothing was drawn for 2 s. The page's last words:\nwait for it",
    });
  });

  it('does not wait for a page that is never loaded', async () => {
    const before = `document.head.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: '${await silentServer()}/slow.css'}));`;
    const {use} = await open({loadSeconds: 3}, {before});
    await expect(use()).rejects.toMatchObject({
      name: 'RenderStalled',
      message: expect.stringMatching(/^The page was not loaded within 3 s\. /),
    });
  });
});
