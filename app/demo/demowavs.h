// The demo's recordings as WAV files, for the providers that give nothing else: decoded when first asked for, then
// kept. Blocking; any one thread, but never the main one.
#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>

namespace earmark {

class DemoWavs final {
 public:
    enum class Channels { Apart, Mixed };
    /// Empty when there is no such recording or it cannot be decoded here.
    [[nodiscard]] QByteArray wav(const QString& file, Channels channels);

 private:
    QHash<QString, QByteArray> m_kept;
};

}  // namespace earmark
