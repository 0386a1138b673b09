import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/**
 * The process's log: one JSON line an event, on standard output, with request and workflow ids and no personal data
 * (SPEC O4). Whoever logs passes ids and codes, never texts, names or addresses; the redaction is the second fence.
 */
export function openLog(process: 'api' | 'worker', level: string, to: DestinationStream = pino.destination(1)): Log {
  const redact = {
    paths: ['*.email', '*.password', '*.body', '*.subject', '*.cookie', '*.authorization', 'email', 'password', 'cookie', 'authorization'],
    censor: '[left out]',
  };
  return pino({ level, base: { process }, timestamp: pino.stdTimeFunctions.isoTime, redact }, to);
}
