type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Moves a field of schema 2, which names no provider, to its place in schema 3. */
function move(record: Fields, [from, to]: readonly [string, string], provider: string): Fields {
  const {[from]: earlier, ...rest} = record;
  return isFields(earlier) && !('provider' in earlier) ? {...rest, [to]: {provider, ...earlier}} : record;
}

/**
 * A trace, or an attempt in it, as schema 3 has it. Schema 2 knew Lambda and S3 alone: `invocation`, `orchestrator` and
 * `operations` named no provider. Returns anything else as it is.
 */
export function withProviders(record: unknown): unknown {
  if (!isFields(record)) return record;
  const own = move(record, ['orchestrator', 'orchestrator'], 'aws-lambda');
  const drawn = move(own, ['invocation', 'used'], 'aws-lambda');
  const {operations, ...rest} = move(drawn, ['operations', 'operations'], 'aws-s3');
  const whole = operations === undefined ? drawn : {...rest, used: [operations]};
  if (!Array.isArray(whole.attempts)) return whole;
  return {...whole, attempts: whole.attempts.map(withProviders)};
}
