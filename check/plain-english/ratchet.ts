import {basename} from 'node:path';
import type {Finding} from './rules.ts';

/** Findings that old files still have: path to number. A number may only fall. */
export type Known = Readonly<Record<string, number>>;

/** A file whose findings are not those that the list allows. */
export interface Breach {
  readonly file: string;
  readonly message: string;
  /** Those to mend; empty where only the list is out of date. */
  readonly findings: readonly Finding[];
}

/** Compares findings with the list. A file with more fails, and so does one with fewer: its number must fall. */
export function breachesOf(findings: readonly Finding[], known: Known): Breach[] {
  const byFile = group(findings);
  const files = [...new Set([...byFile.keys(), ...Object.keys(known)])].sort();
  return files.flatMap((file) => {
    const found = byFile.get(file) ?? [];
    const allowed = known[file] ?? 0;
    if (found.length === allowed) return [];
    const message = `${file} has ${found.length} findings, and the list of known ones allows ${allowed}`;
    return found.length > allowed
      ? [{file, message, findings: found}]
      : [{file, message: `${message}: lower the number`, findings: []}];
  });
}

/**
 * Makes a list that fits the findings and raises no number. It lowers numbers and drops files without findings.
 * A new file takes the number of a deleted file of the same name.
 */
export function updated(findings: readonly Finding[], known: Known, files: readonly string[]): Known {
  const exists = new Set(files);
  const gone = Object.keys(known).filter((file) => !exists.has(file));
  const counts = [...group(findings)].sort(([a], [b]) => (a < b ? -1 : 1));
  const entries = counts.map(([file, found]): [string, number] => {
    const before = known[file] === undefined ? gone.find((old) => basename(old) === basename(file)) : file;
    return [file, Math.min(found.length, (before && known[before]) || 0)];
  });
  return Object.fromEntries(entries.filter(([, count]) => count > 0));
}

function group(findings: readonly Finding[]): Map<string, Finding[]> {
  return Map.groupBy(findings, ({file}) => file);
}
