import {describe, expect, it} from 'vitest';
import {refusal} from '../../../src/apps/page/guard.ts';

const OWN = {host: '127.0.0.1:9001', origin: 'http://127.0.0.1:9001', 'content-type': 'application/json'};
const ask = (headers: Record<string, string | undefined>, method = 'POST') =>
  refusal({method, headers: {...OWN, ...headers}});

describe('The page of the local service', () => {
  it.each([
    ['its own page', 'POST', {}],
    ['its own page under its other name', 'POST', {host: 'localhost:9001', origin: 'http://localhost:9001'}],
    ['its own page in a browser that says so', 'POST', {'sec-fetch-site': 'same-origin'}],
    ['somebody who types the address', 'GET', {origin: undefined, 'sec-fetch-site': 'none'}],
    ['a tool that says nothing', 'GET', {origin: undefined}],
    [
      'somebody who follows a link',
      'GET',
      {
        origin: undefined,
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      },
    ],
  ])('answers %s', (_who, method, headers) => {
    expect(ask(headers, method)).toBeUndefined();
  });

  it.each([
    ['another site', 'POST', {origin: 'https://example.com'}],
    ['a page of another port', 'POST', {origin: 'http://127.0.0.1:9002'}],
    ['a page without an origin, such as a file or a sandboxed frame', 'POST', {origin: 'null'}],
    ['a program that says no origin', 'POST', {origin: undefined}],
    ['another name than its origin', 'POST', {host: 'localhost:9001'}],
    ['a form', 'POST', {'content-type': 'text/plain'}],
    ['a form that knows the word', 'POST', {'content-type': 'text/plain; application/json'}],
    ['a request that a browser calls foreign', 'POST', {'sec-fetch-site': 'cross-site'}],
    [
      'a picture on another site',
      'GET',
      {
        origin: undefined,
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'no-cors',
        'sec-fetch-dest': 'video',
      },
    ],
    [
      'a frame on another site',
      'GET',
      {
        origin: undefined,
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'iframe',
      },
    ],
  ])('refuses %s', (_who, method, headers) => {
    expect(ask(headers, method)).toMatch(/\.$/);
  });
});
