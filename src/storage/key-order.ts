/** Compares keys as S3 orders them: by their bytes in UTF-8. For `sort`. */
export const byKey = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
