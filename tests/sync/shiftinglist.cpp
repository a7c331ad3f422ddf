#include "tests/sync/shiftinglist.h"

#include <algorithm>

namespace earmark::test {

using Habits = ShiftingList::Habits;

ShiftingList::ShiftingList(const PagingStyle& style, unsigned seed) : m_style(style), m_random(seed) {
    const int count = chance(5) ? below(3) : below(style.askedSize * 6);
    for (int i = 0; i < count; ++i) {
        m_rows.append(QStringLiteral("row-%1").arg(i));
    }
    m_percent = chance(20) ? 0 : 5 + below(50);
    m_mostRows = count;
    if (chance(50)) {
        constexpr Habits::Total kTotals[] = {Habits::Total::True,    Habits::Total::Zero,
                                             Habits::Total::Missing, Habits::Total::TooSmall,
                                             Habits::Total::TooBig,  Habits::Total::CountsThePage};
        m_habits.total = kTotals[below(6)];
        m_habits.beyond = Habits::BeyondEnd(below(3));
        m_habits.moreForEver = style.saysMore && chance(30);
        m_habits.sizeIgnored = mayIgnoreSize() && chance(30);
        m_habits.sizeDenied = chance(50);
    }
    // Too small: below what the first page shows already. (One that ends just with a later page looks like the end.)
    m_wrongTotal = m_habits.total == Habits::Total::TooBig ? count + 1 + below(2000) : 1 + below(givenSize() - 1);
}

int ShiftingList::givenSize() const {
    return m_habits.sizeIgnored ? m_style.sizeWhenIgnored : m_style.askedSize;
}

void ShiftingList::changeSet() {
    m_changed = true;
    const int kind = below(3);
    if (kind == 0) {
        m_rows.prepend(newId());
    } else if (kind == 1) {
        m_rows.insert(below(int(m_rows.size()) + 1), newId());
    } else if (!m_rows.isEmpty()) {
        m_rows.removeAt(below(int(m_rows.size())));
    }
    m_mostRows = std::max(m_mostRows, int(m_rows.size()));
}

void ShiftingList::changeSize() {
    m_habits.sizeIgnored = mayIgnoreSize() && !m_habits.sizeIgnored;
    if (m_habits.total == Habits::Total::TooSmall) {
        m_wrongTotal = std::min<qint64>(m_wrongTotal, givenSize() - 1);
    }
}

void ShiftingList::changeOrder() {
    if (m_rows.isEmpty()) {
        return;
    }
    m_changed = true;
    const int from = below(int(m_rows.size()));
    const int kind = below(m_style.rowsMoveByThemselves ? 8 : 4);
    if (kind == 0) {
        std::shuffle(m_rows.begin(), m_rows.end(), m_random);
    } else if (kind == 1) {
        m_rows.move(from, below(int(m_rows.size())));
    } else {
        m_rows.move(from, 0);
    }
}

void ShiftingList::change() {
    const int times = m_changes == Changes::InBursts ? 1 + below(4) : 1;
    for (int i = 0; i < times; ++i) {
        if (chance(60)) {
            changeSet();
        }
        if (chance(50)) {
            changeOrder();
        }
    }
}

PageFacts ShiftingList::honestPage(int page) const {
    const int size = givenSize();
    PageFacts facts;
    facts.page = page;
    facts.ids = m_rows.mid(std::min<qsizetype>(qsizetype(page - 1) * size, m_rows.size()), size);
    facts.total = m_rows.size();
    facts.pageSize = m_habits.sizeDenied ? m_style.askedSize : size;
    if (m_style.saysMore) {
        facts.hasMore = qint64(page) * size < m_rows.size();
    }
    return facts;
}

PageFacts ShiftingList::habitualPage(int page) const {
    PageFacts facts = honestPage(page);
    if (facts.ids.isEmpty() && page > 1 && m_habits.beyond != Habits::BeyondEnd::Empty) {
        const int last = std::max(1, (int(m_rows.size()) + givenSize() - 1) / givenSize());
        facts.ids = honestPage(m_habits.beyond == Habits::BeyondEnd::FirstPage ? 1 : last).ids;
    }
    switch (m_habits.total) {
        case Habits::Total::True:
            break;
        case Habits::Total::Zero:
            facts.total = 0;
            break;
        case Habits::Total::Missing:
            facts.total.reset();
            break;
        case Habits::Total::TooBig:
        case Habits::Total::TooSmall:
            facts.total = m_wrongTotal;
            break;
        case Habits::Total::CountsThePage:
            facts.total = facts.ids.size();
            break;
    }
    const bool countsAll = m_habits.total != Habits::Total::CountsThePage && facts.total;
    if (m_style.moreFollowsTheTotal && countsAll) {
        facts.hasMore = qint64(page) * givenSize() < *facts.total;
    }
    if (m_habits.moreForEver) {
        facts.hasMore = true;
    }
    facts.rows = int(facts.ids.size());
    return facts;
}

/// A first page that has just as many rows as it says there are, and no word of more: no client asks for the next.
bool ShiftingList::looksWhole(const PageFacts& facts) {
    return facts.page == 1 && facts.total == facts.ids.size() && !facts.hasMore.value_or(false);
}

/// A single wrong answer.
void ShiftingList::lieOnce(PageFacts& facts) {
    switch (below(5)) {
        case 0:
            facts.ids.clear();
            break;
        case 1:
            facts.ids = honestPage(std::max(1, facts.page - 1)).ids;
            break;
        case 2:
            facts.total = below(300) + facts.rows + 1;
            break;
        case 3:
            facts.ids = facts.ids.mid(0, facts.ids.size() / 2);
            break;
        case 4:
            facts.hasMore = m_style.saysMore ? std::optional(chance(50)) : std::nullopt;
            break;
        default:
            break;
    }
}

PageFacts ShiftingList::answer(int page) {
    if (m_changing && chance(m_percent)) {
        change();
    }
    PageFacts facts = habitualPage(page);
    // Two lies at once that agree cannot be told from the truth.
    if (m_slipping && m_percent > 0 && m_habits.total != Habits::Total::CountsThePage && chance(4)) {
        PageFacts lie = facts;
        lieOnce(lie);
        // With a habit's wrong total the wrong answer may be that of another list in every word, an honest one.
        if (!looksWhole(lie) || lie.ids.size() == m_rows.size()) {
            facts = lie;
        }
    }
    facts.rows = int(facts.ids.size());
    return facts;
}

}  // namespace earmark::test
