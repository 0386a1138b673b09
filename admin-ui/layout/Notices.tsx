import { Notification } from 'react-admin';

/** Short notices stand at the top: at the bottom one writes. */
export function Notices() {
  return <Notification anchorOrigin={{ vertical: 'top', horizontal: 'center' }} />;
}
