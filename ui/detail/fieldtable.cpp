#include "ui/detail/fieldtable.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "models/domain/textfold.h"
#include "ui/common/theme.h"
#include "ui/detail/callwords.h"
#include "ui/detail/longtextview.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kLongestWord = 28;
constexpr qsizetype kLabelLimit = 400;  ///< longer values get a view that pages
constexpr size_t kRowsAtOnce = 4;       ///< laying out all fifty with their texts would hold the window up

/// A label breaks at blanks only; a text with a word like this is shown in a view that breaks anywhere.
bool hasLongWord(QStringView text) {
    int run = 0;
    for (const QChar c : text) {
        run = c.isSpace() || c == u'-' ? 0 : run + 1;
        if (run > kLongestWord) {
            return true;
        }
    }
    return false;
}

const FieldError* errorOf(const Call& call, const QString& path) {
    const auto found = std::find_if(call.fieldErrors.begin(), call.fieldErrors.end(),
                                    [&](const FieldError& error) { return error.path == path; });
    return found == call.fieldErrors.end() ? nullptr : &*found;
}

FieldTable::Line lineOf(const ReviewedCall& reviewed, Field field) {
    const Call& call = reviewed.call;
    FieldTable::Line line{fieldLabel(field), valueText(value(reviewed, field), info(field).kind), {}, Tone::Quiet};
    const QString name = providerNameOf(call.provider, field);
    const Provenance from = provenance(reviewed, field);
    if (const FieldError* error = errorOf(call, name); error != nullptr && from != Provenance::Edited) {
        line.remark = FieldTable::tr("invalid: %1").arg(shownText(error->problem, 200));
        line.tone = Tone::Bad;
    } else if (from == Provenance::NotOffered || !offers(call.provider, field)) {
        line.remark = FieldTable::tr("not offered by %1").arg(providerName(call.provider));
    } else if (std::holds_alternative<std::monostate>(value(reviewed, field))) {
        line.remark = FieldTable::tr("no value");
    } else if (line.value.isEmpty()) {
        line.remark = FieldTable::tr("empty text");
    } else if (call.zoneAssumed.contains(name) && info(field).kind == FieldKind::Time) {
        line.remark = FieldTable::tr("time zone assumed");
        line.tone = Tone::Warning;
    } else if (from == Provenance::Edited) {
        line.remark = FieldTable::tr("edited here");
    }
    return line;
}

}  // namespace

std::vector<FieldTable::Line> FieldTable::linesOf(const ReviewedCall& call) {
    std::vector<Line> offered;
    std::vector<Line> missing;
    QStringList known;
    for (const FieldInfo& field : allFields()) {
        const bool there = offers(call.call.provider, field.field);
        (there ? offered : missing).push_back(lineOf(call, field.field));
        known << providerNameOf(call.call.provider, field.field);
    }
    offered.insert(offered.end(), missing.begin(), missing.end());
    for (const FieldError& error : call.call.fieldErrors) {
        if (!known.contains(error.path)) {
            offered.push_back(
                {shownText(error.path, 80), {}, tr("invalid: %1").arg(shownText(error.problem, 200)), Tone::Bad});
        }
    }
    return offered;
}

FieldTable::FieldTable(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space());
    m_grid->setHorizontalSpacing(theme::space() * 2);
    m_grid->setVerticalSpacing(theme::space() - 2);
    m_grid->setColumnStretch(1, 1);
    column->addLayout(m_grid);
    auto* copy = new QPushButton(tr("Copy all fields"));
    copy->setIcon(icon(u"copy"_s));
    column->addWidget(copy, 0, Qt::AlignLeading);
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &FieldTable::fillOn);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(asText()); });
}

void FieldTable::addRow() {
    Row row;
    row.name = new PlainLabel;
    row.name->setForegroundRole(QPalette::PlaceholderText);
    row.name->setWordWrap(true);
    row.name->setAlignment(Qt::AlignTop | Qt::AlignLeading);
    row.cell = new QWidget;
    row.value = new ToneLabel;
    row.value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    row.value->setFocusPolicy(Qt::ClickFocus);  // fifty tab stops would bury everything behind them
    row.remark = new ToneLabel(Tone::Quiet);
    auto* cell = new QVBoxLayout(row.cell);
    cell->setContentsMargins(0, 0, 0, 0);
    cell->setSpacing(0);
    cell->addWidget(row.value);
    cell->addWidget(row.remark);
    const int at = int(m_rows.size());
    m_grid->addWidget(row.name, at, 0, Qt::AlignTop);
    m_grid->addWidget(row.cell, at, 1, Qt::AlignTop);
    m_rows.push_back(row);
}

void FieldTable::show(Row& row, const Line& line) {
    row.name->setText(line.name);
    row.name->setMaximumWidth(fontMetrics().averageCharWidth() * 18);
    const bool isLong = line.value.size() > kLabelLimit || hasLongWord(line.value);
    if (isLong && row.longValue == nullptr) {
        row.longValue = new LongTextView;
        row.longValue->setMaximumLines(8);
        row.cell->layout()->addWidget(row.longValue);
    }
    if (row.longValue != nullptr) {
        row.longValue->setText(isLong ? line.value : QString());
        row.longValue->setVisible(isLong);
    }
    row.value->setData(isLong ? QString() : line.value);
    row.value->setLayoutDirection(line.value.left(200).isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    row.value->setVisible(!isLong && !line.value.isEmpty());
    row.value->setAccessibleName(line.name);
    row.remark->setTone(line.tone);
    row.remark->setText(line.remark);
    row.remark->setVisible(!line.remark.isEmpty());
}

void FieldTable::setCall(const ReviewedCall& call) {
    m_lines = linesOf(call);
    m_next = 0;
    for (size_t i = m_lines.size(); i < m_rows.size(); ++i) {
        m_rows[i].name->hide();
        m_rows[i].cell->hide();
    }
    fillOn();
}

/// A few rows now, the others in the next turns of the event loop.
void FieldTable::fillOn() {
    for (size_t filled = 0; m_next < m_lines.size() && filled < kRowsAtOnce; ++m_next) {
        if (m_next == m_rows.size()) {
            addRow();
        }
        Row& row = m_rows[m_next];
        const Line& line = m_lines[m_next];
        if (!row.shown || !(*row.shown == line)) {
            show(row, line);
            row.shown = line;
            ++filled;
        }
        row.name->show();
        row.cell->show();
    }
    if (m_next < m_lines.size()) {
        m_soon.start();
    }
}

QString FieldTable::asText() const {
    QStringList lines;
    for (const Line& line : m_lines) {
        QString text = line.name + u": "_s + line.value;
        if (!line.remark.isEmpty()) {
            text += (line.value.isEmpty() ? u"("_s : u" ("_s) + line.remark + u')';
        }
        lines << text;
    }
    return lines.join(u'\n');
}

}  // namespace earmark
