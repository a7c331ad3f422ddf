// A server's list as the walk of its pages meets it, without network: it changes between two answers by a random
// schedule, and lies in the ways its dialect can lie. Any thread, one at a time.
#pragma once

#include <QStringList>
#include <random>

#include "models/sync/walkrules.h"

namespace earmark::test {

/// How a dialect pages, as far as the rules can see it.
struct PagingStyle {
    const char* name;
    bool saysMore;              ///< hasMore, has_next, next_page_url
    bool moreFollowsTheTotal;   ///< current_page < last_page, and last_page comes from the total
    bool rowsMoveByThemselves;  ///< default order updatedAt descending
    int askedSize;
    int sizeWhenIgnored;
};

inline constexpr PagingStyle kPagingStyles[] = {
    {"yotel", false, false, false, 20, 10},
    {"atoms", true, false, true, 25, 5},
    {"vatel", true, false, false, 20, 50},
    {"autocalls", true, true, false, 15, 7},
};

class ShiftingList final {
 public:
    /// What is wrong with the server for as long as the schedule lasts.
    struct Habits {
        enum class Total { True, Zero, Missing, TooBig, TooSmall, CountsThePage } total = Total::True;
        enum class BeyondEnd { Empty, FirstPage, LastPage } beyond = BeyondEnd::Empty;
        bool moreForEver = false;
        bool sizeIgnored = false;
        bool sizeDenied = false;  ///< says the size it was asked for, whatever it gives
    };
    enum class Changes {
        OneAtATime,  ///< between two answers rows come or go, not both
        InBursts
    };

    ShiftingList(const PagingStyle& style, unsigned seed);

    [[nodiscard]] PageFacts answer(int page);  ///< changes first, where the schedule says so
    void stopChanging() { m_changing = m_slipping = false; }
    void stopSlipping() { m_slipping = false; }  ///< no more single wrong answers
    void setChanges(Changes changes) { m_changes = changes; }
    void changeSet();    ///< one row comes or goes
    void changeSize();   ///< pages are as large as was asked from now on, or no longer
    void changeOrder();  ///< a row goes to the top, to anywhere, or all are shuffled

    [[nodiscard]] const QStringList& rows() const { return m_rows; }
    [[nodiscard]] const Habits& habits() const { return m_habits; }
    [[nodiscard]] int givenSize() const;
    [[nodiscard]] int mostRows() const { return m_mostRows; }
    [[nodiscard]] bool hasChanged() const { return m_changed; }
    [[nodiscard]] PageFacts habitualPage(int page) const;  ///< without further changes
    [[nodiscard]] int below(int bound) { return bound <= 0 ? 0 : int(m_random() % unsigned(bound)); }
    [[nodiscard]] bool chance(int percent) { return below(100) < percent; }

 private:
    /// A page of fewer rows than were asked for, said to be of the size asked for, with a total that counts the page:
    /// that is in every word the answer of a list which ends there.
    [[nodiscard]] bool mayIgnoreSize() const { return m_habits.total != Habits::Total::CountsThePage; }
    void change();
    [[nodiscard]] PageFacts honestPage(int page) const;
    [[nodiscard]] static bool looksWhole(const PageFacts& facts);
    void lieOnce(PageFacts& facts);
    [[nodiscard]] QString newId() { return QStringLiteral("new-%1").arg(++m_created); }

    PagingStyle m_style;
    std::mt19937 m_random;
    Habits m_habits;
    Changes m_changes = Changes::OneAtATime;
    QStringList m_rows;
    int m_percent;  ///< of the answers that a change precedes
    int m_created = 0;
    int m_mostRows = 0;
    qint64 m_wrongTotal = 0;
    bool m_changing = true;
    bool m_slipping = true;
    bool m_changed = false;
};

}  // namespace earmark::test
