/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include "base/network.h"

static void set_peer(const char *text, struct sockaddr_storage *peer_out)
{
    struct sockaddr_in *in4 = (struct sockaddr_in *)(void *)peer_out;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)peer_out;

    memset(peer_out, 0, sizeof *peer_out);
    if (inet_pton(AF_INET, text, &in4->sin_addr) == 1) {
        in4->sin_family = AF_INET;
        return;
    }
    in6->sin6_family = AF_INET6;
    assert_int_equal(inet_pton(AF_INET6, text, &in6->sin6_addr), 1);
}

static void a_peer_is_in_its_network_only(void **state)
{
    static const struct {
        const char *name, *network, *peer;
        bool is_in;
    } rows[] = {
        {"the first", "192.0.2.0/24", "192.0.2.0", true},
        {"the last", "192.0.2.0/24", "192.0.2.255", true},
        {"one before", "192.0.2.0/24", "192.0.1.255", false},
        {"one behind", "192.0.2.0/24", "192.0.3.0", false},
        {"a prefix within an octet, in", "192.0.2.64/26", "192.0.2.127", true},
        {"a prefix within an octet, out", "192.0.2.64/26", "192.0.2.128", false},
        {"one address", "192.0.2.1", "192.0.2.1", true},
        {"another address", "192.0.2.1", "192.0.2.2", false},
        {"/32", "192.0.2.1/32", "192.0.2.1", true},
        {"/31", "192.0.2.0/31", "192.0.2.1", true},
        {"all of IPv4", "0.0.0.0/0", "203.0.113.9", true},
        {"all of IPv4 has no IPv6", "0.0.0.0/0", "2001:db8::1", false},
        {"IPv6", "2001:db8::/32", "2001:db8:ffff::1", true},
        {"IPv6 beside it", "2001:db8::/32", "2001:db9::", false},
        {"IPv6 /128", "2001:db8::1", "2001:db8::1", true},
        {"IPv6 /127, out", "2001:db8::/127", "2001:db8::2", false},
        {"mapped peer is its IPv4 self", "192.0.2.0/24", "::ffff:192.0.2.9", true},
        {"mapped network", "::ffff:192.0.2.0/120", "192.0.2.9", true},
        {"mapped network, out", "::ffff:192.0.2.0/120", "192.0.3.9", false},
        {"compatible address is not IPv4", "192.0.2.0/24", "::192.0.2.9", false},
        {"all of IPv6", "::/0", "2001:db8::1", true},
        {"all of IPv6 has no IPv4", "::/0", "192.0.2.1", false},
        {"::/64 has no IPv4", "::/64", "192.0.2.1", false},
        {"loopback", "127.0.0.0/8", "127.0.0.1", true},
        {"IPv6 loopback is no IPv4 loopback", "127.0.0.0/8", "::1", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sockaddr_storage peer;
        struct network network;
        struct error err = {.text = ""};

        set_peer(rows[i].peer, &peer);
        if (!network_parse(rows[i].network, &network, &err))
            check_text(rows[i].name, err.text, "no error");
        else
            check_number(rows[i].name,
                         network_contains(&network, 1, (struct sockaddr *)&peer),
                         rows[i].is_in);
    }
}

#define NO_NETWORK "is not a network such as 192.0.2.0/24 or 2001:db8::/32"

static void what_is_no_network_is_refused(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"empty", "", NO_NETWORK},
        {"only a prefix", "/24", NO_NETWORK},
        {"three octets", "192.0.2/24", NO_NETWORK},
        {"octet over 255", "192.0.2.256", NO_NETWORK},
        {"octal octet", "192.0.02.1", NO_NETWORK},
        {"host name", "localhost", NO_NETWORK},
        {"space before", " 192.0.2.1", NO_NETWORK},
        {"space behind", "192.0.2.1 ", NO_NETWORK},
        {"zone", "fe80::1%lo", NO_NETWORK},
        {"brackets", "[::1]", NO_NETWORK},
        {"too long for an address",
         "2001:0db8:0000:0000:0000:0000:0000:0000:0000:0000:0001", "is not a network"},
        {"no prefix length", "192.0.2.0/", "needs a prefix length from 0 to 32"},
        {"prefix of 33", "192.0.2.0/33", "needs a prefix length from 0 to 32"},
        {"prefix of 129", "2001:db8::/129", "needs a prefix length from 0 to 128"},
        {"negative prefix", "192.0.2.0/-1", "needs a prefix length from 0 to 32"},
        {"signed prefix", "192.0.2.0/+8", "needs a prefix length from 0 to 32"},
        {"netmask", "192.0.2.0/255.255.255.0", "needs a prefix length from 0 to 32"},
        {"overflowing prefix", "192.0.2.0/4294967304",
         "needs a prefix length from 0 to 32"},
        {"two prefixes", "192.0.2.0/24/24", "needs a prefix length from 0 to 32"},
        {"bits below", "192.0.2.1/24", "has bits set beyond its prefix length /24"},
        {"last bit below", "192.0.2.1/31", "has bits set beyond its prefix length /31"},
        {"bits below /0", "128.0.0.0/0", "has bits set beyond its prefix length /0"},
        {"bits below in IPv6", "2001:db8::1/32",
         "has bits set beyond its prefix length /32"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct network network;
        struct error err = {.text = "no error"};

        check_true(rows[i].name, !network_parse(rows[i].text, &network, &err));
        check_text(rows[i].name, err.text, rows[i].want);
    }
}

static void nobody_is_in_no_network(void **state)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct sockaddr_storage peer;
    struct network networks[2];
    struct error err;

    (void)state;
    assert_true(network_parse("0.0.0.0/0", &networks[0], &err));
    assert_true(network_parse("2001:db8::/32", &networks[1], &err));
    set_peer("2001:db8::1", &peer);
    check_true("second of two",
               network_contains(networks, 2, (struct sockaddr *)&peer));
    check_true("only the first asked",
               !network_contains(networks, 1, (struct sockaddr *)&peer));
    check_true("no networks", !network_contains(NULL, 0, (struct sockaddr *)&peer));
    check_true("no peer", !network_contains(networks, 2, NULL));
    check_true("a local socket",
               !network_contains(networks, 2, (struct sockaddr *)&local));
}

static void a_peer_has_a_name(void **state)
{
    static const struct {
        const char *name, *peer, *want;
    } rows[] = {
        {"IPv4", "192.0.2.9", "192.0.2.9"},
        {"IPv6", "2001:db8::1", "2001:db8::1"},
        {"IPv4 in IPv6", "::ffff:192.0.2.9", "192.0.2.9"},
    };
    const struct sockaddr local = {.sa_family = AF_UNIX};
    char text[NETWORK_PEER_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sockaddr_in in4 = {.sin_family = AF_INET};
        struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
        bool is_in4 = inet_pton(AF_INET, rows[i].peer, &in4.sin_addr) == 1;

        if (!is_in4)
            assert_int_equal(inet_pton(AF_INET6, rows[i].peer, &in6.sin6_addr), 1);
        network_name_peer(is_in4 ? (struct sockaddr *)&in4 : (struct sockaddr *)&in6,
                          text);
        check_text(rows[i].name, text, rows[i].want);
    }
    network_name_peer(&local, text);
    check_text("a local socket", text, "");
    network_name_peer(NULL, text);
    check_text("nobody", text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_peer_is_in_its_network_only),
        UNIT_TEST(what_is_no_network_is_refused),
        UNIT_TEST(nobody_is_in_no_network),
        UNIT_TEST(a_peer_has_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
