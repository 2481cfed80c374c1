/**
 * Lets this program finish when the reader of its output leaves, as `head` does. The rest of the output is lost.
 * The command does its work and ends with its usual exit code: a render must not stop because its messages have no
 * reader. Every command ends by itself, or at a signal.
 *
 * Any other fault of these streams is still thrown.
 */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}
