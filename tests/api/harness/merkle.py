"""RFC 6962 trees, C2SP notes and proof files, computed here with hashlib and openssl: nothing of the server's code."""
import base64
import hashlib
import pathlib
import subprocess
import tempfile

_ED25519_PUBLIC_PREFIX = bytes.fromhex("302a300506032b6570032100")  # RFC 8410: SubjectPublicKeyInfo of Ed25519


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _split(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def root(hashes: list[bytes]) -> bytes:
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    at = _split(len(hashes))
    return node_hash(root(hashes[:at]), root(hashes[at:]))


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """RFC 9162 2.1.3.2."""
    assert index < size, f"index {index} in a tree of {size}"
    node, last, found = index, size - 1, leaf
    for sibling in proof:
        assert last != 0, "the proof is too long"
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    assert last == 0, "the proof is too short"
    return found


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> bool:
    """RFC 9162 2.1.4.2."""
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path.pop(0)
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    return first == old_root and second == new_root and last == 0


class Checkpoint:
    """A signed note (C2SP signed-note, tlog-checkpoint) whose signature by this key holds."""

    def __init__(self, note: str, verifier_key: str):
        text, _, signatures = note.partition("\n\n")
        lines = text.split("\n")
        self.note, self.origin, self.size, self.root = note, lines[0], int(lines[1]), base64.b64decode(lines[2])
        name, key_hash, key = verifier_key.strip().split("+", 2)
        assert name == self.origin, f"signed by {name}, the checkpoint is of {self.origin}"
        public = base64.b64decode(key)
        assert public[0] == 1, "not an Ed25519 key"
        for line in signatures.splitlines():
            dash, signer, encoded = line.split(" ")
            signature = base64.b64decode(encoded)
            if dash == "\u2014" and signer == name and signature[:4].hex() == key_hash:
                assert _verifies(public[1:], (text + "\n").encode(), signature[4:]), f"a wrong signature\n{note}"
                return
        raise AssertionError(f"no signature of {name}+{key_hash}\n{note}")


def _verifies(key: bytes, message: bytes, signature: bytes) -> bool:
    pem = ("-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(_ED25519_PUBLIC_PREFIX + key).decode() +
           "\n-----END PUBLIC KEY-----\n")
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        (place / "key").write_text(pem)
        (place / "message").write_bytes(message)
        (place / "signature").write_bytes(signature)
        done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", place / "key", "-rawin", "-in",
                               place / "message", "-sigfile", place / "signature"], capture_output=True, check=False)
    return done.returncode == 0


class ProofFile:
    """C2SP tlog-proof: the record, its place, the way to the root, and the checkpoint."""

    def __init__(self, text: str, verifier_key: str):
        head, _, note = text.partition("\n\n")
        lines = head.split("\n")
        assert lines[0] == "c2sp.org/tlog-proof@v1", text
        self.leaf = base64.b64decode(lines[1].removeprefix("extra "))
        self.index = int(lines[2].removeprefix("index "))
        self.checkpoint = Checkpoint(note, verifier_key)
        path = [base64.b64decode(line) for line in lines[3:]]
        computed = root_from_inclusion(leaf_hash(self.leaf), self.index, self.checkpoint.size, path)
        assert computed == self.checkpoint.root, f"the proof does not lead to the signed root\n{text}"
