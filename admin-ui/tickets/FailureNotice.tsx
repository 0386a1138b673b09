import { Alert, type AlertProps } from '@mui/material';
import { useCloseNotification } from 'react-admin';

/** A failed action, in the corner where its success would be told. The frame that shows it hands down the rest. */
export function FailureNotice({ children, ...frame }: AlertProps) {
  const close = useCloseNotification();
  return (
    <Alert
      {...frame}
      severity="error"
      variant="outlined"
      onClose={close}
      sx={{ bgcolor: 'background.paper', color: 'text.primary', maxWidth: 480 }}
    >
      {children}
    </Alert>
  );
}
