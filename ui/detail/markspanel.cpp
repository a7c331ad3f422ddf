#include "ui/detail/markspanel.h"

#include <QApplication>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "models/domain/textfold.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kLongestText = 500;
constexpr int kLongestKind = 40;
constexpr int kMostRows = 5;  ///< seen at once: the call itself needs its room

QString placeText(std::chrono::milliseconds at) {
    const qint64 seconds = at.count() / 1000;
    const auto two = [](qint64 number) { return QString::number(number).rightJustified(2, u'0'); };
    return seconds >= 3600 ? u"%1:%2:%3"_s.arg(seconds / 3600).arg(two(seconds / 60 % 60), two(seconds % 60))
                           : u"%1:%2"_s.arg(seconds / 60).arg(two(seconds % 60));
}

QString lineOf(const CallMark& mark) {
    const QString kind = mark.kind.isEmpty() ? QString() : isolated(shownText(mark.kind, kLongestKind));
    const QString text = mark.text.isEmpty() ? QString() : isolated(shownText(mark.text, kLongestText));
    QStringList parts{placeText(mark.at), kind, text};
    parts.removeAll(QString());
    return parts.join(u"  \u00b7  "_s);
}

QToolButton* button(const QString& iconName, const QString& name) {
    auto* made = new QToolButton;
    made->setIcon(icon(iconName, IconTint::Secondary));
    made->setAutoRaise(true);
    made->setFocusPolicy(Qt::TabFocus);
    made->setAccessibleName(name);
    made->setToolTip(name);
    return made;
}

}  // namespace

MarksPanel::MarksPanel(QWidget* parent)
    : QWidget(parent),
      m_title(new HeadingButton),
      m_change(button(u"note"_s, tr("Write words for the chosen mark (F2)"))),
      m_remove(button(u"cancel"_s, tr("Remove the chosen mark (Del)"))),
      m_export(button(u"outbound"_s, tr("Export the marks of this call to a file"))),
      m_list(new QListWidget),
      m_editor(new QWidget),
      m_time(new PlainLabel({})),
      m_text(new QLineEdit),
      m_kind(new QComboBox),
      m_backLine(new QWidget),
      m_bringBack(new QPushButton(tr("Undo"))),
      m_problem(new IconLine) {
    build();
    connect(m_list, &QListWidget::itemClicked, this, [this] {
        if (const CallMark* mark = current()) {
            Q_EMIT playWanted(mark->at);
        }
    });
    connect(m_change, &QToolButton::clicked, this, [this] {
        if (const CallMark* mark = current()) {
            edit(CallMark(*mark));
        }
    });
    connect(m_remove, &QToolButton::clicked, this, [this] {
        if (const CallMark* mark = current()) {
            Q_EMIT removeWanted(CallMark(*mark));
        }
    });
    connect(m_export, &QToolButton::clicked, this, &MarksPanel::exportWanted);
    connect(m_title, &QAbstractButton::clicked, this, [this] {
        setFolded(!m_isFolded);
        Q_EMIT foldedByHand(m_isFolded);
    });
    connect(m_bringBack, &QPushButton::clicked, this, [this] {
        if (const auto removed = std::exchange(m_removed, std::nullopt)) {
            Q_EMIT bringBackWanted(*removed);
        }
        tell();
    });
    tell();
}

void MarksPanel::build() {
    const int gap = theme::space();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, gap / 2);
    column->setSpacing(gap / 2);
    column->addWidget(new Rule);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(3 * gap / 2, 0, gap, 0);
    top->addWidget(m_title);
    top->addStretch(1);
    for (QToolButton* one : {m_change, m_remove, m_export}) {
        top->addWidget(one);
    }
    column->addLayout(top);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Marks"));
    m_list->setUniformItemSizes(true);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setSizeAdjustPolicy(QAbstractScrollArea::AdjustIgnored);
    m_list->installEventFilter(this);
    auto* rows = new QHBoxLayout;
    rows->setContentsMargins(gap, 0, gap, 0);
    rows->addWidget(m_list);
    column->addLayout(rows);
    auto* line = new QHBoxLayout(m_editor);
    line->setContentsMargins(3 * gap / 2, 0, gap, 0);
    line->addWidget(m_time);
    line->addWidget(m_text, 3);
    line->addWidget(m_kind, 1);
    m_text->setMaxLength(kLongestText);
    m_text->setPlaceholderText(tr("What is heard here; Enter saves"));
    m_text->setAccessibleName(tr("Text of the mark"));
    m_text->installEventFilter(this);
    m_kind->setEditable(true);
    m_kind->setInsertPolicy(QComboBox::NoInsert);
    m_kind->lineEdit()->setMaxLength(kLongestKind);
    m_kind->lineEdit()->setPlaceholderText(tr("Kind"));
    m_kind->setAccessibleName(tr("Kind of the mark"));
    m_kind->setMinimumContentsLength(8);
    m_kind->installEventFilter(this);  // it has the focus, and hands the keys on to its line
    column->addWidget(m_editor);
    auto* back = new QHBoxLayout(m_backLine);
    back->setContentsMargins(3 * gap / 2, 0, gap, 0);
    back->addWidget(new PlainLabel(tr("Removed.")));
    back->addWidget(m_bringBack);
    back->addStretch(1);
    column->addWidget(m_backLine);
    m_problem->setContentsMargins(3 * gap / 2, 0, gap, 0);
    column->addWidget(m_problem);
}

const CallMark* MarksPanel::current() const {
    const int row = m_list->currentRow();
    return row >= 0 && row < int(m_marks.size()) ? &m_marks[size_t(row)] : nullptr;
}

void MarksPanel::setMarks(const CallMarks& marks) {
    QString chosen = current() != nullptr ? current()->id : QString();
    const bool isSameCall = !m_marks.empty() && !marks.empty() && m_marks.front().call == marks.front().call;
    for (const CallMark& mark : marks) {
        const auto isIt = [&](const CallMark& one) { return one.id == mark.id; };
        if (isSameCall && std::none_of(m_marks.begin(), m_marks.end(), isIt)) {
            chosen = mark.id;  // the one that was just made
        }
    }
    m_marks = marks;
    m_list->clear();
    for (const CallMark& mark : m_marks) {
        m_list->addItem(lineOf(mark));
    }
    const auto same =
        std::find_if(m_marks.begin(), m_marks.end(), [&](const CallMark& one) { return one.id == chosen; });
    m_list->setCurrentRow(same != m_marks.end() ? int(same - m_marks.begin()) : 0);
    tell();
}

void MarksPanel::setKinds(const QStringList& kinds) {
    const QString typed = m_kind->currentText();
    m_kind->clear();
    m_kind->addItems(kinds);
    m_kind->setEditText(typed);
}

void MarksPanel::edit(const CallMark& mark) {
    if (m_isLocked) {
        return;
    }
    closeEditor();
    m_edited = mark;
    m_focusBefore = QApplication::focusWidget();
    m_time->setText(placeText(mark.at));
    m_text->setText(mark.text);
    m_kind->setEditText(mark.kind);
    tell();
    m_text->setFocus(Qt::ShortcutFocusReason);
}

void MarksPanel::commit() {
    CallMark mark = *m_edited;
    mark.text = m_text->text().trimmed();
    mark.kind = m_kind->currentText().trimmed();
    if (mark != *m_edited) {
        Q_EMIT changed(mark);
    }
}

void MarksPanel::closeEditor() {
    if (m_edited) {
        leaveEditor(true);
    }
}

void MarksPanel::leaveEditor(bool keeps) {
    if (keeps) {
        commit();
    }
    const bool hadFocus = m_text->hasFocus() || m_kind->lineEdit()->hasFocus() || m_kind->hasFocus();
    m_edited.reset();
    if (hadFocus) {
        QWidget* back = m_focusBefore != nullptr && m_focusBefore->isVisible() ? m_focusBefore.data() : m_list;
        back->setFocus(Qt::OtherFocusReason);
    }
    tell();
}

void MarksPanel::offerBack(const std::optional<CallMark>& removed) {
    m_removed = removed;
    tell();
}

void MarksPanel::setProblem(const QString& problem) {
    problem.isEmpty() ? m_problem->clear() : m_problem->show(u"warning"_s, Tone::Bad, tr("Not saved: %1").arg(problem));
    tell();
}

void MarksPanel::setLocked(bool locked) {
    m_isLocked = locked;
    tell();
}

void MarksPanel::tell() {
    const QString title = m_marks.empty() ? tr("Marks") : tr("Marks (%1)").arg(QLocale().toString(int(m_marks.size())));
    m_title->setText(title);
    m_title->setIcon(icon(m_isFolded ? u"chevron-right"_s : u"chevron-down"_s, IconTint::Secondary));
    m_title->setAccessibleName(m_isFolded ? tr("%1, closed").arg(title) : tr("%1, open").arg(title));
    m_title->setToolTip(m_isFolded ? tr("Show the marks") : tr("Fold the marks away"));
    m_title->updateGeometry();
    for (QToolButton* one : {m_change, m_remove}) {
        one->setVisible(!m_marks.empty() && !m_isFolded);
    }
    m_export->setVisible(!m_marks.empty());
    m_change->setEnabled(!m_isLocked);
    m_remove->setEnabled(!m_isLocked);
    m_list->setVisible(!m_marks.empty() && !m_isFolded);
    fitRows();
    m_editor->setVisible(m_edited.has_value());
    m_backLine->setVisible(m_removed.has_value());
    setVisible(!m_marks.empty() || m_edited || m_removed || !m_problem->text().isEmpty());
}

/// At most a third of the pane, of which the heading has a line; one row stays.
void MarksPanel::fitRows() {
    const int high = std::max(m_list->sizeHintForRow(0), fontMetrics().height() + 4);
    const int heading = m_title->sizeHint().height() + 2 * theme::space();
    const int room = m_room ? (m_room->height() / 3 - heading - 4) / high : kMostRows;
    const int rows = std::clamp(std::min(int(m_marks.size()), room), 1, kMostRows);
    m_list->setFixedHeight(rows * high + 4);
}

void MarksPanel::setFolded(bool folded) {
    m_isFolded = folded;
    tell();
}

void MarksPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_room != parentWidget()) {
        m_room = parentWidget();
        m_room->installEventFilter(this);
    }
    fitRows();
}

bool MarksPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_room) {
        if (event->type() == QEvent::Resize) {
            fitRows();
        }
        return false;
    }
    const bool isKey = event->type() == QEvent::KeyPress;
    const bool isOverride = event->type() == QEvent::ShortcutOverride;
    if (!isKey && !isOverride) {
        return QWidget::eventFilter(watched, event);
    }
    auto* key = static_cast<QKeyEvent*>(event);
    const Qt::KeyboardModifiers with = key->modifiers() & ~Qt::KeypadModifier;
    const bool enter = (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) && with == Qt::NoModifier;
    const bool escape = key->key() == Qt::Key_Escape;
    if (watched != m_list && (enter || escape)) {
        event->accept();
        if (isKey) {
            leaveEditor(enter);
        }
        return true;
    }
    const CallMark* mark = watched == m_list && isKey && with == Qt::NoModifier ? current() : nullptr;
    if (mark == nullptr) {
        return QWidget::eventFilter(watched, event);
    }
    const CallMark chosen = *mark;
    if (enter) {
        Q_EMIT playWanted(chosen.at);
    } else if (key->key() == Qt::Key_Delete && !m_isLocked) {
        Q_EMIT removeWanted(chosen);
    } else if (key->key() == Qt::Key_F2) {
        edit(chosen);
    } else {
        return QWidget::eventFilter(watched, event);
    }
    return true;
}

}  // namespace earmark
