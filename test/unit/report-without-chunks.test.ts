import {describe, expect, it} from 'vitest';
import {reportHtml} from '../../src/observers/report/report-html.ts';
import {makeTrace} from '../support/traces.ts';

const error = {errorType: 'ProjectBroken', errorMessage: 'src/end.tsx:2:1: Expected a bracket'};

describe('The report of a job', () => {
  it('that failed before its first chunk tells nothing of attempts', () => {
    const whole = makeTrace({chunks: 1});
    const phases = whole.phases.filter(({name}) => name === 'planning');
    const page = reportHtml({traces: [{...whole, attempts: [], phases, error, outcome: 'failed'}]});
    expect(page).toContain('The job ended before it tried a chunk.');
    expect(page).toContain('Planning');
    for (const absent of [
      'Every attempt',
      'Every chunk',
      'All workers',
      'No times',
      'first attempt of every',
    ])
      expect(page).not.toContain(absent);
  });

  it('whose chunks all succeeded at once says so', () => {
    const page = reportHtml({traces: [makeTrace({chunks: 2})]});
    expect(page).toContain('None: the first attempt of every chunk succeeded.');
    for (const present of ['Every attempt', 'Every chunk', 'All workers']) expect(page).toContain(present);
  });
});
