const found = new Set<string>();

/** Warns of what a film is drawn in spite of. Node masks and shortens it. */
export const addWarning = (text: string): void => void found.add(text);

/** The warnings of this document so far, each once. */
export const pageWarnings = (): string[] => [...found];
