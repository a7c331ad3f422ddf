#include "ui/mainwindow/changekeysdialog.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPushButton>
#include <QScreen>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/common/icons.h"
#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

enum Column { CommandColumn, KeysColumn, NoteColumn, ColumnCount };
constexpr int kCommandRole = Qt::UserRole;

QString nameOf(const DeskCommandInfo& info) {
    return commandText(info).remove(u'&').remove(u'\u2026');
}

QString keyText(const QKeySequence& key) {
    return key.toString(QKeySequence::NativeText);
}

bool isModifier(int key) {
    return key == Qt::Key_Shift || key == Qt::Key_Control || key == Qt::Key_Alt || key == Qt::Key_Meta ||
           key == Qt::Key_AltGr || key == Qt::Key_CapsLock || key == Qt::Key_NumLock || key == 0 ||
           key == Qt::Key_unknown;
}

}  // namespace

KeyField::KeyField(QWidget* parent) : QLineEdit(parent) {
    setReadOnly(true);
    setPlaceholderText(tr("Press a key here"));
    setAccessibleName(tr("New key: press it here"));
    setContextMenuPolicy(Qt::NoContextMenu);
}

void KeyField::setKey(const QKeySequence& key) {
    m_key = key;
    setText(keyText(key));
    Q_EMIT keyChanged();
}

bool KeyField::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        event->accept();  // every key is for this field, also those that would be a command
        return true;
    }
    return QLineEdit::event(event);
}

void KeyField::keyPressEvent(QKeyEvent* event) {
    const bool plain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    const int key = event->key();
    if (isModifier(key)) {
        return;
    }
    if (plain && (key == Qt::Key_Return || key == Qt::Key_Enter || (key == Qt::Key_Escape && m_key.isEmpty()))) {
        event->ignore();  // for the dialog
        return;
    }
    if (plain && key == Qt::Key_Escape) {
        setKey({});
        return;
    }
    Qt::KeyboardModifiers modifiers = event->modifiers() & ~Qt::KeypadModifier;
    const QString text = event->text();
    const bool isSign =
        text.size() == 1 && text.at(0).isPrint() && !text.at(0).isLetterOrNumber() && !text.at(0).isSpace();
    if (isSign) {
        modifiers &= ~Qt::ShiftModifier;  // "?" is "?", whatever the keyboard needs for it
    }
    setKey(QKeySequence(QKeyCombination(modifiers, Qt::Key(key))));
}

ChangeKeysDialog::ChangeKeysDialog(KeyMap* keys, QWidget* parent) : QDialog(parent), m_keys(keys) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Change keys"));
    build();
    fill();
    connect(m_keys, &KeyMap::changed, this, [this] {
        for (int row = 0; row < m_list->topLevelItemCount(); ++row) {
            showKeysOf(m_list->topLevelItem(row));
        }
        showCurrent();
    });
    connect(m_list, &QTreeWidget::currentItemChanged, this, [this] {
        m_field->setKey({});
        showCurrent();
    });
    connect(m_list, &QTreeWidget::itemActivated, this, [this] { m_field->setFocus(); });
    connect(m_find, &QLineEdit::textChanged, this, &ChangeKeysDialog::filter);
    connect(m_field, &KeyField::keyChanged, this, &ChangeKeysDialog::tell);
    connect(m_add, &QPushButton::clicked, this, [this] {
        if (const auto command = current(); command && !m_field->key().isEmpty()) {
            const QKeySequence key = m_field->key();
            m_field->setKey({});
            m_keys->takeKey(*command, key);
            m_field->setFocus(Qt::OtherFocusReason);  // there is nothing to add now, so the button lets go of it
        }
    });
    connect(m_default, &QPushButton::clicked, this, [this] {
        if (const auto command = current()) {
            m_keys->useDefault(*command);
        }
    });
    connect(m_allDefault, &QPushButton::clicked, m_keys, &KeyMap::useDefaults);
    connect(m_single, &QCheckBox::toggled, m_keys, &KeyMap::setSingleKeys);
    m_list->setCurrentItem(m_list->topLevelItem(0));
    m_find->setFocus();
}

void ChangeKeysDialog::build() {
    const int gap = theme::space();
    m_find = new QLineEdit;
    m_find->setPlaceholderText(tr("Find a command or a key"));
    m_find->setAccessibleName(m_find->placeholderText());
    m_find->setClearButtonEnabled(true);
    m_list = new QTreeWidget;
    m_list->setColumnCount(ColumnCount);
    m_list->setHeaderLabels({tr("Command"), tr("Keys"), tr("Note")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAccessibleName(tr("Commands and their keys"));
    m_list->setMinimumSize(60 * gap, 16 * gap);
    m_command = new PlainLabel;
    QFont bold = m_command->font();
    bold.setWeight(QFont::DemiBold);
    m_command->setFont(bold);
    auto* caps = new QWidget;
    m_caps = new QHBoxLayout(caps);
    m_caps->setContentsMargins(0, 0, 0, 0);
    m_caps->setSpacing(gap);
    m_field = new KeyField;
    m_add = new QPushButton(tr("Add"));
    m_add->setAutoDefault(true);
    m_default = new QPushButton(tr("As it was"));
    m_default->setAutoDefault(false);
    m_says = new PlainLabel;
    m_single = new QCheckBox(tr("Single characters are keys (J, L, M \u2026); every command has another key too"));
    m_single->setChecked(m_keys->hasSingleKeys());
    m_allDefault = new QPushButton(tr("All as they were"));
    m_allDefault->setAutoDefault(false);
    auto* close = new QPushButton(tr("Close"));
    close->setAutoDefault(false);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);

    auto* entry = new QHBoxLayout;
    entry->addWidget(m_field, 1);
    entry->addWidget(m_add);
    entry->addWidget(m_default);
    auto* bottom = new QHBoxLayout;
    bottom->addWidget(m_single, 1);
    bottom->addWidget(m_allDefault);
    bottom->addWidget(close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * gap, 3 * gap, 3 * gap, 2 * gap);
    column->setSpacing(gap);
    column->addWidget(m_find);
    column->addWidget(m_list, 1);
    column->addWidget(m_command);
    column->addWidget(caps);
    column->addLayout(entry);
    column->addWidget(m_says);
    column->addSpacing(gap);
    column->addLayout(bottom);
    const QSize screen = this->screen()->availableSize();
    resize(QSize(86 * gap, 64 * gap).boundedTo(screen * 9 / 10));
}

void ChangeKeysDialog::fill() {
    for (const DeskCommandInfo& info : deskCommands()) {
        auto* item = new QTreeWidgetItem(m_list);
        item->setText(CommandColumn, nameOf(info));
        item->setData(CommandColumn, kCommandRole, int(info.command));
        showKeysOf(item);
    }
    m_list->header()->setSectionResizeMode(CommandColumn, QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(KeysColumn, QHeaderView::Interactive);
    m_list->header()->resizeSection(KeysColumn, 26 * theme::space());
}

void ChangeKeysDialog::showKeysOf(QTreeWidgetItem* item) {
    const auto command = DeskCommand(item->data(CommandColumn, kCommandRole).toInt());
    QStringList keys;
    QStringList conflicts;
    for (const QKeySequence& key : m_keys->chosenKeys(command)) {
        keys << keyText(key);
        if (const auto other = m_keys->otherOwner(key, command)) {
            const bool works = m_keys->keys(command).contains(key);
            const QString name = nameOf(deskCommands()[std::size_t(*other)]);
            conflicts << (works ? tr("%1 is set for \"%2\" too, but works here").arg(keyText(key), name)
                                : tr("%1 does \"%2\"").arg(keyText(key), name));
        }
    }
    item->setText(KeysColumn, keys.join(u"   "_s));
    item->setIcon(NoteColumn, conflicts.isEmpty() ? QIcon() : icon(u"warning"_s, IconTint::Warning));
    item->setText(NoteColumn, !conflicts.isEmpty()         ? conflicts.join(u"; "_s)
                              : m_keys->isChanged(command) ? tr("changed")
                                                           : QString());
}

void ChangeKeysDialog::filter(const QString& words) {
    QTreeWidgetItem* first = nullptr;
    for (int row = 0; row < m_list->topLevelItemCount(); ++row) {
        QTreeWidgetItem* const item = m_list->topLevelItem(row);
        const bool fits = item->text(CommandColumn).contains(words, Qt::CaseInsensitive) ||
                          item->text(KeysColumn).contains(words, Qt::CaseInsensitive);
        item->setHidden(!fits);
        first = first == nullptr && fits ? item : first;
    }
    if (first != nullptr && (m_list->currentItem() == nullptr || m_list->currentItem()->isHidden())) {
        m_list->setCurrentItem(first);
    }
}

std::optional<DeskCommand> ChangeKeysDialog::current() const {
    const QTreeWidgetItem* const item = m_list->currentItem();
    return item != nullptr ? std::optional(DeskCommand(item->data(CommandColumn, kCommandRole).toInt())) : std::nullopt;
}

void ChangeKeysDialog::showCurrent() {
    bool hadFocus = false;
    while (QLayoutItem* const old = m_caps->takeAt(0)) {
        if (QWidget* const button = old->widget()) {
            hadFocus = hadFocus || button->hasFocus();
            button->hide();
            button->deleteLater();
        }
        delete old;
    }
    const auto command = current();
    m_command->setText(command ? nameOf(deskCommands()[std::size_t(*command)]) : QString());
    QWidget* before = m_list;
    const QList<QKeySequence> keys = command ? m_keys->chosenKeys(*command) : QList<QKeySequence>();
    for (const QKeySequence& key : keys) {
        auto* remove = new QPushButton(icon(u"cancel"_s), keyText(key));
        remove->setAutoDefault(false);
        remove->setAccessibleName(tr("Remove the key %1").arg(keyText(key)));
        remove->setToolTip(remove->accessibleName());
        connect(remove, &QPushButton::clicked, this, [this, command, key] { m_keys->removeKey(*command, key); });
        m_caps->addWidget(remove);
        setTabOrder(before, remove);
        before = remove;
    }
    setTabOrder(before, m_field);
    if (hadFocus) {
        m_field->setFocus(Qt::OtherFocusReason);  // the key that was removed had it
    }
    if (keys.isEmpty()) {
        m_caps->addWidget(new PlainLabel(tr("No key")));
    }
    m_caps->addStretch(1);
    m_default->setEnabled(command && m_keys->isChanged(*command));
    tell();
}

void ChangeKeysDialog::tell() {
    const auto command = current();
    const QKeySequence key = m_field->key();
    const bool isOwn = command && m_keys->chosenKeys(*command).contains(key);
    const auto owner = command && !key.isEmpty() ? m_keys->otherOwner(key, *command) : std::nullopt;
    m_add->setEnabled(command && !key.isEmpty() && (!isOwn || owner));
    m_add->setText(owner ? tr("Take it") : tr("Add"));
    m_says->setText(owner ? tr("%1 is a key of \"%2\". \"Take it\" moves it here.")
                                .arg(keyText(key), nameOf(deskCommands()[std::size_t(*owner)]))
                    : isOwn ? tr("%1 is a key of this command already.").arg(keyText(key))
                            : QString());
}

}  // namespace earmark
