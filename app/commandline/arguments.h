// The argument tables of the subcommands and the one parser for them. Pure, any thread.
#pragma once

#include <QHash>
#include <QString>
#include <QStringList>
#include <span>
#include <tl/expected.hpp>

namespace earmark {

struct OptionSpec {
    enum class Kind { Flag, Value, Repeated };
    const char* name;  ///< without the dashes
    Kind kind = Kind::Flag;
    const char* placeholder = "";
};

struct CommandSpec {
    const char* name;      ///< "account add"
    const char* synopsis;  ///< what follows the name in the usage line
    const char* about;     ///< one line, source text for translation (context "CommandLine")
    std::span<const OptionSpec> options;
    int fewest = 0;  ///< positional arguments
    int most = 0;
};

class Arguments final {
 public:
    [[nodiscard]] bool has(const char* option) const { return m_values.contains(QString::fromLatin1(option)); }
    [[nodiscard]] QString value(const char* option, const QString& fallback = {}) const;
    [[nodiscard]] QStringList values(const char* option) const { return m_values.value(QString::fromLatin1(option)); }
    [[nodiscard]] const QStringList& positional() const { return m_positional; }

    /// "--name value", "--name=value", "--" ends the options. A value is taken as it is, also when it begins with a
    /// dash; only after a space it must not be one of the options. The error is a sentence for people.
    [[nodiscard]] static tl::expected<Arguments, QString> parse(const CommandSpec& spec, const QStringList& words);

 private:
    QHash<QString, QStringList> m_values;
    QStringList m_positional;
};

}  // namespace earmark
