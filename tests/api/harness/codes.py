"""One-time codes (RFC 6238) and check characters of agency codes (ISO 7064 MOD 37,36), computed apart from the server."""
import base64
import hashlib
import hmac
import struct
import time

STEP = 30
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def totp(secret_base32: str, at: float | None = None) -> str:
    padded = secret_base32 + "=" * (-len(secret_base32) % 8)
    step = int((time.time() if at is None else at) // STEP)
    digest = hmac.new(base64.b32decode(padded), struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset:offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def agency_code(country: str, name: str) -> str:
    product = 36
    for letter in country + name:
        total = (product + _ALPHABET.index(letter)) % 36 or 36
        product = total * 2 % 37
    return f"{country}-{name}-{_ALPHABET[(37 - product) % 36]}"
