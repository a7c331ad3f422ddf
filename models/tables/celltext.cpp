#include "models/tables/celltext.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <array>

#include "models/domain/textfold.h"
#include "models/domain/timings.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Word {
    const char* word;
    const char* text;
};

constexpr std::array kStatusWords{
    Word{"queued", QT_TRANSLATE_NOOP("CallWord", "Queued")},
    Word{"dialing", QT_TRANSLATE_NOOP("CallWord", "Dialling")},
    Word{"ringing", QT_TRANSLATE_NOOP("CallWord", "Ringing")},
    Word{"in_progress", QT_TRANSLATE_NOOP("CallWord", "In progress")},
    Word{"completed", QT_TRANSLATE_NOOP("CallWord", "Completed")},
    Word{"no_answer", QT_TRANSLATE_NOOP("CallWord", "No answer")},
    Word{"busy", QT_TRANSLATE_NOOP("CallWord", "Busy")},
    Word{"failed", QT_TRANSLATE_NOOP("CallWord", "Failed")},
    Word{"cancelled", QT_TRANSLATE_NOOP("CallWord", "Cancelled")},
    Word{"unknown", QT_TRANSLATE_NOOP("CallWord", "Unknown")},
};
constexpr std::array kDirectionWords{
    Word{"inbound", QT_TRANSLATE_NOOP("CallWord", "Inbound")},
    Word{"outbound", QT_TRANSLATE_NOOP("CallWord", "Outbound")},
    Word{"web", QT_TRANSLATE_NOOP("CallWord", "Web")},
    Word{"unknown", QT_TRANSLATE_NOOP("CallWord", "Unknown")},
};
constexpr std::array kEndReasonWords{
    Word{"customer", QT_TRANSLATE_NOOP("CallWord", "Customer")},
    Word{"agent", QT_TRANSLATE_NOOP("CallWord", "Agent")},
    Word{"transferred", QT_TRANSLATE_NOOP("CallWord", "Transferred")},
    Word{"timeout", QT_TRANSLATE_NOOP("CallWord", "Timeout")},
    Word{"error", QT_TRANSLATE_NOOP("CallWord", "Error")},
    Word{"not_answered", QT_TRANSLATE_NOOP("CallWord", "Not answered")},
    Word{"unknown", QT_TRANSLATE_NOOP("CallWord", "Unknown")},
};
constexpr std::array kSentimentWords{
    Word{"positive", QT_TRANSLATE_NOOP("CallWord", "Positive")},
    Word{"neutral", QT_TRANSLATE_NOOP("CallWord", "Neutral")},
    Word{"negative", QT_TRANSLATE_NOOP("CallWord", "Negative")},
};
constexpr std::array kAnsweredByWords{
    Word{"human", QT_TRANSLATE_NOOP("CallWord", "Human")},
    Word{"machine", QT_TRANSLATE_NOOP("CallWord", "Machine")},
};

QString tr(const char* text) {
    return QCoreApplication::translate("CellText", text);
}

template <size_t N>
QString translated(const std::array<Word, N>& words, const QString& word) {
    for (const Word& w : words) {
        if (word.compare(QLatin1StringView(w.word), Qt::CaseInsensitive) == 0) {
            return QCoreApplication::translate("CallWord", w.text);
        }
    }
    return word;
}

/// The locale's short date and time with seconds added; computed once, since cells ask for it while scrolling.
const QString& timeFormat() {
    static const QString format = [] {
        QString text = QLocale().dateTimeFormat(QLocale::ShortFormat);
        if (!text.contains(u"ss"_s)) {
            text.replace(u"mm"_s, u"mm:ss"_s);
        }
        text.remove(u" t"_s);  // a zone on each row would only be noise: all are the system's
        return text;
    }();
    return format;
}

bool isNull(const FieldValue& value) {
    return std::holds_alternative<std::monostate>(value) ||
           (std::holds_alternative<QStringList>(value) && std::get<QStringList>(value).isEmpty());
}

/// Which field stands in where the column's own is null.
std::optional<Field> fallbackField(CallColumn column) {
    if (column == CallColumn::Start) {
        return Field::CreatedTime;
    }
    if (column == CallColumn::Campaign) {
        return Field::CampaignId;
    }
    if (column == CallColumn::Lead) {
        return Field::LeadId;
    }
    if (column == CallColumn::Agent) {
        return Field::AgentId;
    }
    return std::nullopt;
}

/// Where the common word says "unknown" the provider's own word tells more.
std::optional<Field> verbatimField(Field field) {
    if (field == Field::Status) {
        return Field::StatusRaw;
    }
    if (field == Field::Direction) {
        return Field::TypeRaw;
    }
    if (field == Field::EndReason) {
        return Field::EndReasonRaw;
    }
    return std::nullopt;
}

QString recordingText(const FieldValue& value) {
    const bool* known = std::get_if<bool>(&value);
    if (known == nullptr) {
        return tr(QT_TRANSLATE_NOOP("CellText", "Unknown"));
    }
    return *known ? tr(QT_TRANSLATE_NOOP("CellText", "Yes")) : tr(QT_TRANSLATE_NOOP("CellText", "No"));
}

bool isWord(Field field) {
    return field == Field::Status || field == Field::Direction || field == Field::EndReason ||
           field == Field::Sentiment || field == Field::AnsweredBy;
}

QString valueText(Field field, const FieldValue& value) {
    if (const auto* text = std::get_if<QString>(&value)) {
        return shownText(isWord(field) ? wordText(field, *text) : *text);
    }
    if (const auto* number = std::get_if<double>(&value)) {
        return info(field).kind == FieldKind::Duration ? durationText(*number) : QLocale().toString(*number, 'g', 12);
    }
    if (const auto* moment = std::get_if<Moment>(&value)) {
        return cellTime(*moment);
    }
    if (const auto* flag = std::get_if<bool>(&value)) {
        return *flag ? tr("Yes") : tr("No");
    }
    if (const auto* list = std::get_if<QStringList>(&value)) {
        return shownText(list->join(u", "_s));
    }
    return {};
}

/// Both the column's field and its stand-in must be missing from the API before we say "not offered".
bool isOffered(Provider provider, CallColumn column) {
    if (column == CallColumn::Edited || column == CallColumn::Account) {
        return true;  // ours
    }
    const std::optional<Field> fallback = fallbackField(column);
    return offers(provider, info(column).field) || (fallback && offers(provider, *fallback));
}

}  // namespace

QString noValueSign() {
    return u"\u2014"_s;
}
QString notOfferedSign() {
    return u"\u00b7"_s;
}

QString cellTime(Moment moment) {
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(toMs(moment)), timeFormat());
}

QString wordText(Field field, const QString& word) {
    if (field == Field::Status) {
        return translated(kStatusWords, word);
    }
    if (field == Field::Direction) {
        return translated(kDirectionWords, word);
    }
    if (field == Field::EndReason) {
        return translated(kEndReasonWords, word);
    }
    if (field == Field::Sentiment) {
        return translated(kSentimentWords, word);
    }
    return field == Field::AnsweredBy ? translated(kAnsweredByWords, word) : word;
}

QString editMarkText(EditState state) {
    switch (state) {
        case EditState::Kept:
            return tr(QT_TRANSLATE_NOOP("CellText", "Edited"));
        case EditState::Waiting:
            return tr(QT_TRANSLATE_NOOP("CellText", "Waiting"));
        case EditState::Sending:
            return tr(QT_TRANSLATE_NOOP("CellText", "Sending"));
        case EditState::Sent:
            return tr(QT_TRANSLATE_NOOP("CellText", "Sent"));
        case EditState::Refused:
            return tr(QT_TRANSLATE_NOOP("CellText", "Refused"));
        case EditState::Conflict:
            return tr(QT_TRANSLATE_NOOP("CellText", "Conflict"));
    }
    return {};
}

QVariant rawValue(const FieldValue& value) {
    struct Visitor {
        QVariant operator()(std::monostate) const { return {}; }
        QVariant operator()(const QString& text) const { return text; }
        QVariant operator()(double number) const { return number; }
        QVariant operator()(bool flag) const { return flag; }
        QVariant operator()(Moment moment) const { return QDateTime::fromMSecsSinceEpoch(toMs(moment), Qt::UTC); }
        QVariant operator()(const QStringList& list) const { return list; }
    };
    return std::visit(Visitor{}, value);
}

FieldValue cellValue(const CallIndex& index, RowNumber row, CallColumn column) {
    const Field field = info(column).field;
    FieldValue value = index.value(row, field);
    if (isNull(value)) {
        if (const std::optional<Field> fallback = fallbackField(column)) {
            value = index.value(row, *fallback);
        }
    } else if (const auto* text = std::get_if<QString>(&value); text != nullptr && *text == "unknown"_L1) {
        if (const std::optional<Field> verbatim = verbatimField(field)) {
            FieldValue own = index.value(row, *verbatim);
            if (!isNull(own)) {
                return own;
            }
        }
    }
    return value;
}

QString cellText(const CallIndex& index, RowNumber row, CallColumn column) {
    if (column == CallColumn::Edited) {
        const std::optional<EditState> state = editState(index.review(row));
        return state ? editMarkText(*state) : QString();
    }
    const FieldValue value = cellValue(index, row, column);
    if (isNull(value)) {
        if (!isOffered(index.provider(row), column)) {
            return notOfferedSign();
        }
        return column == CallColumn::Recording ? recordingText(value) : noValueSign();
    }
    return column == CallColumn::Recording ? recordingText(value) : valueText(info(column).field, value);
}

QString absenceText(const CallIndex& index, RowNumber row, CallColumn column) {
    if (column == CallColumn::Edited || index.hasText(row, info(column).field) ||
        !isNull(cellValue(index, row, column))) {
        return {};
    }
    const Provider provider = index.provider(row);
    if (!isOffered(provider, column)) {
        return tr(QT_TRANSLATE_NOOP("CellText", "not offered by %1")).arg(providerName(provider));
    }
    return tr(QT_TRANSLATE_NOOP("CellText", "no value"));
}

QString rowSentence(const CallIndex& index, RowNumber row) {
    QStringList parts;
    for (const CallColumn column :
         {CallColumn::Start, CallColumn::Campaign, CallColumn::Lead, CallColumn::Agent, CallColumn::Direction,
          CallColumn::Status, CallColumn::Disposition, CallColumn::Talk, CallColumn::Sentiment}) {
        if (absenceText(index, row, column).isEmpty()) {
            parts << columnTitle(column) + u' ' + isolated(cellText(index, row, column));
        }
    }
    const FieldValue recording = cellValue(index, row, CallColumn::Recording);
    if (const bool* known = std::get_if<bool>(&recording)) {
        parts << (*known ? tr(QT_TRANSLATE_NOOP("CellText", "with recording"))
                         : tr(QT_TRANSLATE_NOOP("CellText", "no recording")));
    }
    if (const std::optional<EditState> state = editState(index.review(row))) {
        parts << (*state == EditState::Kept
                      ? tr(QT_TRANSLATE_NOOP("CellText", "edited here"))
                      : tr(QT_TRANSLATE_NOOP("CellText", "edited here, %1")).arg(editMarkText(*state)));
    }
    if (index.isNotFound(row)) {
        parts << tr(QT_TRANSLATE_NOOP("CellText", "not found at %1")).arg(providerName(index.provider(row)));
    }
    return parts.join(u", "_s) + u'.';
}

QString escapedToolTip(const QString& data) {
    if (data.isEmpty()) {
        return {};
    }
    // The tag makes Qt parse it as rich text for sure, in which everything of the data is escaped.
    return u"<qt>"_s + shownText(data, 2000).toHtmlEscaped() + u"</qt>"_s;
}

}  // namespace earmark
