/** Names the browser's tab; React hoists the element into the document's head. */
export function PageTitle({ children }: { children: string }) {
  return <title>{`${children} · Kontor`}</title>;
}
