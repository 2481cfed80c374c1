import type {JobPorts} from '../../../job/ports.ts';
import {NOTHING_DRAWN, type Progress} from '../../../model/progress.ts';
import type {WebhookOptions} from '../../../observers/webhook/options.ts';

/** Shows a job of this process: its progress, and as notes what is no matter of that. */
export function showJob({
  show,
  note,
  warn,
}: {
  show: (progress: Progress) => void;
  note: (line: string) => void;
  warn: (message: string) => void;
}): Required<Pick<JobPorts, 'onEvent' | 'watchers'> & Pick<WebhookOptions, 'onUndelivered'>> {
  const began = performance.now();
  // The time before the job is claimed counts too.
  const sinceCommand = (progress: Progress) => {
    const elapsedSeconds = Math.max(progress.elapsedSeconds, (performance.now() - began) / 1000);
    show({...progress, elapsedSeconds});
  };
  return {
    onEvent(event) {
      if (event.state === 'planning') sinceCommand(NOTHING_DRAWN);
      else if (event.state === 'waiting')
        note('Another run of this job renders it: waiting (if it has died, that is known after 12 s).');
      else if (event.state === 'handing over') note('The job continues in another invocation.');
      else if (event.state === 'warned') warn(event.message);
      // If the job was finished before, this is the only report of its warnings.
      else if (event.state === 'finished') event.result.warnings.forEach(warn);
      else if (event.state === 'unreported') note(`The job's report is missing: ${event.error.message}`);
    },
    onUndelivered: ({id, reason}) => note(`${id} was not delivered: ${reason}.`),
    watchers: [
      () => ({
        onEvent: (_, progress) => sinceCommand(progress),
        close: async () => {},
      }),
    ],
  };
}
