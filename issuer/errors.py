"""The error of this layer."""

from __future__ import annotations

from did.errors import IdentityError


class IssuerError(IdentityError):
    """The register refuses what it was asked to do; nothing of it was done.

    Codes, of the home: `no_home`, `home_exists`, `bad_config`, `weak_passphrase`, `same_passphrase`,
    `passphrase_needed`, `pin_needed`, `hsm_not_set`,
    `unsafe_module`, `key_missing`, `key_mismatch`, `no_issuing_key`, `seal_key_stolen`,
    `issuing_key_stolen`, `unknown_seal_key`, `unknown_signing_key`, `unknown_custodian_key`,
    `bad_gate_number`, `gate_exists`, `unknown_purpose`.
    Of the register: `register_exists`, `register_missing`, `register_busy`,
    `register_damaged`, `register_unusable`, `register_refused`, `newer_register`,
    `unsupported_database`, `unknown_card`, `unknown_application`, `wrong_state`, `no_wallet`.
    Of applications and amendments: `bad_note`, `bad_amendment`, `unknown_employee`, `no_card`,
    `nothing_changed`, `on_the_card`, `no_photo`.
    Of a file of applications: `unreadable_file`, `file_too_large`, `empty_file`,
    `spreadsheet_file`, `not_utf8`, `not_text`, `malformed_header`, `missing_columns`,
    `missing_header`, `misspelt_column`, `repeated_column`, `no_rows`, `too_many_rows`,
    `bad_rows` (the good ones were taken), `damaged_spreadsheet`, `encrypted_file`,
    `hidden_sheet`, `several_sheets`, `no_header_sheet`, `too_many_columns`, `too_many_photos`.
    Of a request: `malformed_request`, `invalid_proof`, `invalid_nonce`, `offer_used`,
    `offer_expired`, `holder_key_repeated`, `holder_key_known`.
    Of a re-issue: `reissue_open`.
    Of publishing: `no_root`, `no_trust_list`, `malformed_trust_list`, `other_root`,
    `older_trust_list`, `not_confirmed`, `not_published`, `clock_behind`, `clock_ahead`,
    `unsafe_out`, `unwritable_file`. Of an audit: `audit_failed`, `no_audit_head`, `other_trust`.
    Of staff and orders: `no_person`, `no_staff`, `not_their_duty`, `same_person`, `unknown_person`,
    `person_ended`, `person_exists`, `bad_staff_name`, `no_roles`, `staff_exists`, `last_administrators`,
    `unknown_order`, `order_decided`, `order_expired`, `order_outdated`, `malformed_order`,
    `not_all_confirmed`, `repeat_command`.
    Of keeping: `not_a_backup`, `newer_backup`, `backup_cut`, `backup_altered`, `malformed_backup`,
    `backup_exists`, `backup_behind`, `published_needed`, `published_differs`, `bad_retention`.
    Of a print batch: `bad_batch`, `bad_picture`, `bad_split`, `not_a_batch`, `batch_cut`,
    `batch_altered`, `malformed_batch`, `newer_batch`, `other_bank`, `other_ministry`,
    `bad_bank_key`, `secret_bank_key`, `bad_ministry_key`, `no_ministry_key`, `out_exists`,
    `not_an_opened_batch`.
    Of print orders: `agency_exists`, `bad_agency`, `unknown_agency`, `no_banks`, `unknown_bank`,
    `bank_key_known`, `no_printing_key`, `photo_missing`, `unknown_order`, `order_closed`, `not_in_order`.
    Of a printing report: `report_refused`, `bad_report_header`, `report_unfinished`,
    `malformed_report`, `newer_report`.
    Of drawing cards: `no_shaping`, `no_card_fonts`, `unusable_photo`.

    `values` are what the sentence in another language than English needs (`cli_refusals`):
    texts and numbers, members of the life cycle and of the duties, texts in both languages.
    """

    def __init__(self, code: str, message: str = "", **values: object) -> None:
        super().__init__(code, message)
        self.values = values
