/** The simulator as a process: `node dev/payment-simulator/main.ts FOLDER PORT NOTIFICATION_URL`. */
import { sentenceFor } from '../start-error.ts';
import { startPaymentSimulator } from './simulator.ts';

const [folder, port, notificationUrl] = process.argv.slice(2);
if (folder === undefined || notificationUrl === undefined || !/^\d+$/.test(port ?? '')) {
  process.stderr.write('Usage: node dev/payment-simulator/main.ts FOLDER PORT NOTIFICATION_URL\n');
  process.exit(64);
}

try {
  const simulator = await startPaymentSimulator({ port: Number(port), folder, notificationUrl });
  let stopping = false;
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const)
    process.on(event, () => {
      if (stopping) return;
      stopping = true;
      void simulator.stop().then(() => process.exit(0));
    });
  process.stdout.write(`The payment simulator is at ${simulator.origin}; it tells ${notificationUrl}\n`);
  process.send?.('ready');
} catch (error) {
  const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  const sentence = inUse ? 'its port is in use by another program' : (sentenceFor(error) ?? String(error));
  process.stderr.write(`The payment simulator cannot start: ${sentence}\n`);
  process.exit(1);
}
