#include "cases/password_rules.hpp"

#include <algorithm>

#include "cases/trace/text_fold.hpp"
#include "common/text.hpp"

namespace rastro::cases {

namespace {

constexpr std::size_t kUnexplainedNeeded = 6;
constexpr std::size_t kShortestNamePart = 4;

// Longer words first where one holds the other does not matter: every occurrence is marked.
constexpr std::string_view kWords[] = {
    // keyboards (QWERTY, AZERTY) and counting
    "QWERTY",
    "QWERTYUIOP",
    "QWERTZ",
    "AZERTY",
    "AZERTYUIOP",
    "ASDF",
    "ASDFGHJKL",
    "QSDFGH",
    "ZXCVBNM",
    "ZXCV",
    "WXCVBN",
    "QAZWSX",
    "WSXEDC",
    "1QAZ",
    "2WSX",
    "1Q2W3E4R",
    "Q1W2E3R4",
    "ZAQ12WSX",
    "QWER",
    "QWE",
    "ASD",
    "ZXC",
    "ABC",
    "XYZ",
    // English
    "PASSWORD",
    "PASSPHRASE",
    "PASSCODE",
    "PASS",
    "WELCOME",
    "LETMEIN",
    "LOGIN",
    "SECRET",
    "CHANGEME",
    "CHANGE",
    "DEFAULT",
    "TEST",
    "TESTING",
    "TRUSTNO1",
    "ADMIN",
    "ADMINISTRATOR",
    "ROOT",
    "USER",
    "GUEST",
    "MASTER",
    "SYSTEM",
    "SERVER",
    "COMPUTER",
    "INTERNET",
    "ACCESS",
    "MONKEY",
    "DRAGON",
    "SUNSHINE",
    "PRINCESS",
    "FOOTBALL",
    "BASEBALL",
    "BASKETBALL",
    "SOCCER",
    "HOCKEY",
    "SHADOW",
    "SUPERMAN",
    "BATMAN",
    "ILOVEYOU",
    "LOVE",
    "FREEDOM",
    "WHATEVER",
    "STARWARS",
    "POKEMON",
    "MICHAEL",
    "JENNIFER",
    "JESSICA",
    "CHARLIE",
    "JORDAN",
    "ASHLEY",
    "DANIEL",
    "THOMAS",
    "TIGER",
    "EAGLE",
    "FLOWER",
    "SUMMER",
    "WINTER",
    "SPRING",
    "AUTUMN",
    "JANUARY",
    "FEBRUARY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
    "MONDAY",
    "FRIDAY",
    "SUNDAY",
    "HELLO",
    "COOKIE",
    "CHOCOLATE",
    "KILLER",
    "HUNTER",
    "HELP",
    "PLEASE",
    // Spanish
    "CONTRASENA",
    "CLAVE",
    "SECRETO",
    "BIENVENIDO",
    "HOLA",
    "USUARIO",
    "ADMINISTRADOR",
    "SISTEMA",
    "ESTRELLA",
    "MARIPOSA",
    "PRINCESA",
    "TEAMO",
    "TEQUIERO",
    "AMOR",
    "AMIGO",
    "AMIGOS",
    "CORAZON",
    "FUTBOL",
    "BARCELONA",
    "REALMADRID",
    "ALEJANDRO",
    "ALEJANDRA",
    "CARLOS",
    "DANIELA",
    "FERNANDO",
    "JESUS",
    "MARIA",
    "DIOS",
    "FAMILIA",
    "VERANO",
    "INVIERNO",
    "PRIMAVERA",
    "OTONO",
    "ENERO",
    "FEBRERO",
    "AGOSTO",
    "DICIEMBRE",
    "CAMBIAME",
    "PRUEBA",
    // Portuguese
    "SENHA",
    "SEGREDO",
    "BEMVINDO",
    "ENTRAR",
    "TESTE",
    "MUDAR",
    "BRASIL",
    "FLAMENGO",
    "CORINTHIANS",
    "PALMEIRAS",
    "FUTEBOL",
    "GABRIEL",
    "RAFAEL",
    "JOAO",
    "ESTRELA",
    "BORBOLETA",
    "CORACAO",
    "SAUDADE",
    "VERAO",
    "JANEIRO",
    "DEZEMBRO",
    "AMORES",
    "FELICIDADE",
    // French
    "MOTDEPASSE",
    "BONJOUR",
    "BIENVENUE",
    "SOLEIL",
    "CHOCOLAT",
    "DOUDOU",
    "LOULOU",
    "JETAIME",
    "MARSEILLE",
    "NICOLAS",
    "ALEXANDRE",
    "CAMILLE",
    "BONHEUR",
    "PAPILLON",
    "ETOILE",
    "VACANCES",
    "CHANGER",
    "UTILISATEUR",
    "ADMINISTRATEUR",
    "FRANCE",
    "QUEBEC",
    "PRINTEMPS",
    "HIVER",
    // this work
    "RASTRO",
    "TRACE",
    "TRACING",
    "FIREARM",
    "WEAPON",
    "PISTOL",
    "RIFLE",
    "GLOCK",
    "POLICE",
    "POLICIA",
    "CUSTOMS",
    "ADUANA",
    "ADUANAS",
    "JUSTICE",
    "JUSTICIA",
    "JUSTICA",
    "ARMA",
    "ARMAS",
    "FUEGO",
    "FISCALIA",
    "AGENCY",
    "AGENCIA",
    "DETECTIVE",
    "SERGEANT",
    "OFFICER",
};

// Letters that digits and signs stand for in the spelling p4$$w0rd.
char plain_letter(char c) {
    switch (c) {
        case '0':
            return 'O';
        case '1':
        case '!':
        case '|':
            return 'I';
        case '3':
            return 'E';
        case '4':
        case '@':
            return 'A';
        case '5':
        case '$':
            return 'S';
        case '7':
            return 'T';
        default:
            return c;
    }
}

void mark_words(std::string_view text, std::vector<bool>& explained) {
    for (auto word : kWords) {
        for (auto at = text.find(word); at != std::string_view::npos;
             at = text.find(word, at + 1)) {
            std::fill_n(explained.begin() + static_cast<std::ptrdiff_t>(at), word.size(), true);
        }
    }
}

// Three or more characters in steps of 0, +1 or -1.
void mark_runs(std::string_view text, std::vector<bool>& explained) {
    for (int step = -1; step <= 1; ++step) {
        std::size_t start = 0;
        for (std::size_t i = 1; i <= text.size(); ++i) {
            if (i < text.size() && text[i] - text[i - 1] == step) {
                continue;
            }
            if (i - start >= 3) {
                std::fill(explained.begin() + static_cast<std::ptrdiff_t>(start),
                          explained.begin() + static_cast<std::ptrdiff_t>(i),
                          true);
            }
            start = i;
        }
    }
}

void mark_years(std::string_view text, std::vector<bool>& explained) {
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    for (std::size_t i = 0; i + 4 <= text.size(); ++i) {
        auto const year = text.substr(i, 4);
        if ((year.starts_with("19") || year.starts_with("20")) && is_digit(year[2]) &&
            is_digit(year[3])) {
            std::fill_n(explained.begin() + static_cast<std::ptrdiff_t>(i), 4, true);
        }
    }
}

std::size_t count_unexplained(std::string_view folded) {
    std::vector<bool> explained(folded.size(), false);
    mark_words(folded, explained);
    mark_runs(folded, explained);
    mark_years(folded, explained);
    std::string letters(folded);
    std::ranges::transform(letters, letters.begin(), plain_letter);
    mark_words(letters, explained);
    return static_cast<std::size_t>(std::ranges::count(explained, false));
}

// The shortest text that, repeated, gives the whole.
std::string_view unit_of_repetition(std::string_view text) {
    for (std::size_t length = 1; length <= text.size() / 2; ++length) {
        if (text.size() % length == 0 &&
            text.substr(length) == text.substr(0, text.size() - length)) {
            return text.substr(0, length);
        }
    }
    return text;
}

void add_parts(std::vector<std::string>& parts, std::string_view name) {
    auto const words = fold_words(name);
    for (auto part : split(words, ' ')) {
        if (part.size() >= kShortestNamePart) {
            parts.emplace_back(part);
        }
    }
    auto const whole = letters_and_digits(words);
    if (whole.size() >= kShortestNamePart) {
        parts.push_back(whole);
    }
}

bool has_name(std::string_view password, PasswordOwner const& owner) {
    std::vector<std::string> parts;
    for (std::string_view name : {std::string_view(owner.login),
                                  std::string_view(owner.display_name),
                                  std::string_view(owner.agency),
                                  std::string_view(owner.agency_name)}) {
        add_parts(parts, name);
    }
    auto const folded = letters_and_digits(fold_text(password));
    return std::ranges::any_of(
        parts, [&](std::string const& part) { return folded.find(part) != std::string::npos; });
}

}  // namespace

std::span<std::string_view const> common_password_words() {
    return kWords;
}

bool is_common_password(std::string_view password) {
    auto const folded = fold_text(password);
    auto const unit = unit_of_repetition(folded);
    return unit.size() < kUnexplainedNeeded || count_unexplained(unit) < kUnexplainedNeeded;
}

std::vector<std::string_view> faults_of_password(std::string_view password,
                                                 PasswordOwner const& owner) {
    std::vector<std::string_view> faults;
    auto const length = count_code_points(password);
    if (length < kMinPasswordLength) {
        faults.emplace_back("password_too_short");
    }
    if (length > kMaxPasswordLength) {
        faults.emplace_back("password_too_long");
        return faults;
    }
    if (!is_valid_utf8(password) || has_control_characters(password)) {
        faults.emplace_back("password_has_control_characters");
        return faults;
    }
    if (is_common_password(password)) {
        faults.emplace_back("password_common");
    }
    if (has_name(password, owner)) {
        faults.emplace_back("password_has_name");
    }
    return faults;
}

}  // namespace rastro::cases
