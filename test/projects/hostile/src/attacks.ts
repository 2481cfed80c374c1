/** What an attack is given. */
export interface Target {
  src: string;
  /** The port of a server of this machine. */
  canary: number;
  data?: unknown;
}

/** What a page gets to see is thrown, and so is in the error. */
async function tell(words: Promise<string> | string): Promise<never> {
  throw new Error(`seen: ${await words}`);
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const settle = (target: EventTarget, ...names: string[]) =>
  new Promise((resolve) => {
    for (const name of names) target.addEventListener(name, resolve, {once: true});
  });

/** Puts an element of the browser's own making into the page: none that this renderer watches. */
function element(name: string, properties: object): Promise<unknown> {
  const made = document.createElementNS('http://www.w3.org/1999/xhtml', name);
  Object.assign(made, properties);
  document.body.append(made);
  return Promise.race([settle(made, 'load', 'error'), wait(2000)]);
}

function inWorker(code: string): Promise<unknown> {
  const blob = new Blob([code], {type: 'text/javascript'});
  return settle(new Worker(URL.createObjectURL(blob), {type: 'module'}), 'message', 'error');
}

async function connect(urls: string): Promise<void> {
  const peer = new RTCPeerConnection({iceServers: [{urls, username: 'a', credential: 'b'}]});
  peer.createDataChannel('a');
  await peer.setLocalDescription(await peer.createOffer());
  await wait(1000);
  throw new Error(`${urls} has said nothing`);
}

/** What a project can try, by name. Each ends when the browser has said yes or no. */
export const attacks: Record<string, (target: Target) => Promise<unknown>> = {
  none: async () => {},
  fetch: async ({src}) => tell((await fetch(src)).text()),
  opaque: async ({src}) => tell((await fetch(src, {mode: 'no-cors'})).type),
  post: async ({src}) => tell((await fetch(src, {mode: 'no-cors', method: 'POST', body: 'words'})).type),
  xhr: async ({src}) => {
    const request = new XMLHttpRequest();
    request.open('GET', src);
    request.send();
    await settle(request, 'loadend');
    await tell(request.responseText);
  },
  socket: ({src}) => settle(new WebSocket(src), 'open', 'error'),
  events: ({src}) => settle(new EventSource(src), 'open', 'error'),
  beacon: async ({src}) => {
    navigator.sendBeacon(src, 'words');
    await wait(500);
  },
  picture: ({src}) => element('img', {src}),
  sound: ({src}) => element('audio', {src}),
  script: async ({src}) => tell(JSON.stringify(await import(/* @vite-ignore */ src))),
  style: ({src}) => element('link', {rel: 'stylesheet', href: src}),
  preload: ({src}) => element('link', {rel: 'preload', as: 'image', href: src}),
  preconnect: async ({src}) => {
    void element('link', {rel: 'preconnect', href: src});
    await fetch(src, {mode: 'no-cors'});
  },
  frame: ({src}) => element('iframe', {src}),
  object: ({src}) => element('object', {data: src}),
  embed: ({src}) => element('embed', {src}),
  font: ({src}) => new FontFace('Stolen', `url("${src}")`).load(),
  background: async ({src}) => {
    document.body.style.backgroundImage = `url("${src}")`;
    await wait(500);
  },
  worker: ({src}) =>
    inWorker(`fetch(${JSON.stringify(src)}, {mode: 'no-cors'}).finally(() => postMessage(1))`),
  form: async ({src}) => {
    const form = Object.assign(document.createElement('form'), {action: src, method: 'post'});
    document.body.append(form);
    form.submit();
    await wait(500);
    throw new Error(`${src}: no form was sent`);
  },
  window: async ({src}) => {
    if (!window.open(src)) throw new Error(`${src}: no window was opened`);
    await wait(500);
  },
  download: async ({src}) => {
    const link = Object.assign(document.createElement('a'), {href: src, download: 'stolen'});
    document.body.append(link);
    link.click();
    await wait(500);
    throw new Error(`${src}: nothing was saved`);
  },
  leave: async ({src}) => {
    location.href = src;
    await wait(1000);
    throw new Error(`${src}: the page has stayed`);
  },
  stun: ({canary}) => connect(`stun:127.0.0.1:${canary}`),
  turn: ({canary}) => connect(`turn:127.0.0.1:${canary}?transport=tcp`),
  transport: async ({src}) => {
    const {ready} = new WebTransport(src);
    const answer = await ready.then(() => 'is there', String);
    throw new Error(`${src}: ${answer}`);
  },
  /** Tells what came of the variables. */
  echo: async ({data}) => {
    const polluted = [{}, [], globalThis].map((one) => Reflect.get(one, 'polluted') ?? null);
    throw new Error(`echo ${JSON.stringify({data, polluted, ran: Reflect.get(globalThis, 'ran') ?? null})}`);
  },
  /** Tells what there is of an environment. */
  environment: () => {
    const {process} = globalThis as {process?: {env?: unknown}};
    return tell(JSON.stringify({env: process?.env ?? null, meta: import.meta.env ?? null}));
  },
  alert: async () => {
    alert('Is anybody there?');
    confirm('Really?');
    throw new Error('alert: nobody was asked');
  },
};
