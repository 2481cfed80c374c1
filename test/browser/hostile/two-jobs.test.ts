import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {readPrivateHosts} from '../../../src/base/network/private-hosts.ts';
import {type RevideoRenderer, revideoRenderer} from '../../../src/renderers/revideo/renderer.ts';
import {scratch} from '../../support/processes.ts';
import {throwAwayCache, throwAwayProject} from '../../support/throw-away-project.ts';

/** Answers late, and leads to a port of this machine that no film may reach. */
const slow = createServer((_, response) => {
  setTimeout(() => response.writeHead(302, {location: 'http://127.0.0.2:8080/secret-of-job-a'}).end(), 1_000);
});
const folder = mkdtempSync(join(tmpdir(), 'two-jobs-'));
let renderer: RevideoRenderer;
let address: string;
beforeAll(async () => {
  await once(slow.listen(0, '127.0.0.1'), 'listening');
  const host = `127.0.0.1:${(slow.address() as AddressInfo).port}`;
  address = `http://${host}/a`;
  // Runs what its variable says, which is code of the test, once in a document.
  const project = throwAwayProject({
    folder,
    scene: `yield globalThis.ran ??= (async () => Function('return (async () => {' + useScene().variables.get('code', '')() + '})()')())();
  yield* waitFor(0.1);`,
  });
  const cache = await throwAwayCache(join(folder, 'cache'));
  renderer = revideoRenderer({project, cache, privateHosts: readPrivateHosts(host) ?? []});
});
afterAll(async () => {
  await renderer?.close();
  rmSync(folder, {recursive: true, force: true});
  slow.closeAllConnections();
  slow.close();
});

/** A job whose film runs this code. */
const job = (code: string) =>
  renderer.plan({code}, {directory: scratch(), signal: new AbortController().signal});

/** Reports everything that a document can find of one before it. */
const LOOK = `
  const worker = navigator.serviceWorker && await navigator.serviceWorker.getRegistration();
  throw new Error('seen: ' + JSON.stringify({
    name: window.name, cookie: document.cookie, state: history.state, worker: worker?.scope ?? null,
    session: sessionStorage.length, local: localStorage.length,
    databases: await indexedDB.databases(), caches: await caches.keys(),
    files: await Array.fromAsync((await navigator.storage.getDirectory()).keys()),
  }));`;
const NOTHING =
  'seen: {"name":"","cookie":"","state":null,"worker":null,"session":0,"local":0,"databases":[],"caches":[],"files":[]}';

test('of a job that has ended the next one finds nothing', {timeout: 60_000}, async () => {
  await job(`
    const write = () => {
      window.name = document.cookie = sessionStorage.a = localStorage.a = 'a=secret';
    };
    write();
    setInterval(write, 1);
    addEventListener('pagehide', write);
    history.pushState('secret', '');
    await new Promise((done) => (indexedDB.open('secret').onsuccess = done));
    await (await caches.open('secret')).put('/secret', new Response('secret'));
    await (await navigator.storage.getDirectory()).getFileHandle('secret', {create: true});`);
  await expect(job(LOOK)).rejects.toThrow(NOTHING);
});

test('what a job asks for when it has ended is not told to the next one', {timeout: 60_000}, async () => {
  await job(`void fetch(${JSON.stringify(address)}, {mode: 'no-cors', keepalive: true});
    await new Promise((done) => setTimeout(done, 100));`);
  await job('await new Promise((done) => setTimeout(done, 1500));');
});

test('nor what a job is refused to one beside it, and neither hears the other', {
  timeout: 60_000,
}, async () => {
  const beside = job(`
    let seen = '';
    const channel = new BroadcastChannel('a');
    channel.onmessage = ({data}) => (seen += data);
    await new Promise((done) => setTimeout(done, 1500));
    throw new Error('seen: ' + seen + localStorage.length + document.cookie);`);
  const heard = expect(beside).rejects.toThrow('seen: 0');
  const refused = job(`
    localStorage.a = document.cookie = 'a=secret';
    const channel = new BroadcastChannel('a');
    for (let n = 0; n < 8; n++) {
      channel.postMessage('secret');
      await new Promise((done) => setTimeout(done, 100));
    }
    await fetch('http://127.0.0.2:8080/secret-of-job-a');`);
  await expect(refused).rejects.toThrow('http://127.0.0.2:8080/secret-of-job-a was refused');
  await heard;
});

test('a job with workers, frames or windows takes its tab along', {timeout: 60_000}, async () => {
  await job(`
    const frame = document.createElement('iframe');
    document.body.append(frame);
    frame.contentWindow.sessionStorage.b = 'secret';
    const code = URL.createObjectURL(new Blob(['onconnect = () => setInterval(() => {}, 1)']));
    new SharedWorker('data:text/javascript,onconnect=()=>{}', {name: 'secret', extendedLifetime: true});`);
  await expect(job(LOOK)).rejects.toThrow(NOTHING);
});
