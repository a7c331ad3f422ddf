// DeskSettings in a JSON file of the profile: read once before the window, written on a pool thread a moment after the
// last change and at the end. Main thread only.
#pragma once

#include <QTimer>
#include <QVariantMap>
#include <memory>

#include "ui/common/desksettings.h"

class QThreadPool;

namespace earmark {

class Settings final : public QObject, public DeskSettings {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Settings)

 public:
    /// Reads the file (blocking; before the window). A damaged file is set aside with the time in its name, and the
    /// defaults count; problem() then says so.
    explicit Settings(const QString& file, QObject* parent = nullptr);
    ~Settings() override;  ///< writes what is not written yet

    [[nodiscard]] QVariant value(const QString& key, const QVariant& fallback = {}) const override;
    void setValue(const QString& key, const QVariant& value) override;

    [[nodiscard]] QString problem() const { return m_problem; }

 private:
    void read();
    void write();

    QString m_file;
    QString m_problem;
    QVariantMap m_values;
    QTimer m_writeSoon;
    std::unique_ptr<QThreadPool> m_pool;
    bool m_isDirty = false;
};

}  // namespace earmark
