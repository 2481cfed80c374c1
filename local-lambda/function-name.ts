/** A function as a caller names it. */
export interface FunctionReference {
  readonly name: string;
  /** A version or an alias; this service has one version and takes any qualifier for it. */
  readonly qualifier?: string;
}

// The four spellings of "Invoke", FunctionName: name, name:qualifier, partial ARN, full ARN.
const SPELLING =
  /^(?:(?:arn:[a-z-]+:lambda:[a-z0-9-]+:)?\d{12}:function:)?(?<name>[A-Za-z0-9_-]{1,64})(?::(?<qualifier>[A-Za-z0-9_$-]+))?$/;

/** Reads a FunctionName parameter (Lambda API Reference, "Invoke"); undefined for an invalid one. */
export function readFunctionName(text: string): FunctionReference | undefined {
  const {name, qualifier} = SPELLING.exec(text)?.groups ?? {};
  if (name === undefined) return undefined;
  return qualifier === undefined ? {name} : {name, qualifier};
}
