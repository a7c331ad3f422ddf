// The real program under strace: which files it opened, whom it connected to, what it started, how much memory it took.
// Main thread.
#pragma once

#include <QSet>

#include "tests/app/program.h"

namespace earmark::test {

class Traced final {
 public:
    /// Why tracing is impossible here (no strace, ptrace forbidden); "" where it works.
    [[nodiscard]] static QString whyNot();

    enum class Memory { Measured, NotMeasured };
    explicit Traced(Memory memory = Memory::Measured);
    [[nodiscard]] Program& program() { return m_program; }
    [[nodiscard]] Ran run(const QStringList& arguments, const QByteArray& input = {}, int timeoutMs = 60'000);

    /// Of all runs so far: files that are neither the profile's nor of the system's kind that every program needs.
    [[nodiscard]] QStringList oddFiles() const;
    /// "127.0.0.1:8080", "unix:/run/...": targets of connect() that are none of `servers`.
    [[nodiscard]] QStringList oddConnections(const QList<int>& ports) const;
    [[nodiscard]] int startedPrograms() const { return m_started; }  ///< the program itself is one per run
    [[nodiscard]] int runs() const { return m_runs; }
    /// The most memory that any run so far has had at one time, in MiB.
    [[nodiscard]] qint64 peakMiB() const { return m_peakKiB / 1024; }

 private:
    void read(const QString& file);

    Program m_program;
    QSet<QString> m_files;
    QSet<QString> m_connections;
    qint64 m_peakKiB = 0;
    int m_started = 0;
    int m_runs = 0;
};

}  // namespace earmark::test
