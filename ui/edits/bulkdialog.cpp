#include "ui/edits/bulkdialog.h"

#include <QComboBox>
#include <QCompleter>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>
#include <array>

#include "models/domain/textfold.h"
#include "ui/common/theme.h"
#include "ui/detail/plaindocument.h"
#include "ui/edits/bulkpreview.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

using Kind = BulkChange::Kind;

struct KindLine {
    Kind kind;
    const char* text;         ///< source text, context "BulkDialog"
    const char* placeholder;  ///< "" = takes no text
};

constexpr std::array kKinds{
    KindLine{Kind::SetDisposition, QT_TRANSLATE_NOOP("BulkDialog", "Set the disposition"),
             QT_TRANSLATE_NOOP("BulkDialog", "Disposition")},
    KindLine{Kind::ClearDisposition, QT_TRANSLATE_NOOP("BulkDialog", "Clear the disposition"), ""},
    KindLine{Kind::AppendNotes, QT_TRANSLATE_NOOP("BulkDialog", "Append to the notes"),
             QT_TRANSLATE_NOOP("BulkDialog", "Text that comes on a new line below the notes")},
    KindLine{Kind::MarkReviewed, QT_TRANSLATE_NOOP("BulkDialog", "Mark as reviewed"), ""},
    KindLine{Kind::MarkNotReviewed, QT_TRANSLATE_NOOP("BulkDialog", "Mark as not reviewed"), ""},
    KindLine{Kind::SetFlag, QT_TRANSLATE_NOOP("BulkDialog", "Flag"),
             QT_TRANSLATE_NOOP("BulkDialog", "Word of the flag (may be empty)")},
    KindLine{Kind::ClearFlag, QT_TRANSLATE_NOOP("BulkDialog", "Take the flag away"), ""},
};
constexpr int kLongestLine = 200;
constexpr qsizetype kLongestText = 20'000;

QString scopeText(const QString& one, const QString& many, std::size_t calls) {
    return calls == 1 ? one : many.arg(QLocale().toString(qulonglong(calls)));
}

}  // namespace

BulkDialog::BulkDialog(Store* store, std::shared_ptr<const Clock> clock, Rows rows, QWidget* parent)
    : QDialog(parent), m_store(store), m_rows(std::move(rows)), m_bulk(store, std::move(clock)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Edit several calls"));
    m_pool.setMaxThreadCount(1);  // the newest question is the one that counts; older ones are dropped
    build();
    connectParts();
    kindChanged();
    gather();
    m_kind->setFocus();
}

BulkDialog::~BulkDialog() = default;  // the pool's destructor waits for a count of some 100 ms at most

// --- parts

void BulkDialog::build() {
    const int gap = theme::space();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * gap, 3 * gap, 3 * gap, 2 * gap);
    column->setSpacing(gap);
    m_form = new QWidget;
    auto* form = new QVBoxLayout(m_form);
    form->setContentsMargins(0, 0, 0, 0);
    form->setSpacing(gap);
    buildScope(form);
    m_kind = new QComboBox;
    m_kind->setAccessibleName(tr("What is to be done"));
    for (const KindLine& line : kKinds) {
        m_kind->addItem(tr(line.text), int(line.kind));
    }
    m_line = new QLineEdit;
    m_line->setMaxLength(kLongestLine);
    m_text = new QPlainTextEdit;
    m_text->setDocument(makePlainDocument(m_text));
    m_text->setTabChangesFocus(true);
    m_text->setFixedHeight(fontMetrics().lineSpacing() * 4 + 2 * gap);
    form->addWidget(m_kind);
    form->addWidget(m_line);
    form->addWidget(m_text);
    column->addWidget(m_form);
    m_box = new BulkPreviewBox;
    m_problem = new IconLine;
    m_progress = new QProgressBar;
    m_progress->setTextVisible(false);
    m_progress->hide();
    column->addWidget(new Rule);
    column->addWidget(m_box);
    column->addWidget(m_problem);
    column->addWidget(m_progress);
    column->addStretch();
    buildButtons(column);
    setMinimumWidth(60 * gap);
}

void BulkDialog::buildScope(QVBoxLayout* column) {
    m_selected =
        new QRadioButton(scopeText(tr("The selected call"), tr("The %1 selected calls"), m_rows.selected.size()));
    m_all = new QRadioButton(
        scopeText(tr("The only call of this filter"), tr("All %1 calls of this filter"), m_rows.all.size()));
    m_selected->setEnabled(!m_rows.selected.empty());
    m_selected->setChecked(!m_rows.selected.empty());
    m_all->setChecked(m_rows.selected.empty());
    column->addWidget(m_selected);
    column->addWidget(m_all);
}

void BulkDialog::buildButtons(QVBoxLayout* column) {
    auto* buttons = new QDialogButtonBox;
    m_run = buttons->addButton(tr("Change"), QDialogButtonBox::AcceptRole);
    m_close = buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    m_run->setDefault(true);
    m_close->setAutoDefault(false);
    column->addWidget(buttons);
    connect(m_run, &QPushButton::clicked, this, &BulkDialog::run);
    connect(m_close, &QPushButton::clicked, this, &BulkDialog::reject);
}

void BulkDialog::connectParts() {
    connect(m_kind, &QComboBox::currentIndexChanged, this, &BulkDialog::kindChanged);
    connect(m_selected, &QRadioButton::toggled, this, &BulkDialog::gather);
    connect(m_line, &QLineEdit::textChanged, this, &BulkDialog::countSoon);
    connect(m_text, &QPlainTextEdit::textChanged, this, &BulkDialog::countSoon);
    connect(&m_bulk, &BulkEdit::progressed, this, &BulkDialog::progressed);
    connect(&m_bulk, &BulkEdit::finished, this, &BulkDialog::ended);
    m_store->loadDispositionCodes(this, [this](const Result<std::vector<DispositionCount>>& counts) {
        QStringList codes;
        for (const DispositionCount& one : counts ? *counts : std::vector<DispositionCount>()) {
            if (one.code.size() <= kLongestLine && shownText(one.code) == one.code) {
                codes << one.code;
            }
        }
        auto* finder = new QCompleter(codes, this);
        finder->setCaseSensitivity(Qt::CaseInsensitive);
        finder->setFilterMode(Qt::MatchContains);
        m_line->setCompleter(kind() == Kind::SetDisposition ? finder : nullptr);
        connect(m_kind, &QComboBox::currentIndexChanged, finder,
                [this, finder] { m_line->setCompleter(kind() == Kind::SetDisposition ? finder : nullptr); });
    });
}

BulkChange::Kind BulkDialog::kind() const {
    return Kind(m_kind->currentData().toInt());
}

BulkChange BulkDialog::change() const {
    switch (kind()) {
        case Kind::SetDisposition:
        case Kind::SetFlag:
            return {kind(), m_line->text().trimmed()};
        case Kind::AppendNotes:
            return {kind(), m_text->toPlainText().left(kLongestText)};
        case Kind::ClearDisposition:
        case Kind::MarkReviewed:
        case Kind::MarkNotReviewed:
        case Kind::ClearFlag:
            break;
    }
    return {kind(), {}};
}

void BulkDialog::kindChanged() {
    const KindLine& line = kKinds[std::size_t(m_kind->currentIndex())];
    const bool takesText = *line.placeholder != '\0';
    const QString placeholder = takesText ? tr(line.placeholder) : QString();
    m_line->setVisible(takesText && line.kind != Kind::AppendNotes);
    m_text->setVisible(line.kind == Kind::AppendNotes);
    m_line->setPlaceholderText(placeholder);
    m_line->setAccessibleName(placeholder);
    m_text->setPlaceholderText(placeholder);
    m_text->setAccessibleName(placeholder);
    countSoon();
}

// --- the preview

/// The calls of the rows chosen, read from the snapshot in another thread.
void BulkDialog::gather() {
    m_calls.reset();
    countSoon();
    const quint64 question = ++m_question;
    const RowOrder& rows = m_selected->isChecked() ? m_rows.selected : m_rows.all;
    m_pool.clear();
    m_pool.start([this, question, rows, index = m_rows.index] {
        auto calls = std::make_shared<const std::vector<BulkCall>>(bulkCallsOf(*index, rows));
        QMetaObject::invokeMethod(
            this,
            [this, question, calls = std::move(calls)] {
                if (question == m_question) {
                    m_calls = calls;
                    count();
                }
            },
            Qt::QueuedConnection);
    });
}

void BulkDialog::countSoon() {
    m_preview.reset();
    m_run->setEnabled(false);
    m_run->setText(tr("Change"));
    m_problem->clear();
    m_step.clear();  // something else is to be done: not the same step
    if (!isComplete(change())) {
        m_box->setWaiting(tr("Enter what is to be set."));
    } else {
        m_box->setWaiting(tr("Counting\u2026"));
    }
    if (m_calls) {
        count();
    }
    growToFit(this);
}

void BulkDialog::count() {
    const BulkChange wanted = change();
    if (!m_calls || !isComplete(wanted)) {
        return;
    }
    const quint64 question = ++m_question;
    m_pool.clear();
    m_pool.start([this, question, wanted, calls = m_calls] {
        const BulkPreview preview = previewOf(*calls, wanted);
        QMetaObject::invokeMethod(
            this, [this, question, preview] { counted(question, preview); }, Qt::QueuedConnection);
    });
}

void BulkDialog::counted(quint64 question, const BulkPreview& preview) {
    if (question != m_question || m_bulk.isRunning()) {
        return;
    }
    m_preview = preview;
    m_box->setPreview(preview, change());
    m_run->setEnabled(preview.changes > 0);
    m_run->setText(preview.changes == 0   ? tr("Change")
                   : preview.changes == 1 ? tr("Change one call")
                                          : tr("Change %1 calls").arg(QLocale().toString(preview.changes)));
    growToFit(this);
}

// --- doing it

void BulkDialog::run() {
    if (!m_preview || m_preview->changes == 0 || m_bulk.isRunning()) {
        return;
    }
    std::vector<CallKey> keys;
    keys.reserve(m_calls->size());
    for (const BulkCall& call : *m_calls) {
        keys.push_back(call.key);
    }
    showRunning(true);
    m_bulk.run(std::move(keys), change(), m_step);
}

void BulkDialog::showRunning(bool running) {
    m_form->setEnabled(!running);
    m_run->setEnabled(!running);
    m_progress->setVisible(running);
    m_problem->clear();
    if (running) {
        m_close->setFocus();
    }
    growToFit(this);
}

void BulkDialog::progressed(qint64 done, qint64 all) {
    m_progress->setMaximum(int(all));
    m_progress->setValue(int(done));
    const QLocale locale;
    const QString text = tr("%1 of %2 calls done").arg(locale.toString(done), locale.toString(all));
    m_box->setWaiting(text);
    m_progress->setAccessibleName(text);
}

void BulkDialog::ended(const BulkOutcome& outcome) {
    showRunning(false);
    Q_EMIT edited(outcome);
    if (!outcome.error) {
        QDialog::accept();
        return;
    }
    m_step = outcome.step;
    m_box->setWaiting({});
    m_problem->show(u"warning"_s, Tone::Bad, bulkOutcomeText(outcome));
    m_run->setText(tr("Go on"));
    m_run->setEnabled(true);
    growToFit(this);
}

void BulkDialog::reject() {
    if (m_bulk.isRunning()) {
        m_bulk.cancel();
        m_box->setWaiting(tr("Cancelling\u2026 what is done stays, and one undo takes it back."));
        return;
    }
    QDialog::reject();
}

}  // namespace earmark
