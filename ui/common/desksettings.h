// What the desk remembers between sessions (columns, sizes, volume, filters used). Main thread only. Values live in
// memory; the implementation (app/settings) reads the file once before the window and writes it on a pool thread.
#pragma once

#include <QString>
#include <QVariant>

namespace earmark {

class DeskSettings {
 public:
    virtual ~DeskSettings() = default;
    [[nodiscard]] virtual QVariant value(const QString& key, const QVariant& fallback = {}) const = 0;
    virtual void setValue(const QString& key,
                          const QVariant& value) = 0;  ///< strings, numbers, bools, lists and maps of them; QByteArray
};

}  // namespace earmark
