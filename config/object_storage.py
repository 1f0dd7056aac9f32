"""FILES_URL: where files are kept on a service that speaks S3, so that hosts need no folder in common."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from config.env import BadEnvironment

FORM = "s3://ACCESS_KEY:SECRET_KEY@HOST[:PORT]/BUCKET[?region=…&tls=no]"


def storages_of(url: str) -> dict[str, Any]:
    """The entry of STORAGES for an address like FORM; nothing for ''. BadEnvironment, without the secrets, for any other."""
    if not url:
        return {}
    parts = urlsplit(url)
    bucket, options = parts.path.strip("/"), {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if not (parts.hostname and parts.username and parts.password and bucket) or "/" in bucket or {*options} - {"region", "tls"}:
        raise BadEnvironment(f"FILES_URL is not an address that Rowcall understands; it must look like {FORM}.")
    from botocore.config import Config  # noqa: PLC0415  half a second, and only where files are kept so

    host = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
    return {
        "files": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "access_key": unquote(parts.username),
                "secret_key": unquote(parts.password),
                "bucket_name": bucket,
                "endpoint_url": f"{'http' if options.get('tls') == 'no' else 'https'}://{host}",
                "region_name": options.get("region", "us-east-1"),
                "client_config": Config(
                    signature_version="s3v4",
                    s3={"addressing_style": "path"},
                    connect_timeout=5,
                    read_timeout=10,
                    retries={"max_attempts": 2, "mode": "standard"},
                    # What MinIO, Ceph and others of an older interface take as well.
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            },
        }
    }
