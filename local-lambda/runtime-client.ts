import {type IncomingHttpHeaders, request} from 'node:http';
import type {ErrorPayload} from './invocation.ts';

/** The Runtime API's answer to a process. */
export interface NextEvent {
  readonly headers: IncomingHttpHeaders;
  /** JSON. */
  readonly payload: string;
}

/**
 * The client's side of the Runtime API ("Using the Lambda runtime API for custom runtimes"). Every method
 * rejects when the service is gone. Plain node:http, because fetch gives up on an answer after five minutes
 * and the next event may be hours away.
 */
export class RuntimeClient {
  readonly #base: string;

  /** `address` is host and port, as AWS_LAMBDA_RUNTIME_API has them. */
  constructor(address: string) {
    this.#base = `http://${address}/2018-06-01/runtime`;
  }

  /** Waits, without a limit, for the next event. */
  next(): Promise<NextEvent> {
    return this.#send({path: '/invocation/next'});
  }

  /** Posts a handler's result, as JSON. */
  async respond(id: string, json: string): Promise<void> {
    await this.#send({path: `/invocation/${id}/response`, body: json});
  }

  /** Posts why a handler failed, or, without an id, why the process cannot start. */
  async fail(id: string | undefined, error: ErrorPayload): Promise<void> {
    const path = id === undefined ? '/init/error' : `/invocation/${id}/error`;
    await this.#send({path, body: JSON.stringify(error)});
  }

  #send({path, body}: {path: string; body?: string}): Promise<NextEvent> {
    const {promise, resolve, reject} = Promise.withResolvers<NextEvent>();
    const method = body === undefined ? 'GET' : 'POST';
    // A connection for each request: one kept through a long invocation may be closed just as it is used.
    const sent = request(`${this.#base}${path}`, {method, agent: false}, async (response) => {
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        resolve({headers: response.headers, payload: Buffer.concat(chunks).toString()});
      } catch (error) {
        reject(error);
      }
    });
    sent.once('error', reject);
    sent.end(body);
    return promise;
  }
}
