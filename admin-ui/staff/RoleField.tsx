import { Box, FormControl, FormControlLabel, FormLabel, Radio, RadioGroup } from '@mui/material';
import { useTranslate } from 'react-admin';
import { staffRoles, type StaffRole } from '../../domain/permissions.ts';

/** One of the staff's roles, each with what it means. */
export function RoleField({ initial }: { initial: StaffRole }) {
  const translate = useTranslate();
  return (
    <FormControl>
      <FormLabel id="role-label" sx={{ fontSize: 13 }}>
        {translate('kontor.staff.role')}
      </FormLabel>
      <RadioGroup name="role" defaultValue={initial} aria-labelledby="role-label">
        {staffRoles.map((role) => (
          <FormControlLabel
            key={role}
            value={role}
            control={<Radio size="small" />}
            sx={{ alignItems: 'flex-start', mt: 0.75, '& .MuiRadio-root': { pt: 0.25 } }}
            label={
              <>
                {translate(`kontor.person.roles.${role}`)}
                <Box component="span" sx={{ display: 'block', fontSize: 13, color: 'text.secondary' }}>
                  {translate(`kontor.roles.what.${role}`)}
                </Box>
              </>
            }
          />
        ))}
      </RadioGroup>
    </FormControl>
  );
}

/** The role chosen in a form. */
export function roleIn(form: HTMLFormElement): StaffRole | undefined {
  const chosen = new FormData(form).get('role');
  return staffRoles.find((role) => role === chosen);
}
