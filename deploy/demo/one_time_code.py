"""The present one-time code of an account of the demonstration (RFC 6238: SHA-1, 30 s, 6 digits).

    one_time_code.py FILE     FILE holds the secret in base32, as the server handed it out
"""
import base64
import hmac
import struct
import sys
import time

PERIOD_S = 30


def code_at(secret, instant):
    key = base64.b32decode(secret.strip().upper() + "=" * (-len(secret.strip()) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(instant) // PERIOD_S), "sha1").digest()
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start:start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="ascii") as file:
        secret = file.read()
    now = time.time()
    print(code_at(secret, now))
    print(f"counts for {PERIOD_S - int(now) % PERIOD_S} s more, and once", file=sys.stderr)


if __name__ == "__main__":
    main()
