// A device that sound can come out of, as the system names it. Plain values, any thread.
#pragma once

#include <QByteArray>
#include <QString>

namespace earmark {

struct OutputDevice {
    QByteArray id;
    QString name;
    bool isDefault = false;

    friend bool operator==(const OutputDevice&, const OutputDevice&) = default;
};

}  // namespace earmark
