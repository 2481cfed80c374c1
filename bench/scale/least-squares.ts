/** One observation: the values of the terms, and what came of them. */
export interface Sample {
  terms: readonly number[];
  /** Above 0. */
  result: number;
}

/** The best fit of the samples. */
export interface Fit {
  /** One a term, 0 or more. */
  coefficients: number[];
  /** How far the sample that fits worst is off, as a share of its result. */
  largestError: number;
  /** The same of the sample in the middle. */
  medianError: number;
}

/**
 * Fits `result = sum of coefficient * term` by least squares of the relative errors: a chunk of one frame counts as
 * much as one of a hundred. Costs are not below 0: a term whose coefficient would be is left out, the most negative
 * one first, and gets 0.
 *
 * @throws if the samples do not tell the terms apart
 */
export function fitCosts(samples: readonly Sample[]): Fit {
  const count = samples[0]?.terms.length ?? 0;
  let used = Array.from({length: count}, (_, term) => term);
  let coefficients: number[] = [];
  for (;;) {
    const solved = solve(samples, used);
    coefficients = Array.from({length: count}, (_, term) => solved[used.indexOf(term)] ?? 0);
    const least = Math.min(0, ...coefficients);
    if (least === 0) break;
    used = used.filter((term) => coefficients[term] !== least);
  }
  const errors = samples
    .map((sample) => Math.abs(predict(coefficients, sample.terms) / sample.result - 1))
    .toSorted((a, b) => a - b);
  return {
    coefficients,
    largestError: errors.at(-1) ?? 0,
    medianError: errors[Math.floor(errors.length / 2)] ?? 0,
  };
}

/** The value of the terms under the coefficients. */
export const predict = (coefficients: readonly number[], terms: readonly number[]): number =>
  terms.reduce((sum, term, index) => sum + term * (coefficients[index] ?? 0), 0);

/** The normal equations, with every term brought to a largest value of 1. */
function solve(samples: readonly Sample[], used: readonly number[]): number[] {
  const rows = samples.map(({terms, result}) => used.map((term) => (terms[term] ?? 0) / result));
  const scales = used.map((_, column) => Math.max(...rows.map((row) => Math.abs(row[column] ?? 0))) || 1);
  const scaled = rows.map((row) => row.map((value, column) => value / (scales[column] ?? 1)));
  const sum = (of: (row: number[]) => number) => scaled.reduce((total, row) => total + of(row), 0);
  const equations = used.map((_, i) => [
    ...used.map((_, j) => sum((row) => (row[i] ?? 0) * (row[j] ?? 0))),
    sum((row) => row[i] ?? 0),
  ]);
  return eliminate(equations).map((value, column) => value / (scales[column] ?? 1));
}

/** Below this share of the largest number a pivot is rounding. */
const ROUNDING = 1e-12;

/** Gauss and Jordan, with the largest pivot of each column. Each equation ends with its right side. */
function eliminate(equations: number[][]): number[] {
  const largest = Math.max(...equations.flat().map(Math.abs));
  const cell = (row: number, column: number) => equations[row]?.[column] ?? 0;
  for (let column = 0; column < equations.length; column++) {
    let pivot = column;
    for (let row = column; row < equations.length; row++) {
      if (Math.abs(cell(row, column)) > Math.abs(cell(pivot, column))) pivot = row;
    }
    if (Math.abs(cell(pivot, column)) <= largest * ROUNDING) {
      throw new Error(`The samples do not tell term ${column} from the others.`);
    }
    [equations[column], equations[pivot]] = [equations[pivot] ?? [], equations[column] ?? []];
    for (let row = 0; row < equations.length; row++) {
      if (row === column) continue;
      const factor = cell(row, column) / cell(column, column);
      equations[row] = (equations[row] ?? []).map((value, at) => value - factor * cell(column, at));
    }
  }
  return equations.map((row, index) => (row.at(-1) ?? 0) / cell(index, index));
}
