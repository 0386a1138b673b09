import AttachIcon from '@mui/icons-material/AttachFileOutlined';
import { IconButton, Tooltip } from '@mui/material';
import { useRef } from 'react';
import { useTranslate } from 'react-admin';
import type { Uploads } from './uploads.ts';

/** Chooses files. Whoever drops or pastes them does not need it. */
export function AttachButton({ uploads, disabled = false }: { uploads: Uploads; disabled?: boolean }) {
  const translate = useTranslate();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        data-attach
        hidden
        onChange={({ currentTarget }) => {
          uploads.add(currentTarget.files ?? []);
          // The same file may be chosen again.
          currentTarget.value = '';
        }}
      />
      <Tooltip title={`${translate('kontor.files.attach')} · ${translate('kontor.files.attachHint')}`}>
        <span>
          <IconButton
            size="small"
            disabled={disabled}
            aria-label={translate('kontor.files.attach')}
            onClick={() => input.current?.click()}
            sx={{ width: 30, height: 30, color: 'text.secondary' }}
          >
            <AttachIcon fontSize="small" />
          </IconButton>
        </span>
      </Tooltip>
    </>
  );
}
