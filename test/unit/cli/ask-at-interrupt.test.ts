import {EventEmitter} from 'node:events';
import {expect, it, vi} from 'vitest';
import {askAtInterrupt, type Keyboard, questionOf} from '../../../src/apps/cli/ask-at-interrupt.ts';

/** A terminal's input with keys pressed. */
class Typed extends EventEmitter {
  isTTY = true;
  raw = false;
  setRawMode(raw: boolean) {
    this.raw = raw;
    return this;
  }
  resume() {
    return this;
  }
  pause() {
    return this;
  }
  type(...keys: string[]) {
    for (const key of keys) this.emit('data', Buffer.from(key));
  }
}

const CTRL_C = '\u0003';
function asking() {
  const input = new Typed();
  const said: string[] = [];
  const leave = vi.fn();
  const giveBack = askAtInterrupt({
    input: input as unknown as Keyboard,
    show: (question) => said.push(question === undefined ? 'answered' : 'asked'),
    leave,
    isAnswered: () => true,
    choices: [
      {key: 's', words: 'stop and keep the chunks', act: () => said.push('stopped')},
      {key: 'c', words: 'cancel for good', act: () => said.push('cancelled')},
      {key: 'g', words: 'go on'},
    ],
  });
  return {input, said, leave, giveBack};
}

it('asks once what is to become of the job, and does that', () => {
  const {input, said, leave, giveBack} = asking();
  expect(input.raw).toBe(true);
  input.type('c', 'x', CTRL_C, 'x', 'C', 's');
  expect(said).toEqual(['asked', 'answered', 'cancelled']);
  expect(leave).not.toHaveBeenCalled();
  giveBack();
  expect(input.raw).toBe(false);
  expect(input.listenerCount('data')).toBe(0);
});

it('goes on if that is the answer, and asks again the next time', () => {
  const {input, said, leave} = asking();
  input.type(CTRL_C, 'g', 'c', CTRL_C, 's');
  expect(said).toEqual(['asked', 'answered', 'asked', 'answered', 'stopped']);
  expect(leave).not.toHaveBeenCalled();
});

it('leaves at the second Ctrl+C, whether or not the first was answered', () => {
  const unanswered = asking();
  unanswered.input.type(CTRL_C + CTRL_C);
  expect(unanswered.said).toEqual(['asked']);
  expect(unanswered.leave).toHaveBeenCalledOnce();
  const answered = asking();
  answered.input.type(CTRL_C, 's', CTRL_C);
  expect(answered.leave).toHaveBeenCalledOnce();
});

it('leaves the input alone where there is no terminal', () => {
  const input = new Typed();
  input.isTTY = false;
  askAtInterrupt({
    input: input as unknown as Keyboard,
    show: () => {},
    isAnswered: () => true,
    choices: [],
  })();
  expect(input.listenerCount('data')).toBe(0);
});

it('marks the key of each answer in its words', () => {
  const choices = [
    {key: 's', words: 'stop'},
    {key: 'g', words: 'go on'},
  ];
  expect(questionOf(choices)).toBe('Ctrl+C: [s]top or [g]o on?');
});
