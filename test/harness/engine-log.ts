/** What the engine's libraries write while tests run. */
import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogLevel } from '@temporalio/worker';

/**
 * What every worker says when it starts against the time-skipping server, which is older in this: nothing of ours reads what
 * an activity said last before it failed.
 */
const knownFromTheStart = 'activity_failure_include_heartbeat';

/**
 * Only what goes wrong is news: errors of either part, and what its native part warns of. To be called before anything
 * else of the engine's is made.
 */
export function keepEngineQuiet(nativeLevel: LogLevel = 'WARN'): void {
  const screen = new DefaultLogger('WARN');
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      if (level === 'WARN' && (meta?.['sdkComponent'] !== 'core' || message.includes(knownFromTheStart))) return;
      screen.log(level, message, meta);
    }),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: nativeLevel }), forward: {} } },
  });
}
