#include "models/tables/textlinesmodel.h"

#include <algorithm>

#include "models/domain/textfold.h"

namespace earmark {

namespace {

constexpr qsizetype kPiece = 1'000;     ///< a longer line is cut, so that no row takes long to lay out
constexpr qsizetype kBlankSearch = 60;  ///< how far back a nicer place for a cut is looked for

qsizetype pieceEnd(QStringView text, qsizetype from, qsizetype lineEnd) {
    if (lineEnd - from <= kPiece) {
        return lineEnd;
    }
    const qsizetype end = from + kPiece;
    for (qsizetype at = end; at > end - kBlankSearch; --at) {
        if (text[at - 1].isSpace()) {
            return at;
        }
    }
    return text[end - 1].isHighSurrogate() ? end - 1 : end;
}

QString rowOf(const CutText& text, int row) {
    const qsizetype from = text.begins[size_t(row)];
    QStringView line = QStringView(text.text).sliced(from, text.begins[size_t(row) + 1] - from);
    if (line.endsWith(u'\n')) {
        line.chop(1);
    }
    return shownParagraphs(line);
}

}  // namespace

std::shared_ptr<const CutText> cutIntoRows(QString text) {
    auto cut = std::make_shared<CutText>();
    cut->text = std::move(text);
    const QStringView all(cut->text);
    for (qsizetype at = 0; at < all.size();) {
        const qsizetype newLine = all.indexOf(u'\n', at);
        const qsizetype lineEnd = newLine < 0 ? all.size() : newLine + 1;
        while (at < lineEnd) {
            cut->begins.push_back(at);
            at = pieceEnd(all, at, lineEnd);
        }
    }
    cut->begins.push_back(all.size());
    return cut;
}

void TextLinesModel::setText(std::shared_ptr<const CutText> text) {
    beginResetModel();
    m_text = std::move(text);
    endResetModel();
}

int TextLinesModel::rows() const {
    return m_text ? int(m_text->begins.size()) - 1 : 0;
}

qsizetype TextLinesModel::length(int row) const {
    return m_text->begins[size_t(row) + 1] - m_text->begins[size_t(row)];
}

QString TextLinesModel::shownRow(int row) const {
    return rowOf(*m_text, row).left(kMostShown);
}

bool TextLinesModel::isCut(int row) const {
    return rowOf(*m_text, row).size() > kMostShown;
}

std::function<QString(int)> TextLinesModel::textReader() const {
    return [text = m_text](int row) { return rowOf(*text, row); };
}

QString TextLinesModel::copiedText(int first, int last) const {
    if (!m_text || first >= rows() || last < first) {
        return {};
    }
    const qsizetype from = m_text->begins[size_t(std::max(first, 0))];
    const qsizetype to = m_text->begins[size_t(std::min(last, rows() - 1)) + 1];
    QString text = m_text->text.sliced(from, to - from);
    if (text.endsWith(u'\n')) {
        text.chop(1);
    }
    return text;
}

QVariant TextLinesModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rows() || (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)) {
        return {};
    }
    return shownRow(index.row());
}

}  // namespace earmark
