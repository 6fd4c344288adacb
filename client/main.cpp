// rastro: the command line.
#include <string>
#include <vector>

#include "client/program.hpp"

int main(int count, char** words) {
    return rastro::client::run_program(std::vector<std::string>(words + 1, words + count));
}
