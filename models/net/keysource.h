// Where an account's API key comes from (keyring, environment, asked for this session). Main thread only.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>
#include <functional>

#include "models/domain/result.h"

namespace earmark {

class KeySource {
 public:
    virtual ~KeySource() = default;
    /// NoKey when none is known. `done` runs once in the main thread, not from within this call, not after `context`
    /// died.
    virtual void key(const QString& account, QObject* context, std::function<void(Result<QByteArray>)> done) = 0;
    /// Keeps a key in the keyring. Where there is none it is kept for this session only and the Error says what that
    /// means and which environment variable to set; the key works for this session either way.
    virtual void keep(const QString& account, const QByteArray& key, QObject* context,
                      std::function<void(Done)> done) = 0;
    virtual void forget(const QString& account, QObject* context, std::function<void(Done)> done) = 0;
};

}  // namespace earmark
