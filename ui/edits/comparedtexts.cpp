#include "ui/edits/comparedtexts.h"

#include "models/edits/linediff.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

using Numbers = std::vector<int>;

/// A row for each line, and more for a very long one.
ComparedText withSigns(const TextLines& lines, const std::vector<LineSign>& signs) {
    QString text;
    for (const QStringView line : lines.lines) {
        text += line;
        text += u'\n';
    }
    ComparedText compared{cutIntoRows(text), {}};
    const std::vector<qsizetype>& begins = compared.cut->begins;
    size_t line = 0;
    for (size_t row = 0; row + 1 < begins.size(); ++row) {
        if (row > 0 && compared.cut->text[begins[row] - 1] == u'\n') {
            ++line;
        }
        compared.signs.push_back(line < signs.size() ? signs[line] : LineSign::None);
    }
    return compared;
}

/// Which lines of `base` are gone and which of `side` are new.
void markChanges(const Numbers& base, const Numbers& side, std::vector<LineSign>* baseSigns,
                 std::vector<LineSign>* sideSigns) {
    qint64 steps = 0;
    const auto changes = lineChanges(base, side, &steps);
    if (!changes) {  // too long and too different: all of it
        std::fill(baseSigns->begin(), baseSigns->end(), LineSign::Removed);
        std::fill(sideSigns->begin(), sideSigns->end(), LineSign::Added);
        return;
    }
    for (const LineChange& change : *changes) {
        std::fill(baseSigns->begin() + change.beforeFrom, baseSigns->begin() + change.beforeTo, LineSign::Removed);
        std::fill(sideSigns->begin() + change.afterFrom, sideSigns->begin() + change.afterTo, LineSign::Added);
    }
}

QString signText(LineSign sign) {
    switch (sign) {
        case LineSign::None:
            return {};
        case LineSign::Added:
            return u"+"_s;
        case LineSign::Removed:
            return u"\u2212"_s;
    }
    return {};
}

}  // namespace

ComparedTexts compareTexts(ReviewField field, const ThreeWayTexts& texts, bool theirsKnown) {
    const QString baseText = texts.base.value_or(QString());
    const QString mineText = texts.mine.value_or(QString());
    const QString theirsText = theirsKnown ? texts.theirs.value_or(QString()) : QString();
    const TextLines base = linesOf(baseText);
    const TextLines mine = linesOf(mineText);
    const TextLines theirs = linesOf(theirsText);
    LineNumbers numbers;
    const Numbers baseNumbers = numbers.numbersOf(base.lines);
    std::vector<LineSign> baseSigns(base.lines.size());
    std::vector<LineSign> mineSigns(mine.lines.size());
    std::vector<LineSign> theirsSigns(theirs.lines.size());
    markChanges(baseNumbers, numbers.numbersOf(mine.lines), &baseSigns, &mineSigns);
    if (theirsKnown) {
        markChanges(baseNumbers, numbers.numbersOf(theirs.lines), &baseSigns, &theirsSigns);
    }
    return {withSigns(base, baseSigns), withSigns(mine, mineSigns), withSigns(theirs, theirsSigns),
            theirsKnown ? combinedText(field, texts) : mineText};
}

/// The lines as rows, and their signs spoken.
class ComparedLines::Model final : public TextRowsModel {
 public:
    using TextRowsModel::TextRowsModel;

    void setText(const ComparedText& text) {
        beginResetModel();
        m_lines.setText(text.cut);
        m_signs = text.signs;
        endResetModel();
    }
    [[nodiscard]] LineSign sign(int row) const {
        return size_t(row) < m_signs.size() ? m_signs[size_t(row)] : LineSign::None;
    }
    [[nodiscard]] QString spoken(int row) const {
        switch (sign(row)) {
            case LineSign::None:
                break;
            case LineSign::Added:
                return ComparedLines::tr("Added: %1").arg(shownRow(row));
            case LineSign::Removed:
                return ComparedLines::tr("Removed: %1").arg(shownRow(row));
        }
        return shownRow(row);
    }

    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override {
        if (!index.isValid() || index.row() >= rows()) {
            return {};
        }
        return role == Qt::DisplayRole          ? shownRow(index.row())
               : role == Qt::AccessibleTextRole ? spoken(index.row())
                                                : QVariant();
    }
    [[nodiscard]] int rows() const override { return m_lines.rows(); }
    [[nodiscard]] qsizetype length(int row) const override { return m_lines.length(row); }
    [[nodiscard]] QString shownRow(int row) const override { return m_lines.shownRow(row); }
    [[nodiscard]] bool isCut(int row) const override { return m_lines.isCut(row); }
    [[nodiscard]] std::function<QString(int)> textReader() const override { return m_lines.textReader(); }
    [[nodiscard]] QString copiedText(int first, int last) const override { return m_lines.copiedText(first, last); }

 private:
    TextLinesModel m_lines;
    std::vector<LineSign> m_signs;
};

ComparedLines::ComparedLines(QWidget* parent) : ComparedLines(new Model, parent) {}

ComparedLines::ComparedLines(Model* model, QWidget* parent) : TextRowsView(model, parent), m_model(model) {
    model->setParent(this);
}

ComparedLines::~ComparedLines() = default;

void ComparedLines::setText(const ComparedText& text) {
    m_model->setText(text);
}

QString ComparedLines::spokenRow(int row) const {
    return m_model->spoken(row);
}

RowFrame ComparedLines::frameOf(int row) const {
    RowFrame frame;
    const LineSign sign = m_model->sign(row);
    frame.time = signText(sign);
    frame.textColor = sign == LineSign::Added     ? theme::good()
                      : sign == LineSign::Removed ? theme::bad()
                                                  : palette().color(QPalette::Text);
    return frame;
}

int ComparedLines::timesWidth() const {
    return fontMetrics().horizontalAdvance(u"+"_s);
}

}  // namespace earmark
