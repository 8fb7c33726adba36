"""What the ministry's commands on printing say: phrases, help and refusals, in Khmer and English."""

from __future__ import annotations

from credential.codes import Name

PHRASES = {
    "drawing": Name("កំពុងគូរកាត", "drawing cards"),
    "order_waits": Name(
        "ការបញ្ជាបោះពុម្ពមួយទៀតកំពុងដំណើរការ។ កំពុងរង់ចាំ…", "another print order is being made here; waiting for it"
    ),
    "ordered": Name(
        "ការបញ្ជា {order} ទៅ {bank}៖ កាត {count} ក្នុង {path}",
        "order {order} for {bank}: {count} cards, in {path}",
    ),
    "order_next": Name(
        "បន្ទាប់៖ ផ្ញើឯកសារនីមួយៗទៅធនាគាររបស់វា។ ពេលរបាយការណ៍មកដល់៖ printed FILE។ "
        "បើឯកសារបាត់៖ print-order --again ORDER។",
        "Next: send each file to its bank. When its report comes: printed FILE. "
        "If a file is lost: print-order --again ORDER.",
    ),
    "nothing_to_print": Name(
        "គ្មានកាតអនុម័តណារង់ចាំបោះពុម្ពទេ។ សូមមើល៖ print-orders",
        "no approved card waits to be printed; see print-orders",
    ),
    "without_photo": Name(
        "ការបញ្ជា {order}៖ កាត {count} គ្មានរូបថតទេ ហើយនឹងមានរូបស្រមោលជំនួស៖ {cards}។ "
        "បើមិនចង់បាន៖ print-return {order} --card N រួច revoke។",
        "order {order}: {count} cards have no photograph and get an outline in its place: {cards}. "
        "If that is not wanted: print-return {order} --card N, then revoke.",
    ),
    "card_left_out": Name("កាត {number} មិនបានបញ្ជាទេ៖ {words}", "card {number} was not ordered: {words}"),
    "proofs_drawn": Name("បានគូរកាត {count} ក្នុង {path}", "{count} cards drawn, in {path}"),
    "order_number": Name("ការបញ្ជា", "order"),
    "order_bank": Name("ធនាគារ", "bank"),
    "order_cards": Name("កាត", "cards"),
    "order_printed": Name("បានបោះពុម្ព", "printed"),
    "order_in_batch": Name("រង់ចាំ", "waiting"),
    "order_returned": Name("ដកវិញ", "returned"),
    "order_ended": Name("បានបញ្ចប់", "ended"),
    "order_open": Name("បើកតាំងពី {since}", "open since {since}"),
    "report_taken": Name(
        "របាយការណ៍របស់ {bank} អំពីការបញ្ជា {order}៖ "
        "បានបោះពុម្ព {vouched} ក្នុង {cards} (ថ្មី {printed}) ចំណុចខុសគ្នា {differences}",
        "report of {bank} on order {order}: {vouched} of {cards} printed ({printed} of them new), "
        "{differences} differences",
    ),
    "cards_returned": Name(
        "បានដក {cards} ពីការបញ្ជា {order} វិញ។ អាចបញ្ជាម្ដងទៀត។ សូមប្រាប់ធនាគារកុំឱ្យបោះពុម្ព។",
        "taken back from order {order}: {cards}. What was taken back may be ordered again. "
        "Tell the bank not to print it.",
    ),
    "none_returned": Name(
        "គ្មានកាតណាក្នុងការបញ្ជា {order} រង់ចាំបោះពុម្ពទេ៖ គ្មានអ្វីបានដកវិញទេ។",
        "no card of order {order} waits to be printed: nothing was taken back",
    ),
    "bank_added": Name("បានចុះបញ្ជីធនាគារ {bank}", "{bank} is registered"),
    "bank_next": Name(
        "បន្ទាប់៖ bank ministry --out DIR ហើយផ្ញើ ministry.jwk ទៅធនាគារ។ "
        "អានស្នាមម្រាមដៃនៃកូនសោទាំងអស់តាមទូរស័ព្ទ មុនការបញ្ជាដំបូង (bank list)។",
        "Next: bank ministry --out DIR, and send ministry.jwk to the bank. Compare all fingerprints by "
        "voice before the first order (bank list).",
    ),
    "bank_compare": Name(
        "អានស្នាមម្រាមដៃទាំងនេះជាមួយធនាគារតាមទូរស័ព្ទ មុនការបញ្ជាដំបូង។ បើមិនដូចគ្នា កុំបញ្ជា។",
        "Read these fingerprints to the bank on the telephone before the first order. "
        "If they differ, order nothing.",
    ),
    "ministry_written": Name(
        "បានសរសេរ {path}៖ ផ្ញើវាទៅធនាគារ ហើយប្រៀបធៀបស្នាមម្រាមដៃតាមទូរស័ព្ទ៖ {fingerprint}",
        "written: {path}. Send it to the bank, and compare the fingerprint by voice: {fingerprint}",
    ),
    "printing_key_made": Name(
        "មុនការបញ្ជាបន្ទាប់ សូមផ្ញើ ministry.jwk ថ្មីទៅធនាគារនីមួយៗ (bank ministry --out DIR)។",
        "Before the next order, send every bank the new ministry.jwk (bank ministry --out DIR).",
    ),
    "stolen_next_printing": Name(
        "ចោរអាចធ្វើបាច់ក្នុងនាមក្រសួង តែមិនអាចធ្វើកាតពិតបានទេ។ សូមទូរស័ព្ទទៅធនាគារនីមួយៗ៖ កុំបើកបាច់ណាទៀត។ "
        "បន្ទាប់៖ keys renew printing, bank ministry --out DIR, ផ្ញើ ministry.jwk, print-order --again ORDER។",
        "A thief can make batches in the ministry's name, but no genuine card. Telephone every bank: no "
        "batch is to be opened. Next: keys renew printing, bank ministry --out DIR, send ministry.jwk, and "
        "print-order --again ORDER for what is open.",
    ),
    "print_order_needs": Name(
        "--bank និង --share មិនអាចប្រើជាមួយគ្នាទេ។ --again មិនទទួល --agency, --bank, --share ឬ --limit ទេ។",
        "--bank and --share do not go together; --again takes no --agency, --bank, --share or --limit",
    ),
    "print_return_needs": Name(
        "print-return ត្រូវការ --card N ឬ --rest", "print-return needs --card N, or --rest"
    ),
}

HELP = {
    "codes of agencies, for batches": "លេខកូដអង្គភាព សម្រាប់បាច់បោះពុម្ព",
    "agencies and their codes": "អង្គភាព និងលេខកូដ",
    "give an agency a code, before it comes up in an import": "ឱ្យលេខកូដអង្គភាព មុនពេលវាមានក្នុង import",
    "letters, digits and . _ -; never given to another": "អក្សរ លេខ និង . _ - មិនឱ្យអង្គភាពផ្សេង",
    "as applications write it": "ដូចដែលពាក្យសុំសរសេរ",
    "banks that print cards": "ធនាគារដែលបោះពុម្ពកាត",
    "the banks, and the fingerprints of their keys": "ធនាគារ និងស្នាមម្រាមដៃកូនសោ",
    "register a bank, or its new keys": "ចុះបញ្ជីធនាគារ ឬកូនសោថ្មីរបស់វា",
    "the bank's name": "ឈ្មោះធនាគារ",
    "bank.jwks, as the bank sent it": "bank.jwks ដូចដែលធនាគារបានផ្ញើ",
    "write ministry.jwk for the bank here": "សរសេរ ministry.jwk សម្រាប់ធនាគារ នៅទីនេះ",
    "the ministry's public printing key, for banks": "កូនសោបោះពុម្ពសាធារណៈរបស់ក្រសួង សម្រាប់ធនាគារ",
    "give approved cards to banks, one sealed file each": "ឱ្យកាតដែលបានអនុម័តទៅធនាគារ ឯកសារបិទត្រាមួយម្នាក់",
    "only this agency's cards; may be repeated": "តែកាតរបស់អង្គភាពនេះ អាចដាក់ច្រើនដង",
    "all of them to this bank (default: agencies over all banks)": "ទាំងអស់ទៅធនាគារនេះ "
    "(លំនាំដើម៖ ចែកអង្គភាពឱ្យគ្រប់ធនាគារ)",
    "a bank's part; all make 100": "ភាគរយរបស់ធនាគារ សរុប ១០០",
    "at most so many cards, the first approved first": "ចំនួនកាតច្រើនបំផុត អនុម័តមុន បោះពុម្ពមុន",
    "seal what still waits of an order once more, instead": "បិទត្រាម្ដងទៀត នូវអ្វីដែលនៅរង់ចាំក្នុងការបញ្ជាមួយ",
    "a new folder: draw every card for eyes, and a sheet": "ថតថ្មី៖ គូរកាតទាំងអស់សម្រាប់មើល និងសន្លឹកពិនិត្យ",
    "where the batches go, ORDER.mbatch each": "កន្លែងដាក់បាច់ ORDER.mbatch",
    "draw the cards of an order for eyes, and a sheet": "គូរកាតនៃការបញ្ជាសម្រាប់មើល និងសន្លឹកពិនិត្យ",
    "as print-orders names it": "លេខ តាម print-orders",
    "every order, and how far its bank is": "ការបញ្ជាទាំងអស់ និងវឌ្ឍនភាពធនាគារ",
    "take a bank's report: what is printed, what differs": "ទទួលរបាយការណ៍ធនាគារ៖ អ្វីបានបោះពុម្ព អ្វីខុសគ្នា",
    "the report, as the bank sent it": "របាយការណ៍ ដូចដែលធនាគារបានផ្ញើ",
    "take cards back from a bank: they may be ordered again": "ដកកាតពីធនាគារវិញ៖ អាចបញ្ជាម្ដងទៀត",
    "this card; may be repeated": "កាតនេះ អាចដាក់ច្រើនដង",
    "all that still wait to be printed": "ទាំងអស់ដែលនៅរង់ចាំបោះពុម្ព",
}

REFUSALS_KM = {
    "agency_exists": "អង្គភាពនេះមានលេខកូដ {agency} ហើយ។ លេខកូដមិនប្ដូរទេ។",
    "bad_agency": "លេខកូដមានយ៉ាងច្រើន ៣២ តួ៖ អក្សរ លេខ និង . _ - ហើយត្រូវមានឈ្មោះអង្គភាព។",
    "bank_key_known": "ធនាគារមួយមាន ឬធ្លាប់មានកូនសោនេះ។ ធនាគារនីមួយៗត្រូវបង្កើតកូនសោថ្មី (bank-key new)។",
    "no_banks": "គ្មានធនាគារក្នុងបញ្ជីទេ។ សូមប្រើ bank add ជាមុន។",
    "no_printing_key": "គ្មានកូនសោបោះពុម្ពទេ។ សូមប្រើ keys renew printing។",
    "not_in_order": "កាតមួយមិនរង់ចាំក្នុងការបញ្ជានេះទេ៖ វាបានបោះពុម្ព ដកវិញ បញ្ចប់ ឬជារបស់ការបញ្ជាផ្សេង។",
    "order_closed": "គ្មានកាតណាក្នុងការបញ្ជានេះ នៅរង់ចាំបោះពុម្ពទេ។ សូមមើល៖ print-orders",
    "photo_missing": "រូបថតរបស់កាតមួយបាត់ពីថត photos។ គ្មានអ្វីបានធ្វើទេ។ សូមស្ដារវាពីច្បាប់ចម្លង។",
    "report_refused": "របាយការណ៍នេះមិនត្រូវបានរាប់ទេ។ សូមអានមូលហេតុ។",
    "unknown_agency": "គ្មានអង្គភាពលេខកូដនេះទេ។ សូមមើល៖ agency list",
    "unknown_bank": "គ្មានធនាគារឈ្មោះនេះទេ។ សូមមើល៖ bank list, bank add",
    "unknown_order": "គ្មានលេខ {number} ទេ៖ requests បង្ហាញសំណើដែលរង់ចាំ, print-orders បង្ហាញបញ្ជាបោះពុម្ព។",
}
