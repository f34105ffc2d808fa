import { type Allow, hinted, type Linker } from '../links.ts'

/** Links of an object that is switched on and off: what is possible now, and itself. */
export function lifecycleLinks(
  call: Linker,
  path: string,
  status: string | undefined,
  allow: Allow[] = ['GET', 'PUT', 'DELETE'],
) {
  const self = hinted(call, path, ...allow)
  return status === 'INACTIVE'
    ? { activate: hinted(call, `${path}/lifecycle/activate`, 'POST'), self }
    : { self, deactivate: hinted(call, `${path}/lifecycle/deactivate`, 'POST') }
}
