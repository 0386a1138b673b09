import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** What operators filter workflows by in Temporal UI. Ids, states and instants; never what a person wrote. */
export const statusAttribute = defineSearchAttributeKey('KontorStatus', SearchAttributeType.KEYWORD);
export const queueAttribute = defineSearchAttributeKey('KontorQueue', SearchAttributeType.KEYWORD);
export const nextStepAttribute = defineSearchAttributeKey('KontorNextStep', SearchAttributeType.KEYWORD);
export const nextStepAtAttribute = defineSearchAttributeKey('KontorNextStepAt', SearchAttributeType.DATETIME);

/** The names and types to register with a namespace before the first workflow starts. */
export const searchAttributeTypes: Readonly<Record<string, 'Keyword' | 'Datetime'>> = {
  KontorStatus: 'Keyword',
  KontorQueue: 'Keyword',
  KontorNextStep: 'Keyword',
  KontorNextStepAt: 'Datetime',
};
