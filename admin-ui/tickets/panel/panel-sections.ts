import type { ComponentType } from 'react';
import type { StaffTicketPage } from '../../server/answers.ts';
import { About } from './About.tsx';
import { Customer } from './Customer.tsx';
import { History } from './History.tsx';
import { Links } from './Links.tsx';
import { Money } from './Money.tsx';
import { People } from './People.tsx';
import { Tags } from './Tags.tsx';
import { Problems } from './Problems.tsx';
import { Severity } from './Severity.tsx';
import { Quotes } from './Quotes.tsx';
import { ServerAccess } from './ServerAccess.tsx';
import { ServiceLevel } from './ServiceLevel.tsx';
import { Who } from './Who.tsx';

/** A part of the side panel: it shows itself inside a `PanelSection`, or nothing where it has nothing to say or the reader may not. */
export type PanelPart = ComponentType<{ ticket: StaffTicketPage }>;

/**
 * What stands beside a conversation, from above: who asks, what needs a decision, what the ticket is, what it is tied to,
 * and at the end its whole life. A new part is a file in this folder and a line here, where a reader would look for it.
 */
export const panelSections: readonly { readonly name: string; readonly Part: PanelPart }[] = [
  { name: 'who', Part: Who },
  { name: 'money', Part: Money },
  { name: 'people', Part: People },
  { name: 'severity', Part: Severity },
  { name: 'serviceLevel', Part: ServiceLevel },
  { name: 'quotes', Part: Quotes },
  { name: 'access', Part: ServerAccess },
  { name: 'about', Part: About },
  { name: 'problems', Part: Problems },
  { name: 'tags', Part: Tags },
  { name: 'links', Part: Links },
  { name: 'customer', Part: Customer },
  { name: 'history', Part: History },
];
