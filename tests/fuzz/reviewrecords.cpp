// Records of review files made of any text: they are found again whole, a torn one is known as torn, no cell is a
// formula. And what a receiver answers: its words stay one plain line.
#include "models/targets/autocallsleads.h"
#include "models/targets/reviewrecord.h"
#include "models/targets/reviewtail.h"
#include "models/targets/targetanswers.h"
#include "tests/fuzz/targets.h"

namespace earmark::fuzz {

namespace {

void recordIsFoundAgain(const QByteArray& input, ExportFormat format) {
    OutgoingReview review;
    review.delivery.id = QStringLiteral("0b5f3a52-6d0e-4f0a-9c3f-3d8a52c1e7aa");
    review.delivery.key = {QStringLiteral("main"), QStringLiteral("1")};
    review.delivery.changes = {{ReviewField::Notes, std::nullopt, QString::fromUtf8(input)}};
    Account account;
    account.name = QStringLiteral("main");
    const bool isCsv = format == ExportFormat::Csv;
    const QByteArray before = isCsv ? reviewCsvHeader() : QByteArray();
    const QByteArray record = isCsv ? reviewCsv(account, review) : reviewJson(account, review) + '\n';
    EARMARK_LAW(!record.contains('\0'), input);
    EARMARK_LAW(isCsv || record.count('\n') == 1, input);
    const ReviewTail twice = readTail(before + record + record, format, true);
    EARMARK_LAW(twice.records.size() == 2 && !twice.tornAt, input);
    EARMARK_LAW(twice.records[1].bytes == record && twice.records[1].delivery == review.delivery.id, input);
    // Torn at some place: what stands before it is whole, the rest is known as torn.
    const qsizetype kept = 1 + qsizetype(qHash(input) % size_t(record.size() - 1));
    const ReviewTail torn = readTail(before + record + record.first(kept), format, true);
    EARMARK_LAW(torn.records.size() == 1, input);
    EARMARK_LAW(torn.tornAt == before.size() + record.size(), input);
}

}  // namespace

void reviewRecords(const QByteArray& input) {
    if (input.size() > 20'000) {
        return;
    }
    recordIsFoundAgain(input, ExportFormat::Csv);
    recordIsFoundAgain(input, ExportFormat::JsonLines);
    const QByteArray cell = csvCell(QString::fromUtf8(input));
    const QByteArray inner = cell.startsWith('"') ? cell.sliced(1) : cell;
    EARMARK_LAW(inner.isEmpty() || !QByteArrayView("=-@\t\r\n").contains(inner[0]), input);
    const QString words = target::wordsOf(input, QByteArrayLiteral("a secret"));
    EARMARK_LAW(words.size() <= 260 && !words.contains(u'\n') && !words.contains(QStringLiteral("a secret")), input);
    if (const auto leads = autocallsleads::leadsIn(input)) {
        for (const autocallsleads::Lead& lead : leads->rows) {
            EARMARK_LAW(!lead.id.isEmpty(), input);
        }
    }
    (void)autocallsleads::campaignsIn(input);
    (void)readTail(input, ExportFormat::Csv, true);
    (void)readTail(input, ExportFormat::JsonLines, false);
    (void)lastManifestEntry(input);
}

}  // namespace earmark::fuzz
