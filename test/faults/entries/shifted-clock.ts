import type {RenderHandler} from '../../../src/apps/handler/handler.ts';

/**
 * The deployed entry in a process whose calendar is CLOCK_SHIFT hours off. The remaining time is Lambda's
 * own, since there the limit and the calendar come from the same clock.
 */
const shift = Number(process.env.CLOCK_SHIFT ?? 0) * 3_600_000;
const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], self) =>
    Reflect.construct(target, args.length ? args : [RealDate.now() + shift], self) as Date,
  apply: () => new Date().toString(),
  get: (target, name) => (name === 'now' ? () => RealDate.now() + shift : Reflect.get(target, name)),
});

const {handler: deployed} = await import('../../../revideo-project/src/lambda.ts');

export const handler: RenderHandler = (event, context) => {
  const left = context?.getRemainingTimeInMillis();
  const began = performance.now();
  if (left === undefined) return deployed(event, context);
  // The context counts with the shifted clock.
  const getRemainingTimeInMillis = () => left + shift - (performance.now() - began);
  return deployed(event, {...context, getRemainingTimeInMillis});
};
