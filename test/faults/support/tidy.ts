import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {descendants, readProcessTable} from '../../../local-lambda/process-table.ts';
import type {EnvironmentState, Service} from '../../../local-lambda/service.ts';
import {processesIn} from '../../support/processes.ts';
import {appears} from './within.ts';

/**
 * Files that a warm environment keeps on purpose: one browser with its profile, and the blocks of other
 * servers' media.
 */
const KEPT = /^revideo-lambda-(browser|media)-\w+$/;

/**
 * The files and processes that remain when nothing runs: in the environments, and of ended environments.
 * Empty when all is well. Waits until nothing runs.
 */
export async function leftBehind(service: Service): Promise<string[]> {
  await quiet(service);
  const environments = service.environments();
  return [
    ...environments.flatMap((environment) => [...strayFiles(environment), ...strayProcesses(environment)]),
    ...ofTheDead(environments),
  ];
}

/** Where a service keeps an environment's directories. */
export const homeOf = ({temporaryDirectory}: EnvironmentState): string =>
  dirname(dirname(temporaryDirectory));

function ofTheDead(environments: readonly EnvironmentState[]): string[] {
  const table = readProcessTable();
  const alive = new Set(environments.flatMap(({pid}) => descendants(table, new Set([pid]))));
  const places = new Set(environments.map(({temporaryDirectory}) => dirname(temporaryDirectory)));
  return [...new Set(environments.map(homeOf))].flatMap((home) => [
    ...processesIn(home).filter((line) => !alive.has(Number.parseInt(line, 10))),
    ...readdirSync(home).filter((name) => !places.has(join(home, name))),
  ]);
}

/** Waits until nothing runs. */
export async function quiet(service: Service): Promise<void> {
  await appears(
    'every invocation to end',
    () => service.environments().every(({invocation}) => !invocation) || undefined,
  );
}

function strayFiles({temporaryDirectory}: EnvironmentState): string[] {
  const names = readdirSync(temporaryDirectory);
  const stray = names.filter((name) => !KEPT.test(name));
  const profiles = names.filter((name) => name.startsWith('revideo-lambda-browser-'));
  return [...stray, ...profiles.slice(1)].map((name) => `file ${name}`);
}

function strayProcesses({pid}: EnvironmentState): string[] {
  const commands = descendants(readProcessTable(), new Set([pid]))
    .filter((member) => member !== pid)
    .map(commandOf)
    .filter(Boolean);
  const browsers = commands.filter(isBrowser);
  return [...commands.filter((line) => !/chrom/i.test(line)), ...browsers.slice(1)].map(
    (line) => `process ${line}`,
  );
}

/** Whether a command line is a browser's own, not that of one of its processes. */
const isBrowser = (line: string): boolean => /chrom/i.test(line) && !line.includes('--type=');

/** A process's command line; empty when it has ended. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** The processes below an environment's whose command line matches. */
export const processesOf = ({pid}: EnvironmentState, command: RegExp): number[] =>
  descendants(readProcessTable(), new Set([pid])).filter((member) => command.test(commandOf(member)));
