"""The error of this layer."""

from did.errors import IdentityError


class StatusError(IdentityError):
    """A status list, its token, a delta or an index is not acceptable.

    Codes: `malformed_list`, `unsupported_bits`, `list_too_large`, `list_uri_mismatch`,
    `index_out_of_range`, `malformed_reference`, `list_full`, `malformed_delta`,
    `delta_uri_mismatch`, `delta_base_mismatch`, `delta_result_mismatch`, `delta_older`,
    `delta_too_long`.
    """
