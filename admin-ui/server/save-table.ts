/** Saves a CSV file on the reader's computer, under this name and its ending. */
export function saveTable(name: string, text: string): void {
  // With the mark at its beginning spreadsheets read Cyrillic letters as what they are.
  const address = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${name}.csv`;
  link.click();
  // The browser takes the file's content a moment after the click.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
