import { Box, LinearProgress } from '@mui/material';
import { useEffect, useState } from 'react';
import { useTranslate } from 'react-admin';

/** A sign of waiting that comes only when the wait is long enough to be noticed: a flash would be worse than nothing. */
export function SlowWait() {
  const translate = useTranslate();
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return <Box sx={{ height: 2 }}>{slow && <LinearProgress sx={{ height: 2 }} aria-label={translate('kontor.loading')} />}</Box>;
}
