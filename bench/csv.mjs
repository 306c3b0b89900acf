/* csv.mjs - rows of the data sets of the benchmarks: `text,intent` with a header, quotes as RFC 4180 has them. */
import { readFileSync } from 'node:fs';

export function readRows(path) {
    const text = readFileSync(path, 'utf8');
    const rows = [];
    let field = '', row = [], quoted = false;
    for (let i = 0; i < text.length; i++) {
        const c = text[i];
        if (quoted && c === '"' && text[i + 1] === '"') {
            field += c;
            i++;
        } else if (c === '"') {
            quoted = !quoted;
        } else if (quoted || (c !== ',' && c !== '\n')) {
            field += c;
        } else {
            row.push(field.replace(/\r$/, ''));
            field = '';
            if (c === '\n') {
                rows.push(row);
                row = [];
            }
        }
    }
    if (field || row.length)
        rows.push([...row, field]);
    return rows.slice(1).map(([words, intent]) => ({ text: words, intent }));
}
