// Writes the request's body to the file named, and its user agent to standard output, for peers in other languages.

#include "request.hpp"

#include <fstream>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: peer-request FILE\n";
        return 2;
    }
    const std::string body = yunhu::bench::request_body(yunhu::bench::id_source().next());
    std::ofstream out(argv[1], std::ios::binary);
    out << body;
    out.close();
    if (!out) {
        std::cerr << "peer-request: can't write " << argv[1] << '\n';
        return 1;
    }
    std::cout << yunhu::bench::user_agent() << '\n';
    return 0;
}
