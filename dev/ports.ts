import { createServer } from 'node:net';
import { StartError } from './start-error.ts';

/** A free TCP port of the loopback interface at this moment. Another process may take it before you do: be ready to ask again. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('No port given'))));
    });
  });
}

/** Whether a process could listen on this loopback port now. */
export async function isPortFree(port: number): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Refuses a busy port with a sentence that names the port, what it is for and the setting that moves it.
 * @throws StartError
 */
export async function requireFreePort(port: number, purpose: string, setting: string): Promise<void> {
  if (!(await isPortFree(port)))
    throw new StartError(
      `Port ${port}, needed for ${purpose}, is in use by another program: stop that program, or choose another port with ${setting}.`,
    );
}
