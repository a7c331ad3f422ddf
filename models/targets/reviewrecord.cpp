#include "models/targets/reviewrecord.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

QByteArray jsonValue(const std::optional<QString>& text) {
    return text ? jsonString(*text) : "null"_ba;
}

QByteArray changesJson(const std::vector<FieldChange>& changes) {
    QByteArrayList parts;
    for (const FieldChange& change : changes) {
        parts += jsonString(word(change.field)) + ":{\"from\":" + jsonValue(change.from) +
                 ",\"to\":" + jsonValue(change.to) + '}';
    }
    return '{' + parts.join(',') + '}';
}

bool isPlainNumber(const QString& text) {
    return text.size() > 1 && text.startsWith(u'+') &&
           std::all_of(text.begin() + 1, text.end(), [](QChar sign) { return sign >= u'0' && sign <= u'9'; });
}

/// Spreadsheets look for formulas behind blanks too, some of them for the wide signs of East Asia as well.
bool couldBeFormula(const QString& text) {
    static const QString kSigns = u"=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"_s;
    const auto first = std::find_if(text.begin(), text.end(), [](QChar sign) {
        return kSigns.contains(sign) || !(sign.isSpace() || sign.category() == QChar::Other_Format);
    });
    return first != text.end() && kSigns.contains(*first) && !isPlainNumber(text);
}

}  // namespace

QByteArray jsonString(const QString& text) {
    const QByteArray list = QJsonDocument(QJsonArray{text}).toJson(QJsonDocument::Compact);
    QByteArray quoted = list.sliced(1, list.size() - 2);
    quoted.replace("\xe2\x80\xa8", "\\u2028").replace("\xe2\x80\xa9", "\\u2029").replace("\xc2\x85", "\\u0085");
    return quoted;
}

QByteArray csvCell(const QString& text) {
    QByteArray cell = (couldBeFormula(text) ? u'\'' + text : text).toUtf8();
    cell.replace('\0', "\xe2\x90\x80");  // the mark for it: many readers end at the sign itself
    const bool isQuoted = std::any_of(cell.begin(), cell.end(), [](char sign) {
        return sign == '"' || sign == ',' || sign == ';' || sign == '\r' || sign == '\n';
    });
    return isQuoted || cell != cell.trimmed() ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
}

QByteArray reviewJson(const Account& account, const OutgoingReview& review) {
    const Delivery& delivery = review.delivery;
    return "{\"schema\":\"earmark.review/1\",\"delivery\":" + jsonString(delivery.id) +
           ",\"account\":" + jsonString(account.name) + ",\"provider\":" + jsonString(word(review.provider)) +
           ",\"call_id\":" + jsonString(delivery.key.remoteId) + ",\"campaign_id\":" + jsonValue(review.campaignId) +
           ",\"revision\":" + QByteArray::number(delivery.revision) +
           ",\"edited_at\":" + jsonString(toIsoText(delivery.editedAt)) +
           ",\"changes\":" + changesJson(delivery.changes) + '}';
}

QByteArray reviewCsvHeader() {
    return "delivery,account,provider,call_id,campaign_id,revision,edited_at,changed,"
           "disposition_from,disposition_to,notes_from,notes_to\r\n"_ba;
}

QByteArray reviewCsv(const Account& account, const OutgoingReview& review) {
    const Delivery& delivery = review.delivery;
    QStringList names;
    FieldChange disposition;
    FieldChange notes;
    for (const FieldChange& change : delivery.changes) {
        names += word(change.field);
        (change.field == ReviewField::Notes ? notes : disposition) = change;
    }
    const QStringList cells{delivery.id,
                            account.name,
                            word(review.provider),
                            delivery.key.remoteId,
                            review.campaignId.value_or(QString()),
                            QString::number(delivery.revision),
                            toIsoText(delivery.editedAt),
                            names.join(u' '),
                            disposition.from.value_or(QString()),
                            disposition.to.value_or(QString()),
                            notes.from.value_or(QString()),
                            notes.to.value_or(QString())};
    QByteArrayList record;
    for (const QString& cell : cells) {
        record += csvCell(cell);
    }
    return record.join(',') + "\r\n";
}

}  // namespace earmark
