"""A certificate for the local network, made by this machine for itself.

    python -m diurna.operations.certificate DIRECTORY

Prints the address that the certificate is for. A process of its own, because the cryptography that
it loads is not wanted in the supervisor.
"""

import contextlib
import json
import socket
import sys
from pathlib import Path

# An address of documentation (RFC 5737): nothing is sent, the kernel only says which of this
# machine's addresses it would send from.
ELSEWHERE = ("192.0.2.1", 9)
NAMES_FILE = "names.json"


def main() -> int:
    """Make the certificate where there is none for these names yet."""
    directory = Path(sys.argv[1])
    address = own_address()
    if address is None:
        sys.stderr.write("This machine is in no network, so there is nobody to serve there.\n")
        return 1
    names = sorted({address, "localhost", "127.0.0.1", socket.gethostname()})
    names_file = directory / NAMES_FILE
    with contextlib.suppress(FileNotFoundError):
        if json.loads(names_file.read_text(encoding="utf-8")) == names:
            sys.stdout.write(address)
            return 0
    make(directory, names)
    names_file.write_text(json.dumps(names), encoding="utf-8")
    sys.stdout.write(address)
    return 0


def own_address() -> str | None:
    """This machine's address in its network (IPv4), or None."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError:
            return None
        return str(probe.getsockname()[0])


def make(directory: Path, names: list[str]) -> None:
    """Write authority.pem, server.pem and server.key (its owner's only) into the directory."""
    import trustme

    directory.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA(organization_name="Diurna on this machine")
    server = authority.issue_cert(*names)
    authority.cert_pem.write_to_path(str(directory / "authority.pem"))
    key = directory / "server.key"
    key.touch(0o600)
    key.chmod(0o600)
    server.private_key_pem.write_to_path(str(key))
    chain = directory / "server.pem"
    chain.unlink(missing_ok=True)
    for certificate in server.cert_chain_pems:
        certificate.write_to_path(str(chain), append=True)


if __name__ == "__main__":
    sys.exit(main())
