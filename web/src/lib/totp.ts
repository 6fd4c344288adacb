// The one-time code of a demonstration account (RFC 6238, SHA-1, 6 digits, 30 s), so that the sign-in
// page of a demonstration can offer its accounts. Real accounts keep their secret in the person's device.
export async function oneTimeCode(secret: string, at = Date.now()): Promise<string> {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = new Uint8Array(Math.floor(bits.length / 8)).map((_, i) => parseInt(bits.slice(i * 8, i * 8 + 8), 2))
  const counter = new DataView(new ArrayBuffer(8))
  counter.setUint32(4, Math.floor(at / 30_000))
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-1' }, false, ['sign'])
  const mac = new DataView(await crypto.subtle.sign('HMAC', imported, counter.buffer))
  const offset = mac.getUint8(19) & 15
  return String((mac.getUint32(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
