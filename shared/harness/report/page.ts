import { escaped } from './text.ts'

const STYLE = `
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--good:#1a7f37;--bad:#c62828;--odd:#9a6700;--mark:#2563eb}
@media(prefers-color-scheme:dark){:root{--good:#4ac26b;--bad:#ff7b72;--odd:#d4a72c;--mark:#6ea8fe}}
*{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .4rem;overflow-wrap:anywhere}h2{font-size:1.2rem;margin:2.5rem 0 .3rem}
p{margin:.3rem 0;max-width:60rem}.quiet{opacity:.7}a{color:var(--mark)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
th{white-space:nowrap;font-weight:600}td:first-child{overflow-wrap:normal}.figure{white-space:nowrap;font-variant-numeric:tabular-nums}
.satisfied{color:var(--good)}.unsatisfied{color:var(--bad)}.undecided,.invalid,.fault{color:var(--odd)}
.bar{position:relative;height:.8rem;width:12rem;max-width:100%;margin:.35rem 0;background:var(--soft);border-radius:3px}
.bar i{position:absolute;top:0;bottom:0;background:#4a8df855;border-radius:3px}.bar i.worse{background:#c6282888}.bar i.better{background:#1a7f3788}
.bar b{position:absolute;top:-2px;bottom:-2px;width:3px;margin-left:-1.5px;background:var(--mark)}.bar b.before{opacity:.45}
.bar u{position:absolute;top:-4px;bottom:-4px;width:1px;background:currentColor}
details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;padding:.35rem .7rem}summary{cursor:pointer}
details details{border:0;margin:.2rem 0;padding:0}
code,pre{font:12.5px/1.45 ui-monospace,monospace}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:.5rem;margin:.2rem 0;border-radius:4px}
.act td{background:#2563eb14}.delivery td{background:#9a670014}.told{font-style:italic}:target{outline:2px solid var(--mark)}
.seeds a{display:inline-block;min-width:1.9rem;text-align:center;text-decoration:none;border:1px solid currentColor;border-radius:4px;margin:.1rem}
.seeds a.satisfied{color:var(--good)}.seeds a.unsatisfied{color:var(--bad);font-weight:600}.seeds a.undecided,.seeds a.invalid{color:var(--odd)}
.lanes{display:grid;gap:3px 2px;align-items:center;overflow-x:auto;margin:.6rem 0;padding-bottom:.2rem;font-size:12.5px}
.lanes span{padding-right:.6rem;white-space:nowrap;position:sticky;left:0;background:Canvas}
.lanes a{display:block;height:1rem;min-width:.7rem;border-radius:3px;background:#2563eb55}
.lanes a.write{background:var(--mark)}.lanes a.bad{background:var(--bad)}.lanes a.struck{background:var(--odd)}
.lanes a.person{background:#8250df}.legend{font-size:12.5px}.legend i{display:inline-block;width:.7rem;height:.7rem;border-radius:3px;margin:0 .25rem 0 .8rem}
.pairs td{width:48%}.pairs td:first-child{width:4%}
@media(max-width:44rem){body{margin:1rem auto}.wide table{min-width:40rem}.bar{width:8rem}details{padding:.35rem .4rem}}`

/** A self-contained page: no script, no network. `body` is well-formed and escaped. */
export const page = (
  title: string,
  body: string,
): string => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body>
${body}
</body></html>
`
