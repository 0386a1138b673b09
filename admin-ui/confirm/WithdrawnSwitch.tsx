import { Box, Checkbox, FormControlLabel } from '@mui/material';
import { useTranslate } from 'react-admin';

/** Whether something is withdrawn: kept, and offered to nobody. A field of a form, `withdrawn`. */
export function WithdrawnSwitch({ withdrawn, hint }: { withdrawn: boolean; hint: string }) {
  const translate = useTranslate();
  return (
    <Box>
      <FormControlLabel
        control={<Checkbox size="small" name="withdrawn" defaultChecked={withdrawn} />}
        label={translate('kontor.scope.withdrawn')}
      />
      <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{hint}</Box>
    </Box>
  );
}
