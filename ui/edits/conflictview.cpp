#include "ui/edits/conflictview.h"

#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>
#include <chrono>

#include "models/domain/target.h"
#include "models/domain/textfold.h"
#include "models/edits/threewaymerge.h"
#include "ui/common/theme.h"
#include "ui/detail/notesinput.h"
#include "models/domain/timingstory.h"
#include "ui/edits/comparedtexts.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kDraftAfter = std::chrono::milliseconds(1'800);  // as in the fields themselves
constexpr auto kLookAfter = std::chrono::milliseconds(100);
constexpr int kFewestLines = 8;
constexpr auto kProvider = "provider"_L1;

std::optional<QString> valueOf(const QString& text) {
    return text.isEmpty() ? std::nullopt : std::optional(text);
}

bool isSame(const ReviewConflict& one, const ReviewConflict& other) {
    return one.key == other.key && one.field == other.field && one.sequence == other.sequence &&
           one.theirs == other.theirs;
}

QString absenceWords(const std::optional<QString>& value) {
    return !value             ? ConflictView::tr("Nothing at all")
           : value->isEmpty() ? ConflictView::tr("An empty text")
                              : QString();
}

}  // namespace

ConflictView* ConflictView::open(Store* store, const ReviewConflict& conflict, const Call& call, QWidget* desk) {
    QWidget* const window = desk->window();
    const auto views = window->findChildren<ConflictView*>(Qt::FindDirectChildrenOnly);
    const auto known = std::find_if(views.begin(), views.end(), [&](const ConflictView* view) {
        return !view->isHidden() && isSame(view->conflict(), conflict);
    });
    ConflictView* const view = known != views.end() ? *known : new ConflictView(store, conflict, call, window);
    view->QDialog::show();
    view->raise();
    view->activateWindow();
    return view;
}

ConflictView::ConflictView(Store* store, const ReviewConflict& conflict, const Call& call, QWidget* desk)
    : QDialog(desk),
      m_store(store),
      m_conflict(conflict),
      m_providerName(providerName(call.provider)),
      m_providerSays(conflict.field == ReviewField::Notes ? call.notes : call.disposition),
      m_base(new ComparedLines),
      m_mine(new ComparedLines),
      m_theirs(new ComparedLines) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(conflict.field == ReviewField::Notes
                       ? tr("Conflict: notes of call %1").arg(isolated(conflict.key.remoteId))
                       : tr("Conflict: disposition of call %1").arg(isolated(conflict.key.remoteId)));
    build();
    m_draftTimer.setSingleShot(true);
    m_draftTimer.setInterval(kDraftAfter);
    connect(&m_draftTimer, &QTimer::timeout, this, &ConflictView::keepDraft);
    m_lookTimer.setSingleShot(true);
    m_lookTimer.setInterval(kLookAfter);
    connect(&m_lookTimer, &QTimer::timeout, this, &ConflictView::lookAgain);
    connect(m_store, &Store::outboxChanged, this, [this] {
        if (!m_lookTimer.isActive()) {
            m_lookTimer.start();
        }
    });
    tellStand();
    compare();
}

ConflictView::~ConflictView() {
    keepDraft();
}

QString ConflictView::side() const {
    if (m_conflict.foundWith == kProvider) {
        return m_providerName;
    }
    const auto kind = targetKindFromWord(m_conflict.foundWith);
    return kind ? targetName(*kind) : shownText(m_conflict.foundWith, 60);
}

// --- parts

void ConflictView::build() {
    const int gap = theme::space();
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    // Three long texts and an editor: where there is little room they scroll, and the choice stays in sight.
    auto* place = new QScrollArea;
    place->setFrameShape(QFrame::NoFrame);
    place->setWidgetResizable(true);
    place->setFocusPolicy(Qt::NoFocus);
    auto* texts = new QWidget;
    place->setWidget(texts);
    auto* all = new QVBoxLayout(texts);
    all->setContentsMargins(2 * gap, 2 * gap, 2 * gap, gap);
    all->setSpacing(gap);
    m_stand = new ToneLabel;
    all->addWidget(m_stand);
    auto* three = new QSplitter(Qt::Horizontal);
    three->setChildrenCollapsible(false);
    three->addWidget(column(tr("Before"), tr("What %1 said when you began").arg(m_providerName), m_base));
    three->addWidget(column(tr("Yours"), tr("What you entered"), m_mine));
    const bool isProvider = m_conflict.foundWith == kProvider;
    QWidget* const other =
        column(isProvider ? tr("The provider's") : tr("The target's"),
               isProvider ? tr("What %1 says since %2").arg(side(), longMomentText(m_conflict.at))
                          : tr("What was found at %1 on %2").arg(side(), longMomentText(m_conflict.at)),
               m_theirs);
    three->addWidget(other);
    m_theirsUnknown = new ToneLabel(Tone::Warning);
    m_theirsUnknown->setText(tr("It refused the edit as a conflict and did not say what it holds."));
    m_theirsUnknown->setVisible(!m_conflict.theirsKnown);
    m_theirs->setVisible(m_conflict.theirsKnown);
    auto* otherColumn = qobject_cast<QVBoxLayout*>(other->layout());
    otherColumn->addWidget(m_theirsUnknown);
    if (!m_conflict.theirsKnown) {
        otherColumn->addStretch();
    }
    all->addWidget(three, 1);
    auto* legend = new ToneLabel(Tone::Quiet);
    legend->setText(tr("+ a line that was added or rewritten, \u2212 a line that one side took away or rewrote"));
    all->addWidget(legend);
    buildEditor(all);
    whole->addWidget(place, 1);
    whole->addWidget(buttons());
    setMinimumSize(60 * gap, 45 * gap);
    resize(105 * gap, 76 * gap);
}

QWidget* ConflictView::column(const QString& title, const QString& below, ComparedLines* lines) {
    auto* part = new QWidget;
    auto* column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space() / 2);
    auto* heading = makeHeading(title);
    heading->setBuddy(lines);
    auto* what = new ToneLabel(Tone::Quiet);
    what->setText(below);
    lines->setAccessibleName(title);
    lines->setAccessibleDescription(below);
    lines->setFrameShape(QFrame::StyledPanel);
    lines->setMinimumHeight(lines->fontMetrics().lineSpacing() * kFewestLines);
    column->addWidget(heading);
    auto* nothing = new IconLine;
    m_nothing.push_back(nothing);
    column->addWidget(what);
    column->addWidget(nothing);
    column->addWidget(lines, 1);
    part->setMinimumWidth(15 * theme::space());
    return part;
}

void ConflictView::buildEditor(QVBoxLayout* texts) {
    const bool isNotes = m_conflict.field == ReviewField::Notes;
    auto* label = new PlainLabel(isNotes ? tr("Com&bined: change it as you like") : tr("&Another disposition"));
    QWidget* editor = nullptr;
    if (isNotes) {
        m_notes = new NotesInput;
        editor = m_notes;
        connect(m_notes, &NotesInput::saveWanted, this, &ConflictView::saveCombined);
        connect(m_notes, &NotesInput::revertWanted, this, &ConflictView::reject);
        connect(m_notes, &NotesInput::refusedPaste, this,
                [this](const QString& why) { m_says->show(u"warning"_s, Tone::Warning, why); });
        connect(m_notes, &NotesInput::typed, this, [this] { m_typed = true; });
    } else {
        m_code = new QLineEdit;
        editor = m_code;
        connect(m_code, &QLineEdit::textEdited, this, [this] { m_typed = true; });
    }
    const auto typed = [this] {
        if (m_typed && !m_draftTimer.isActive()) {
            m_draftTimer.start();
        }
    };
    isNotes ? connect(m_notes, &NotesInput::typed, this, typed) : connect(m_code, &QLineEdit::textEdited, this, typed);
    editor->setAccessibleName(isNotes ? tr("Combined notes") : tr("Another disposition"));
    label->setBuddy(editor);
    texts->addWidget(label);
    texts->addWidget(editor);
}

QWidget* ConflictView::buttons() {
    const int gap = theme::space();
    auto* bar = new QWidget;
    auto* column = new QVBoxLayout(bar);
    column->setContentsMargins(2 * gap, gap, 2 * gap, 2 * gap);
    column->setSpacing(gap);
    m_says = new IconLine;
    column->addWidget(m_says);
    const bool isNotes = m_conflict.field == ReviewField::Notes;
    auto* row = new QHBoxLayout;
    m_keepMine = new QPushButton(tr("Keep &yours"));
    m_takeTheirs =
        new QPushButton(m_conflict.foundWith == kProvider ? tr("Take the &provider's") : tr("Take the &target's"));
    m_save = new QPushButton(isNotes ? tr("&Save combined") : tr("&Save this"));
    m_save->setToolTip(tr("Ctrl+Enter"));
    auto* close = new QPushButton(tr("Decide later"));
    row->addWidget(m_keepMine);
    row->addWidget(m_takeTheirs);
    row->addWidget(m_save);
    row->addStretch();
    row->addWidget(close);
    column->addLayout(row);
    for (QPushButton* button : {m_keepMine, m_takeTheirs, m_save, close}) {
        button->setAutoDefault(false);  // Enter in a text must not choose anything
    }
    connect(m_keepMine, &QPushButton::clicked, this, &ConflictView::keepMine);
    connect(m_takeTheirs, &QPushButton::clicked, this, &ConflictView::takeTheirs);
    connect(m_save, &QPushButton::clicked, this, &ConflictView::saveCombined);
    connect(close, &QPushButton::clicked, this, &ConflictView::reject);
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter}) {
        connect(new QShortcut(QKeySequence(Qt::CTRL | key), this), &QShortcut::activated, this,
                &ConflictView::saveCombined);
    }
    return bar;
}

// --- what is shown

/// Comparing long texts takes its time; the choice between mine and theirs is there at once.
void ConflictView::compare() {
    const ThreeWayTexts texts{m_conflict.base, m_conflict.mine, m_conflict.theirs};
    using Made = std::shared_ptr<const ComparedTexts>;
    m_workers.run<Made>(
        [field = m_conflict.field, texts, known = m_conflict.theirsKnown]() -> Made {
            return std::make_shared<const ComparedTexts>(compareTexts(field, texts, known));
        },
        this, [this](const Made& made) { show(*made); });
}

void ConflictView::show(const ComparedTexts& texts) {
    m_base->setText(texts.base);
    m_mine->setText(texts.mine);
    m_theirs->setText(texts.theirs);
    if (m_typed) {
        return;  // what is being written is the writer's
    }
    if (m_code != nullptr) {
        m_code->setText(texts.combined);
    } else if (NotesInput::canHold(texts.combined)) {
        m_notes->showText(texts.combined);
    } else {
        m_notes->setPlaceholderText(
            tr("Both together are too long to be edited here. Write what should count instead, "
               "or take one of them."));
    }
}

void ConflictView::tellStand() {
    const bool isNotes = m_conflict.field == ReviewField::Notes;
    if (!m_conflict.isOpen) {
        m_stand->setText(tr("This conflict is over. All its texts are kept; choosing one of them makes a new edit."));
    } else if (isNotes) {
        m_stand->setText(tr("You and %1 changed the same lines of the notes. Yours count here until you choose; "
                            "nothing is thrown away.")
                             .arg(side()));
    } else {
        m_stand->setText(tr("You and %1 changed the disposition. Yours counts here until you choose; nothing is thrown "
                            "away.")
                             .arg(side()));
    }
    const std::optional<QString>* const values[] = {&m_conflict.base, &m_conflict.mine, &m_conflict.theirs};
    for (size_t i = 0; i < m_nothing.size(); ++i) {
        const bool isKnown = i < 2 || m_conflict.theirsKnown;
        m_nothing[i]->show(u"info"_s, Tone::Quiet, isKnown ? absenceWords(*values[i]) : QString());
    }
    m_takeTheirs->setVisible(m_conflict.theirsKnown);
    setBusy(m_isBusy);
}

/// Something happened to some edit: is this still how things stand?
void ConflictView::lookAgain() {
    if (m_isBusy) {
        return;
    }
    m_store->loadConflicts(m_conflict.key, this, [this](const Result<std::vector<ReviewConflict>>& found) {
        if (found && !m_isBusy) {
            lookedAgain(*found);
        }
    });
}

void ConflictView::lookedAgain(const std::vector<ReviewConflict>& found) {
    // A later edit of the field may be in conflict as well: then that is the one to be decided.
    const auto isOpen = [this](const ReviewConflict& one) { return one.field == m_conflict.field && one.isOpen; };
    auto newest = std::find_if(found.rbegin(), found.rend(), isOpen);
    if (newest == found.rend()) {
        newest = std::find_if(found.rbegin(), found.rend(),
                              [this](const ReviewConflict& one) { return isSame(one, m_conflict); });
    }
    if (newest == found.rend() || *newest == m_conflict) {
        return;
    }
    if (newest->isOpen && newest->sequence == m_conflict.sequence) {
        m_says->show(u"refresh"_s, Tone::Warning,
                     tr("%1 changed it once more. What you write here is untouched.").arg(side()));
    }
    m_conflict = *newest;
    tellStand();
    compare();
}

// --- the choice

QString ConflictView::combinedText() const {
    return m_notes != nullptr ? m_notes->typedText() : m_code->text();
}

void ConflictView::setCombinedText(const QString& text) {
    m_typed = true;
    m_notes != nullptr ? m_notes->setPlainText(text) : m_code->setText(text);
}

/// What was seen here is what the choice is made against: if the provider has changed it since, that is another
/// conflict. What a target holds is no value of the provider.
std::optional<QString> ConflictView::baseOfChoice() const {
    return m_conflict.isOpen && m_conflict.foundWith == kProvider ? m_conflict.theirs : m_providerSays;
}

EditToCommit ConflictView::choice(const std::optional<QString>& value) const {
    EditToCommit edit;
    edit.key = m_conflict.key;
    edit.field = m_conflict.field;
    edit.base = baseOfChoice();
    edit.value = value;
    edit.origin = u"conflict"_s;
    edit.whenEqual = EditToCommit::WhenEqual::Commit;
    return edit;
}

void ConflictView::keepMine() {
    commit(choice(m_conflict.mine));
}

void ConflictView::takeTheirs() {
    if (!m_conflict.theirsKnown) {
        return;
    }
    EditToCommit edit = choice(m_conflict.theirs);
    if (m_conflict.theirs == edit.base) {
        edit.kind = EditToCommit::Kind::Restore;  // the provider's value counts again, also when it changes later
    }
    commit(edit);
}

void ConflictView::saveCombined() {
    const QString text = combinedText();
    commit(choice(valueOf(m_conflict.field == ReviewField::Disposition ? text.trimmed() : text)));
}

void ConflictView::commit(const EditToCommit& edit) {
    if (m_isBusy || m_store->isReadOnly()) {
        return;
    }
    m_draftTimer.stop();
    setBusy(true);
    m_store->commitEdits({edit}, this, [this](const Result<std::vector<CallReview>>& saved) {
        if (!saved) {
            setBusy(false);
            m_says->show(u"warning"_s, Tone::Bad, tr("Not saved: %1").arg(errorText(saved.error())));
            keepDraft();
            return;
        }
        m_typed = false;
        Q_EMIT solved(m_conflict.key);
        accept();
    });
}

void ConflictView::setBusy(bool busy) {
    m_isBusy = busy;
    const bool can = !busy && !m_store->isReadOnly();
    for (QPushButton* button : {m_keepMine, m_takeTheirs, m_save}) {
        button->setEnabled(can);
    }
    if (m_store->isReadOnly()) {
        m_says->show(u"info"_s, Tone::Quiet, tr("Nothing can be chosen: the data folder cannot be written."));
    }
}

void ConflictView::reject() {
    keepDraft();
    QDialog::reject();
}

void ConflictView::keepDraft() {
    m_draftTimer.stop();
    if (!m_typed || m_isBusy || m_store->isReadOnly()) {
        return;
    }
    Draft draft;
    draft.key = m_conflict.key;
    draft.field = m_conflict.field;
    draft.base = baseOfChoice();
    draft.text = combinedText();
    m_store->saveDraft(draft, m_store, {});
}

}  // namespace earmark
