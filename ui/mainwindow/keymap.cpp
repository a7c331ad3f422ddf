#include "ui/mainwindow/keymap.h"

#include <algorithm>

#include "ui/common/desksettings.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

const QString kSingleKeys = u"keys/singleCharacters"_s;

QString settingOf(const DeskCommandInfo& info) {
    return u"keys/own/"_s + QLatin1StringView(info.name);
}

const DeskCommandInfo& infoOf(DeskCommand command) {
    return deskCommands()[std::size_t(command)];
}

}  // namespace

KeyMap::KeyMap(DeskSettings* settings, QObject* parent) : QObject(parent), m_settings(settings) {}

QList<QKeySequence> KeyMap::chosenKeys(DeskCommand command) const {
    const DeskCommandInfo& info = infoOf(command);
    const QVariant own = m_settings != nullptr ? m_settings->value(settingOf(info)) : QVariant();
    if (own.isNull()) {
        return commandKeys(info);
    }
    QList<QKeySequence> keys;
    for (const QString& text : own.toStringList()) {
        const QKeySequence key(text, QKeySequence::PortableText);
        // A settings file can say anything; a key that is none, or a chain of them, is left out.
        if (key.count() == 1 && key[0].key() != Qt::Key_unknown && !keys.contains(key)) {
            keys << key;
        }
    }
    return keys;
}

QList<QKeySequence> KeyMap::keys(DeskCommand command) const {
    QList<QKeySequence> keys = chosenKeys(command);
    for (const DeskCommandInfo& info : deskCommands().first(std::size_t(command))) {
        for (const QKeySequence& taken : chosenKeys(info.command)) {
            keys.removeAll(taken);
        }
    }
    if (!hasSingleKeys()) {
        keys.removeIf(&KeyMap::isSingleKey);
    }
    return keys;
}

bool KeyMap::isChanged(DeskCommand command) const {
    return chosenKeys(command) != commandKeys(infoOf(command));
}

std::optional<DeskCommand> KeyMap::otherOwner(const QKeySequence& key, DeskCommand than) const {
    for (const DeskCommandInfo& info : deskCommands()) {
        if (info.command != than && chosenKeys(info.command).contains(key)) {
            return info.command;
        }
    }
    return std::nullopt;
}

void KeyMap::keep(DeskCommand command, const QList<QKeySequence>& keys) {
    QStringList texts;
    for (const QKeySequence& key : keys) {
        texts << key.toString(QKeySequence::PortableText);
    }
    if (m_settings != nullptr) {
        const bool asBefore = keys == commandKeys(infoOf(command));
        m_settings->setValue(settingOf(infoOf(command)), asBefore ? QVariant() : QVariant(texts));
    }
}

void KeyMap::addKey(DeskCommand command, const QKeySequence& key) {
    QList<QKeySequence> keys = chosenKeys(command);
    if (!key.isEmpty() && !keys.contains(key)) {
        keep(command, keys << key);
        Q_EMIT changed();
    }
}

void KeyMap::takeKey(DeskCommand command, const QKeySequence& key) {
    while (const auto owner = otherOwner(key, command)) {
        QList<QKeySequence> keys = chosenKeys(*owner);
        keys.removeAll(key);
        keep(*owner, keys);
    }
    addKey(command, key);
    Q_EMIT changed();
}

void KeyMap::removeKey(DeskCommand command, const QKeySequence& key) {
    QList<QKeySequence> keys = chosenKeys(command);
    if (keys.removeAll(key) > 0) {
        keep(command, keys);
        Q_EMIT changed();
    }
}

void KeyMap::useDefault(DeskCommand command) {
    keep(command, commandKeys(infoOf(command)));
    Q_EMIT changed();
}

void KeyMap::useDefaults() {
    for (const DeskCommandInfo& info : deskCommands()) {
        keep(info.command, commandKeys(info));
    }
    Q_EMIT changed();
}

bool KeyMap::hasSingleKeys() const {
    return m_settings == nullptr || m_settings->value(kSingleKeys, true).toBool();
}

void KeyMap::setSingleKeys(bool on) {
    if (m_settings != nullptr) {
        m_settings->setValue(kSingleKeys, on);
    }
    Q_EMIT changed();
}

bool KeyMap::isSingleKey(const QKeySequence& key) {
    if (key.count() != 1) {
        return false;
    }
    const QKeyCombination combination = key[0];
    const bool plain = (combination.keyboardModifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == Qt::NoModifier;
    // Characters have their code; keys without one (arrows, F-keys, Backspace) lie far above.
    return plain && combination.key() > Qt::Key_Space && combination.key() < Qt::Key_Escape;
}

}  // namespace earmark
