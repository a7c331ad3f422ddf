// Standard output for results, standard error for everything else. Main thread only.
#pragma once

#include <QByteArray>
#include <QString>

namespace earmark {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitPartly = 3;

class Console final {
 public:
    void print(const QByteArray& utf8);  ///< as it is
    void print(const QString& text);
    void line(const QString& text);       ///< text and a line break
    void say(const QString& text) const;  ///< to standard error, one line
    void flush();
    /// A closed or full standard output turns "done" into "failed": half a result must not pass for a whole one.
    [[nodiscard]] int finish(int exitCode);

 private:
    QByteArray m_buffer;
    int m_failed = 0;  ///< errno of the write that failed
};

}  // namespace earmark
