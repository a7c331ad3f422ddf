// Table and details side by side or one below the other, as the user said or as the window's size suggests; remembers
// the sizes of both ways. Main thread only.
#pragma once

#include <QSplitter>

namespace earmark {

class DeskSettings;

class DeskSplitter final : public QSplitter {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DeskSplitter)

 public:
    explicit DeskSplitter(DeskSettings* settings, QWidget* parent = nullptr);
    /// "right", "below", or anything else for: by the size of the window.
    void setPlace(const QString& word);
    void placeFor(const QSize& window);
    void saveSizes();

    [[nodiscard]] static QString placeSetting();  ///< the key under which the word is kept

 private:
    enum class Place { Automatic, Right, Below };

    DeskSettings* m_settings;
    Place m_place = Place::Automatic;
    QSize m_window;
    bool m_placed = false;
};

}  // namespace earmark
