import { useRef, useState, type RefObject } from 'react';
import { isRequestFailure } from '../server/request-failure.ts';

/** Staff prove themselves by a code of their app, or by one of the codes they keep on paper (SPEC I3). */
export type ProofMethod = 'totp' | 'recovery';

export interface Proof {
  readonly method: ProofMethod;
  readonly code: string;
}

const appCodeDigits = 6;

/** A proof while it is being typed and judged. */
export interface ProofDraft {
  readonly method: ProofMethod;
  readonly code: string;
  readonly busy: boolean;
  /** What is wrong with the code itself, and belongs to the field. */
  readonly fault: 'missing' | 'wrong' | undefined;
  /** Why no code can be judged now. */
  readonly failure: unknown;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly type: (text: string) => void;
  readonly switchTo: (method: ProofMethod) => void;
  readonly submit: () => void;
}

/** What was typed or pasted, as the field keeps it: an app's code is its digits, however they were set apart. */
export function readTyped(method: ProofMethod, text: string): string {
  return method === 'totp' ? text.replaceAll(/\D/g, '').slice(0, appCodeDigits) : text;
}

/**
 * Takes a proof from its field to whoever judges it. Six digits of an app go off by themselves.
 * @param give throws what the API refuses; a wrong code stays in the field, to be typed over
 */
export function useProof(give: (proof: Proof) => Promise<void>): ProofDraft {
  const [method, setMethod] = useState<ProofMethod>('totp');
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<ProofDraft['fault']>();
  const [failure, setFailure] = useState<unknown>();
  const field = useRef<HTMLInputElement>(null);
  const submit = async (typed: string) => {
    if (busy) return;
    setFailure(undefined);
    if (typed.trim() === '' || (method === 'totp' && typed.length < appCodeDigits)) {
      setFault('missing');
      return field.current?.focus();
    }
    setFault(undefined);
    setBusy(true);
    try {
      await give({ method, code: typed.trim() });
    } catch (error) {
      if (isRequestFailure(error) && error.code === 'auth.code_wrong') setFault('wrong');
      else setFailure(error);
      field.current?.select();
    }
    setBusy(false);
  };
  return {
    method,
    code,
    busy,
    fault,
    failure,
    field,
    type: (text) => {
      const typed = readTyped(method, text);
      setCode(typed);
      setFault(undefined);
      if (method === 'totp' && typed.length === appCodeDigits && typed !== code) void submit(typed);
    },
    switchTo: (wanted) => {
      setMethod(wanted);
      setCode('');
      setFault(undefined);
      setFailure(undefined);
    },
    submit: () => void submit(code),
  };
}
