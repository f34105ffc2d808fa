const cell = (value: unknown): string => {
  const text =
    value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Rows as comma-separated values (RFC 4180); the columns are those that appear, in order of first appearance. */
export function csv(
  rows: readonly Readonly<Record<string, unknown>>[],
  columns: readonly string[] = [...new Set(rows.flatMap((row) => Object.keys(row)))],
): string {
  return [columns, ...rows.map((row) => columns.map((name) => row[name]))]
    .map((values) => `${values.map(cell).join(',')}\r\n`)
    .join('')
}
