"""What backup, restore and erase say: phrases, help and refusals, in Khmer and English."""

from __future__ import annotations

from credential.codes import Name

PHRASES = {
    "upgraded": Name(
        "បញ្ជីត្រូវបានធ្វើឱ្យទាន់សម័យ។ ច្បាប់ចម្លងមុននោះ៖ {path}។ លុបវា ពេលអ្វីៗដំណើរការល្អ (erase --yes ក៏លុបវាដែរ)។",
        "The register was brought up to date. A copy of it as it was: {path}. Delete it when "
        "all is well "
        "(erase --yes does, too).",
    ),
    "ask_backup_new": Name(
        "ឃ្លាសម្ងាត់របស់ច្បាប់ចម្លងនេះ (យ៉ាងតិច ៨ តួ)៖ ", "Passphrase for this backup (at least 8 characters): "
    ),
    "backing_up": Name("កំពុងចម្លងទុក", "backing up"),
    "restoring": Name("កំពុងស្ដារ", "restoring"),
    "erasing": Name("កំពុងលុប", "erasing"),
    "backed_up": Name(
        "បានចម្លងទុក៖ {path} ({size} បៃ)។ ជួរ {rows} រូបថត និងកំណត់ត្រា {photos} តំណសវនកម្ម {links}",
        "Backed up: {path} ({size} bytes); {rows} rows, {photos} photos and notes of them, {links} "
        "links of the audit chain",
    ),
    "backup_sealed": Name(
        "បើកបានតែដោយឃ្លាសម្ងាត់។ រក្សាឃ្លាសម្ងាត់ឱ្យឆ្ងាយពីច្បាប់ចម្លង។",
        "Only the passphrase opens it: keep the two apart, and neither with this machine.",
    ),
    "backup_open": Name(
        "ប្រយ័ត្ន៖ ឯកសារនេះមិនបានអ៊ិនគ្រីបទេ ហើយមានទិន្នន័យផ្ទាល់ខ្លួនទាំងអស់។",
        "Take care: this file is not encrypted, and holds everybody's personal data.",
    ),
    "backup_problems": Name(
        "បញ្ជីមិនត្រូវនឹងខ្សែសវនកម្ម {problems} កន្លែង (audit)។ កុំលុបច្បាប់ចម្លងមុន។",
        "{problems} things in the register do not fit its audit chain (see audit): keep the "
        "backups before this one.",
    ),
    "custodians_left_out": Name(
        "កូនសោអ្នកថែរក្សាក្នុង offline/ មិនមានក្នុងច្បាប់ចម្លងទេ។ សូមប្រគល់ឱ្យពួកគេ។",
        "The custodians' keys in offline/ are not in it: hand them over.",
    ),
    "restored": Name(
        "បានស្ដារពីច្បាប់ចម្លង {at}៖ ជួរ {rows} តំណសវនកម្ម {links}",
        "Restored as of {at}: {rows} rows, {links} links of the audit chain",
    ),
    "links_lost": Name(
        "បាត់ {count} តំណសវនកម្ម (លេខ {first} ដល់ {last}) យ៉ាងតិច៖ អ្វីដែលបានធ្វើក្រោយច្បាប់ចម្លង ត្រូវធ្វើម្ដងទៀត។",
        "At least {count} links of the audit chain are lost ({first} to {last}): what was "
        "done after the backup "
        "is to be done again.",
    ),
    "carried_ended": Name(
        "បានផ្សាយថាលែងមានសុពលភាព ដូច្នេះបានដកហូតនៅទីនេះដែរ៖ {cards}",
        "Published as ended, so revoked here as well: {cards}",
    ),
    "carried_suspended": Name(
        "បានផ្សាយថាផ្អាក ដូច្នេះបានផ្អាកនៅទីនេះដែរ៖ {cards}",
        "Published as suspended, so suspended here as well: {cards}",
    ),
    "carried_phones": Name(
        "ទូរស័ព្ទដែលបានផ្សាយថាលែងមានសុពលភាព៖ {cards}",
        "Cards whose phone was published as ended, so it is here as well: {cards}",
    ),
    "carried_unknown": Name(
        "លេខស្ថានភាព {count} ជារបស់កាត ឬទូរស័ព្ទដែលបាត់ពីបញ្ជី៖ លែងមានសុពលភាពជារៀងរហូត",
        "{count} status indices are of cards or phones that the register has lost: they stay "
        "invalid for good",
    ),
    "not_published_since": Name(
        "អ្វីដែលបានដកហូត ឬផ្អាក ក្រោយការផ្សាយចុងក្រោយ មិនមាននៅទីនេះទេ។ សូមធ្វើវាម្ដងទៀត មុន publish។",
        "What was revoked or suspended after the last publication is not here: do it again "
        "before you publish.",
    ),
    "lists_closed": Name(
        "លេខស្ថានភាពដែលបានឱ្យក្រោយច្បាប់ចម្លង មិនត្រូវឱ្យម្ដងទៀតទេ ដូច្នេះបញ្ជីទាំងនោះបិទហើយ។ "
        "មុនពេលធ្វើកាត ឬបម្រើទូរស័ព្ទ៖ "
        "keys renew seal live sd-jwt រួចឱ្យអ្នកថែរក្សាហត្ថលេខា។ suspend, revoke និង publish "
        "ដំណើរការភ្លាម។",
        "Indices given out after the backup must not be given again, so the lists there are "
        "closed. Before cards "
        "are made or phones served: keys renew seal live sd-jwt, and custodians sign "
        "(trust-list export, sign, "
        "import). Suspending, revoking and publishing work at once.",
    ),
    "erase_due": Name(
        "មនុស្ស {people} នាក់៖ កាតបានបញ្ចប់លើស {years} ឆ្នាំ ({ended}) ឬពាក្យសុំមិនអនុម័តលើស {days} ថ្ងៃ ({rejected})",
        "{people} people: all cards ended more than {years} years ago ({ended}), or rejected "
        "more than {days} days "
        "ago ({rejected})",
    ),
    "erase_files": Name(
        "រូបថត {photos}, កំណត់ត្រាអំពីរូបដែលបានផ្ញើ {notes}, ច្បាប់ចម្លងមុនធ្វើឱ្យទាន់សម័យ {copies}",
        "photos: {photos}; notes of photos that were sent: {notes}; copies of the register from before an "
        "upgrade: {copies}",
    ),
    "nobody_due": Name("គ្មាននរណាដល់ពេលលុបទេ។", "Nobody's data are due."),
    "erase_row": Name("ជួរ {person}៖ បញ្ចប់ {at}", "person {person}: ended {at}"),
    "erase_preview": Name(
        "មិនទាន់លុបអ្វីទេ។ ដើម្បីលុបជារៀងរហូត៖ erase --yes",
        "Nothing was erased yet. To erase all this for good: erase --yes",
    ),
    "erased": Name(
        "បានលុបជារៀងរហូត។ ច្បាប់ចម្លងទុកចាស់ៗ នៅមានវា៖ លុបតាមកាលកំណត់។",
        "Erased for good. Older backups still hold it: destroy them when their time is over.",
    ),
    "examined_erased": Name("បានលុបទិន្នន័យមនុស្ស {count} នាក់", "{count} people were erased"),
    "examined_restored": Name(
        "ស្ដារនៅ {at} ពីច្បាប់ចម្លងដែលមាន {kept} តំណ (បាត់ {lost})",
        "restored at {at} from a backup of {kept} links ({lost} known to be lost)",
    ),
}

HELP = {
    "one file with the register and the home, while the desk works": ("ឯកសារមួយ មានបញ្ជី និងថត ទោះកំពុងធ្វើការក៏ដោយ"),
    "the file, outside of the home": "ឯកសារ នៅក្រៅថត",
    "seal it with a passphrase of its own, not the home's": "ការពារដោយឃ្លាសម្ងាត់ផ្សេង មិនមែនរបស់ថត",
    "leave it unencrypted: everybody's personal data can be read in it": (
        "មិនអ៊ិនគ្រីប៖ អ្នកណាក៏អាចអានទិន្នន័យផ្ទាល់ខ្លួនបាន"
    ),
    "make a new home and register out of a backup": "បង្កើតថត និងបញ្ជីថ្មី ពីច្បាប់ចម្លង",
    "the backup": "ច្បាប់ចម្លង",
    "the newest stick, or a gate's home: what was published after the backup": (
        "USB ថ្មីបំផុត ឬថតរបស់ច្រក៖ អ្វីដែលបានផ្សាយក្រោយច្បាប់ចម្លង"
    ),
    "the register did nothing after this backup, and will never be used again": (
        "បញ្ជីមិនបានធ្វើអ្វីក្រោយច្បាប់ចម្លងនេះ ហើយនឹងមិនប្រើទៀតទេ"
    ),
    "whose personal data may go; with --yes it goes, for good": ("ទិន្នន័យរបស់អ្នកណាអាចលុប។ --yes លុបជារៀងរហូត"),
    "erase it now": "លុបឥឡូវ",
}

REFUSALS_KM = {
    "backup_altered": "ច្បាប់ចម្លងត្រូវបានកែ ឬខូច។ គ្មានអ្វីបានស្ដារទេ។ សូមយកច្បាប់ចម្លងផ្សេង។",
    "backup_behind": "បញ្ជីបានធ្វើអ្វីៗ ហើយបានផ្សាយ ក្រោយច្បាប់ចម្លងនេះ។ សូមស្ដារដោយគ្មាន --nothing-since។",
    "backup_exists": "មានឯកសារឈ្មោះ {path} រួចហើយ។ គ្មានអ្វីបានសរសេរពីលើទេ។ សូមជ្រើសឈ្មោះផ្សេង ឬលុបវាជាមុន។",
    "backup_cut": "ច្បាប់ចម្លងមិនគ្រប់។ គ្មានអ្វីបានស្ដារទេ។ សូមយកច្បាប់ចម្លងផ្សេង។",
    "bad_retention": "retention.json មិនត្រឹមត្រូវ។ គ្មានអ្វីបានលុបទេ។",
    "malformed_backup": "ច្បាប់ចម្លងមានអ្វីដែលមិនគួរមាន។ គ្មានអ្វីបានស្ដារទេ។",
    "newer_backup": "ច្បាប់ចម្លងនេះធ្វើដោយកម្មវិធីជំនាន់ក្រោយ។ សូមធ្វើបច្ចុប្បន្នភាពកម្មវិធី។",
    "not_a_backup": "ឯកសារនេះមិនមែនជាច្បាប់ចម្លងរបស់កម្មវិធីនេះទេ។",
    "published_differs": "ការផ្សាយនោះមិនមែនរបស់បញ្ជីនេះទេ។ គ្មានអ្វីបានស្ដារទេ។",
    "published_needed": "បញ្ជីអាចបានផ្សាយក្រោយច្បាប់ចម្លងនេះ។ សូមដាក់ USB ថ្មីបំផុត "
    "ឬថតរបស់ច្រក (--published) ឬ --nothing-since។",
}
