#include "app/demo/demoaccounts.h"

#include <algorithm>

#include "models/providers/readdialect.h"

namespace earmark {

using namespace Qt::StringLiterals;

std::vector<Account> demoAccounts(const DemoServer& server, const std::vector<Account>& known) {
    const auto knownAs = [&known](const QString& name) {
        return std::find_if(known.begin(), known.end(), [&](const Account& one) { return one.name == name; });
    };
    const QString first = u"demo"_s;
    std::vector<Account> accounts;
    for (const Provider provider : {Provider::Yotel, Provider::Atoms, Provider::Vatel, Provider::Autocalls}) {
        if (readDialectFor(provider) == nullptr) {
            continue;
        }
        const bool keepsFirst = provider == Provider::Yotel && knownAs(first) != known.end();
        const QString name = keepsFirst ? first : QString(u"north-"_s + word(provider));
        // What was set for it since stays.
        Account account = knownAs(name) != known.end() ? *knownAs(name) : Account();
        account.name = name;
        account.provider = provider;
        account.baseUrl = server.baseUrl(provider);  // another port at each start
        accounts.push_back(account);
    }
    return accounts;
}

}  // namespace earmark
