#include "models/tables/callcells.h"

#include "models/domain/textfold.h"
#include "models/tables/celltext.h"
#include "models/tables/textwindow.h"

namespace earmark {

using namespace Qt::StringLiterals;

CallTableModel::TextState CallCells::textState(RowNumber row, CallColumn column) const {
    if (!m_index.hasText(row, info(column).field)) {
        return CallTableModel::TextState::None;
    }
    if (longText(row, column)) {
        return CallTableModel::TextState::Ready;
    }
    const qint64 callRow = m_index.callRow(row);
    return m_texts.isUnavailable(callRow) || m_texts.find(callRow) != nullptr ? CallTableModel::TextState::Unavailable
                                                                              : CallTableModel::TextState::Loading;
}

std::optional<QString> CallCells::longText(RowNumber row, CallColumn column) const {
    if (column == CallColumn::Notes) {
        const Review review = m_index.review(row);
        if (review.notes) {
            return review.notes->value;
        }
    }
    const CallTexts* const found = m_texts.find(m_index.callRow(row));
    if (found == nullptr) {
        return std::nullopt;
    }
    return column == CallColumn::Summary ? found->summary
           : column == CallColumn::Notes ? found->notes
                                         : found->nextAction;
}

QString CallCells::text(RowNumber row, CallColumn column) const {
    if (!info(column).needsTexts) {
        return cellText(m_index, row, column);
    }
    switch (textState(row, column)) {
        case CallTableModel::TextState::None:
            return offers(m_index.provider(row), info(column).field) ? noValueSign() : notOfferedSign();
        case CallTableModel::TextState::Unavailable:
            return CallTableModel::tr("could not be read");
        case CallTableModel::TextState::Loading:
            return u"\u2026"_s;
        case CallTableModel::TextState::Ready:
            return shownText(longText(row, column).value_or(QString()));
    }
    return {};
}

QString CallCells::toolTip(RowNumber row, CallColumn column) const {
    if (m_index.isNotFound(row) && column == CallColumn::Status) {
        return escapedToolTip(
            CallTableModel::tr("Not found at %1 (deleted, or another tenant's). The row and your edits stay here.")
                .arg(providerName(m_index.provider(row))));
    }
    if (const QString absence = absenceText(m_index, row, column); !absence.isEmpty()) {
        return escapedToolTip(absence);
    }
    if (info(column).needsTexts && textState(row, column) == CallTableModel::TextState::Ready) {
        return escapedToolTip(longText(row, column).value_or(QString()));
    }
    if (column == CallColumn::Start) {
        const FieldValue value = cellValue(m_index, row, column);
        const auto* moment = std::get_if<Moment>(&value);
        const bool dialled = std::holds_alternative<Moment>(m_index.value(row, Field::DialTime));
        return moment == nullptr ? QString()
                                 : escapedToolTip((dialled ? CallTableModel::tr("Dialled %1 (%2)")
                                                           : CallTableModel::tr("Created %1 (%2), no dial time"))
                                                      .arg(cellTime(*moment), toIsoText(*moment)));
    }
    return escapedToolTip(text(row, column));
}

QString CallCells::spoken(RowNumber row, CallColumn column) const {
    if (column == CallColumn::Start) {
        return rowSentence(m_index, row);
    }
    const QString absence = absenceText(m_index, row, column);
    return columnTitle(column) + u": "_s + (absence.isEmpty() ? text(row, column) : absence);
}

QVariant CallCells::data(RowNumber row, CallColumn column, int role) const {
    switch (role) {
        case Qt::DisplayRole:
            return text(row, column);
        case Qt::ToolTipRole:
            return toolTip(row, column);
        case Qt::AccessibleTextRole:
            return spoken(row, column);
        case Qt::TextAlignmentRole:
            return int((info(column).numeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
        case CallTableModel::RawValueRole:
            if (info(column).needsTexts) {
                const std::optional<QString> text = longText(row, column);
                return text ? QVariant(*text) : QVariant();
            }
            return rawValue(m_index.value(row, info(column).field));
        case CallTableModel::KeyRole:
            return toText(m_index.key(row));
        case CallTableModel::EditStateRole: {
            const std::optional<EditState> state = editState(m_index.review(row));
            return state ? QVariant(int(*state)) : QVariant();
        }
        case CallTableModel::NotOfferedRole:
            return !offers(m_index.provider(row), info(column).field);
        case CallTableModel::TextStateRole:
            return info(column).needsTexts ? QVariant(int(textState(row, column))) : QVariant();
        case CallTableModel::SentimentRole:
            return rawValue(m_index.value(row, Field::Sentiment)).toString().toLower();
        case CallTableModel::RecordingRole: {
            const FieldValue value = m_index.value(row, Field::HasRecording);
            const bool* known = std::get_if<bool>(&value);
            return known == nullptr ? 2 : *known ? 1 : 0;
        }
        case CallTableModel::DirectionRole:
            return rawValue(m_index.value(row, Field::Direction)).toString();
        case CallTableModel::AbsentRole:
            return !absenceText(m_index, row, column).isEmpty();
        case CallTableModel::NotFoundRole:
            return m_index.isNotFound(row);
        default:
            return {};
    }
}

}  // namespace earmark
