import { join } from 'node:path'
import { Authority } from '../../shared/server/pointing/authority.ts'
import { command, parse } from '../cli/args.ts'

const USAGE = `Usage: dtu ca [--data DIR]

Prints where this installation's certificate authority is, making it when there is none, and how to trust it.`

export function run(args: string[]): Promise<number> {
  return command(USAGE, async () => {
    const { values } = parse(args, { data: { type: 'string' } })
    if (values.help) {
      process.stdout.write(`${USAGE}\n`)
      return 0
    }
    const data = values.data ?? process.env.DTU_DATA
    const authority = await new Authority(data ? join(data, 'ca') : undefined).ready()
    process.stdout.write(`${authority.certificateFile}

It vouches for the services' hosts and loopback only, and its key never leaves ${authority.folder}.
Trust it for one program, never for the whole machine:

  Node     NODE_EXTRA_CA_CERTS=${authority.certificateFile}
  Python   SSL_CERT_FILE, REQUESTS_CA_BUNDLE, HTTPLIB2_CA_CERTS=${authority.bundleFile}
  Go       SSL_CERT_FILE=${authority.bundleFile}
  curl     curl --cacert ${authority.certificateFile}
  Java     keytool -importcert -noprompt -alias dtu -storepass changeit -keystore dtu.p12 -storetype PKCS12 -file ${authority.certificateFile}

dtu exec -- <command> sets these and the proxy for you.
`)
    return 0
  })
}
