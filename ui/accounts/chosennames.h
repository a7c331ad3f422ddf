// Which campaigns (agents, sources) of an account are loaded: all, or those with a mark. Searched as it is typed; an id
// that no list names can be added by typing it. Main thread only.
#pragma once

#include <QStringList>
#include <QWidget>
#include <vector>

class QCheckBox;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace earmark {

class IconLine;

class ChosenNames final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChosenNames)

 public:
    struct Words {
        QString all;     ///< "All campaigns"
        QString search;  ///< "Search campaigns, or type an id and press Enter"
        QString fetch;   ///< "Fetch the campaigns"; "" = they cannot be fetched
    };
    struct Entry {
        QString id;
        QString name;  ///< "" where there is none
    };

    explicit ChosenNames(const Words& words, QWidget* parent = nullptr);

    /// What can be chosen from; marks stay. Ids with a mark that are not among them stay in the list.
    void offer(const std::vector<Entry>& entries);
    void choose(const QStringList& ids);  ///< none: all. What was offered before goes
    [[nodiscard]] QStringList chosen() const;
    /// "All campaigns" is off and nothing has a mark: nobody can mean that.
    [[nodiscard]] bool isNothingChosen() const;
    void say(const QString& iconName, const QString& sentence);  ///< under the list; "" hides it
    void setMayFetch(bool may);

 Q_SIGNALS:
    void changed();
    void fetchWanted();

 private:
    void add(const Entry& entry, bool marked);
    void filter();
    void addTyped();
    void showWhatCounts();

    QCheckBox* m_all;
    QLineEdit* m_search;
    QListWidget* m_list;
    QPushButton* m_fetch;
    IconLine* m_says;
};

}  // namespace earmark
